import { createClientIds } from '../../../client/commands.js';
import { FAKE_TIME } from '../../services/binaries.js';
import { setClock } from '../arena/fake-time.js';
import { RawSession } from './raw-session.js';
import { wait, type FaultKind, type FaultTools } from './fault.js';

const SLOW_DEVICES = 3;
const SLOW_MS = 8_000;
const JUMP_SECONDS = 3_600;
const JUMPED_MS = 6_000;
const TWINS = 5;

function storm({ fleet, devices }: FaultTools): Promise<string> {
  fleet.storm();
  return Promise.resolve(`${devices.length} devices`);
}

async function slowReaders({ fleet, devices, random }: FaultTools): Promise<string> {
  const slow = random.shuffle(devices.map((_, d) => d)).slice(0, SLOW_DEVICES);
  await fleet.slow(slow, SLOW_MS);
  return `${slow.length} devices, ${SLOW_MS / 1_000} s`;
}

async function jumpClock({ arena, random }: FaultTools): Promise<string> {
  const seconds = random.pick([JUMP_SECONDS, -JUMP_SECONDS]);
  setClock(arena.clockFile, seconds);
  await wait(JUMPED_MS);
  setClock(arena.clockFile, 0);
  return `${arena.clockServer} by ${seconds > 0 ? '+' : '-'}1 h`;
}

/** The same send, by the same device, on two servers at the same moment. */
async function doubleSend(tools: FaultTools): Promise<string> {
  for (let n = 0; n < TWINS; n++) await sendTwice(tools);
  return `${TWINS} sends`;
}

async function sendTwice({ arena, devices, random, now, write }: FaultTools): Promise<void> {
  const d = random.below(devices.length);
  const device = devices[d];
  const ports = random
    .shuffle(arena.cluster.layout.servers)
    .slice(0, 2)
    .map(({ port }) => port);
  if (device === undefined) return;
  const ch = random.pick(device.channels);
  const sessions: RawSession[] = [];
  try {
    for (const port of ports) sessions.push(await RawSession.open(port, device.token));
    const cl = createClientIds(Date.now(), () => random.next())();
    const text = `${d}-twice ${cl}`;
    write({ op: 'send', t: now(), d, kind: 'send', ch, cl, text, raw: true });
    await Promise.all(
      sessions.map(async (session) => {
        const ack = await session.ask({ type: 'send', clientId: cl, channelId: ch, content: text });
        if (ack !== undefined) write({ op: 'ack', t: now(), d, cl, id: ack.id, m: ack.messageId });
      }),
    );
  } catch {
    // A server that is away in this moment takes no send: nothing was promised.
  } finally {
    for (const session of sessions) session.close();
  }
}

export const CLIENT_FAULTS: readonly FaultKind[] = [
  { name: 'reconnect-storm', lane: 'client', weight: 2, short: true, run: storm },
  { name: 'slow-reader', lane: 'client', weight: 1, short: true, run: slowReaders },
  { name: 'double-send', lane: 'client', weight: 3, short: true, run: doubleSend },
  {
    name: 'clock-jump',
    lane: 'client',
    weight: 2,
    short: true,
    unavailable: FAKE_TIME === undefined ? 'libfaketime is not installed (apt-get install faketime)' : undefined,
    run: jumpClock,
  },
];
