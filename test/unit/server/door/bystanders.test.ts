import { expect } from 'chai';
import { WEBSOCKET_ENGINES } from '../../../../server/transport/websocket/websocket-transport.js';
import { EchoService } from '../../../support/echo-service.js';
import { encodeFrame, OPCODES, RawWebSocket } from '../../../support/raw-websocket.js';

const { text, ping } = OPCODES;
const MIB = 1024 * 1024;
const ROUNDS = 300;
/** What a flood is written in: small enough for the kernel, large enough to keep the server busy. */
const FLOODS = {
  pings: Buffer.concat(Array.from({ length: 200 }, () => encodeFrame({ opcode: ping, payload: Buffer.alloc(125) }))),
  'large messages that are never read back': encodeFrame({ opcode: text, payload: Buffer.alloc(256 * 1024, 0x20) }),
  'tiny messages': Buffer.concat(Array.from({ length: 500 }, () => encodeFrame({ opcode: text, payload: 'x' }))),
};

for (const engine of WEBSOCKET_ENGINES)
  describe(`bystanders of a flood, engine ${engine}`, () => {
    let service: EchoService;
    let bystander: RawWebSocket;
    beforeEach(async () => {
      service = await new EchoService({ engine, echo: true }).start();
      bystander = await RawWebSocket.open(`${service.origin}/ws`);
    });
    afterEach(async () => {
      bystander.destroy();
      await service.stop();
    });

    /** Messages that the bystander gets answered one by one, the slowest hundredth left out; ms. */
    async function p99(disturb: () => void): Promise<number> {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        disturb();
        const started = performance.now();
        bystander.send({ opcode: text, payload: String(round) });
        expect((await bystander.next())?.payload.toString()).to.equal(String(round));
        times.push(performance.now() - started);
      }
      return times.sort((a, b) => a - b)[Math.floor(ROUNDS * 0.99)] ?? 0;
    }

    for (const [what, bytes] of Object.entries(FLOODS))
      it(`are answered through one of ${what}, each in its turn and without much of it being kept`, async () => {
        const flooder = await RawWebSocket.open(`${service.origin}/ws`);
        flooder.socket.pause();
        const before = process.memoryUsage().arrayBuffers;
        const slowest = await p99(() => {
          if (flooder.socket.writableLength < MIB) flooder.write(bytes);
        });
        flooder.destroy();
        // A turn of the server's with one flooder costs milliseconds; a bystander who waited for the flood would wait for all of it.
        expect(slowest).to.be.below(1_000);
        expect(process.memoryUsage().arrayBuffers - before).to.be.below(128 * MIB);
      });
  });
