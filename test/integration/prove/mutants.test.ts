import { expect } from 'chai';
import { checkRun } from '../../../scripts/prove/check/check.js';
import type { Verdict, ViolationKind } from '../../../scripts/prove/check/verdict.js';
import { readStoredHistory } from '../../../scripts/prove/arena/stored-history.js';
import { monotonicMs } from '../../../scripts/prove/history/clock.js';
import type { HistoryRecord } from '../../../scripts/prove/history/records.js';
import { Device } from '../../../scripts/prove/load/device.js';
import { reconnect } from '../../../scripts/prove/load/load.js';
import { SeededRandom } from '../../../scripts/prove/random.js';
import type { ServerPorts } from '../../../server/assemble.js';
import { eventually } from '../../support/eventually.js';
import { Gate } from '../../support/gate.js';
import { override } from '../../support/override.js';
import { ProveWorld, type Mutation } from '../../support/prove-world.js';

const ROUNDS = 8;

/** The broker, as the test wants it: it confirms nothing while the gate is shut. */
class Broker {
  #gate = new Gate();
  #asked = 0;

  shut(): void {
    this.#gate = new Gate();
    this.#asked = 0;
  }

  open(): void {
    this.#gate.open();
  }

  get asked(): boolean {
    return this.#asked > 0;
  }

  async confirm(): Promise<void> {
    this.#asked += 1;
    await this.#gate.opened;
  }
}

type Mutant = (ports: ServerPorts, broker: Broker) => ReturnType<Mutation>;

const HEALTHY: Mutant = ({ publisher }, broker) => ({
  publisher: override(publisher, {
    commit: async (partition, batch) => {
      // The bytes are the caller's again while the broker thinks.
      const taken = new Uint8Array(batch);
      await broker.confirm();
      await publisher.commit(partition, taken);
    },
  }),
});

/** Answers before the broker does, which loses every fifth batch. */
const ACK_BEFORE_CONFIRM: Mutant = ({ publisher }, broker) => {
  let count = 0;
  const commit: typeof publisher.commit = (...batch) => {
    void broker.confirm();
    if (++count % 5 > 0) void publisher.commit(...batch);
    return Promise.resolve();
  };
  return { publisher: override(publisher, { commit }) };
};

/** The sequencer does not remember who sent what. */
const NO_DEDUPE: Mutant = (ports, broker) => {
  const { sequencer } = ports;
  return {
    ...HEALTHY(ports, broker),
    sequencer: {
      reserve: (items) => sequencer.reserve(items.map((item) => ({ ...item, again: true }))),
      advance: (items) => sequencer.advance(items),
    },
  };
};

/** A device that comes back is told that it missed nothing. */
const NO_RESUME: Mutant = (ports, broker) => {
  const { window, messages } = ports;
  return {
    ...HEALTHY(ports, broker),
    window: override(window, {
      after: async (asks) => (await window.after(asks)).map((slice) => ({ ...slice, events: [], more: false })),
      get: (_, ids) => Promise.resolve(ids.map(() => undefined)),
    }),
    messages: override(messages, {
      changedAfter: () => Promise.resolve([]),
      getMany: () => Promise.resolve([]),
    }),
  };
};

/** Everybody talks while connections break; then the archive catches up, everybody comes back, and the records are judged. */
async function prove(mutant: Mutant): Promise<Verdict> {
  const broker = new Broker();
  const world = await ProveWorld.start((ports) => mutant(ports, broker));
  const records: HistoryRecord[] = [];
  const beganAt = monotonicMs();
  const parts = { baseUrl: world.url, now: () => monotonicMs() - beganAt, write: (record: HistoryRecord) => void records.push(record) };
  const random = new SeededRandom(1);
  const devices = world.people.devices.map(({ session, channels }, d) => {
    return new Device({ ...parts, random: random.fork(), device: { d, session: JSON.stringify(session), channels } });
  });
  try {
    for (const device of devices) await device.connect();
    for (let round = 0; round < ROUNDS; round++) await talkAndBreak(devices, { broker, random });
    await world.archive();
    world.loseWindow();
    const stored = await readStoredHistory(world.url, world.people);
    const back = await Promise.all(devices.map((device) => reconnect(device, 10_000)));
    for (const device of devices) for (const channel of device.channels) device.show('synced', channel);
    const roster = { devices: world.people.devices.map(({ user }) => ({ user, name: user })), channels: world.people.channels };
    return checkRun({ roster, records, faults: [], stored }, back.includes(false) ? ['a device did not catch up'] : []);
  } finally {
    for (const device of devices) await device.client.close();
    await world.stop();
  }
}

/** Half of the connections break while everybody's messages are under way. */
async function talkAndBreak(devices: readonly Device[], { broker, random }: { broker: Broker; random: SeededRandom }): Promise<void> {
  broker.shut();
  for (const device of devices) for (const channel of device.channels) device.send(channel);
  await eventually(() => Promise.resolve(broker.asked));
  const unlucky = random.shuffle(devices).slice(0, devices.length / 2);
  for (const device of unlucky) device.sockets.cut();
  broker.open();
  await eventually(() => {
    // Connections that broke again and again are tried less and less often, unless somebody picks the device up.
    for (const device of unlucky) if (device.client.connection.status === 'waiting') device.client.wake();
    return Promise.resolve(devices.every((device) => device.online && device.client.unsent === 0));
  });
}

function brokenIn({ totals }: Verdict): readonly ViolationKind[] {
  return (Object.keys(totals) as ViolationKind[]).filter((kind) => totals[kind] > 0);
}

describe('prove, in one process', function () {
  this.timeout(60_000);

  it('finds nothing to complain about when every guarantee is on', async () => {
    const verdict = await prove(HEALTHY);
    expect(verdict.violations).to.deep.equal([]);
    expect(verdict.counts.acked).to.be.greaterThan(50);
  });

  it('says lost when acks do not wait for the broker', async () => {
    expect(brokenIn(await prove(ACK_BEFORE_CONFIRM))).to.include('lost');
  });

  it('says duplicated when a resend is another message', async () => {
    expect(brokenIn(await prove(NO_DEDUPE))).to.deep.equal(['duplicated']);
  });

  it('says missed when devices do not resume', async () => {
    expect(brokenIn(await prove(NO_RESUME))).to.deep.equal(['missed']);
  });
});
