import { DIALECTS } from '../load/dialects/index.js';
import { Crowd } from './crowd.js';
import type { FromHolder, ToHolder } from './protocol.js';

// A process that holds connections: told what to do over IPC, ends with its parent.

const KEEP_ALIVE_MS = 20_000;

let crowd: Crowd | undefined;

async function obey(message: ToHolder): Promise<FromHolder> {
  if (message.type === 'talk') {
    if (crowd === undefined) throw new Error('nobody is there to talk');
    return { type: 'talked', talk: await crowd.talk(message.channels, message) };
  }
  if (message.type === 'leave') {
    crowd?.leave();
    return { type: 'left' };
  }
  const cpu = process.cpuUsage();
  crowd ??= new Crowd(DIALECTS[message.dialect]);
  await crowd.open(message.users, message.atOnce);
  const used = process.cpuUsage(cpu);
  return { type: 'opened', cpuMs: (used.user + used.system) / 1000 };
}

setInterval(() => crowd?.keepAlive(), KEEP_ALIVE_MS).unref();
process.once('disconnect', () => process.exit());
process.on('message', (message: ToHolder) => {
  obey(message)
    .catch((error: unknown): FromHolder => ({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer))
    .catch(() => process.exit(1));
});
