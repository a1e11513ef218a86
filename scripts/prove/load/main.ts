import { Load } from './load.js';
import type { FromLoad, ToLoad } from './protocol.js';

/** A load process: does what its parent says over the IPC channel, and ends with it. */
const tell = (message: FromLoad): void => void process.send?.(message);
let load: Load | undefined;

function need(): Load {
  if (load === undefined) throw new TypeError('no plan yet');
  return load;
}

async function obey(message: ToLoad): Promise<void> {
  switch (message.type) {
    case 'plan':
      load = new Load(message.plan, tell);
      await load.connect();
      tell({ type: 'ready' });
      return;
    case 'start':
      need().start();
      return;
    case 'storm':
      need().storm();
      return;
    case 'slow':
      await need().slow(message.devices, message.forMs);
      tell({ type: 'slow-over' });
      return;
    case 'settle':
      tell({ type: 'settled', troubles: await need().settle(message.withinMs, message.closing) });
      return;
    case 'sync':
      tell({ type: 'synced', troubles: await need().sync(message.withinMs) });
      return;
    case 'end':
      await need().end();
      tell({ type: 'ended' });
      process.disconnect();
  }
}

process.on('message', (message) => {
  obey(message as ToLoad).catch((error: unknown) => {
    process.stderr.write(`load process failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group: the parent ends this process in order.
process.on('SIGINT', () => undefined);
