import { mutate, PROTOCOLS, seededRandom } from '../../support/fuzz-frames.js';

const FRAMES = 5_000;
const SEED = 20_240_229;

describe('broken frames', () => {
  for (const [name, { seeds, open }] of Object.entries(PROTOCOLS))
    it(`of ${name} are refused and break nothing`, () => {
      const random = seededRandom(SEED);
      const take = open(random);
      for (let n = 0; n < FRAMES; n++) take(mutate(seeds, random));
    });
});
