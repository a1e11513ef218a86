import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WebSocket } from 'ws';
import { createClient, type ClientOptions, type ClientStorage, type WarrenClient } from './mod.js';

/** The socket of `ws`, without compression: it costs more than it saves at a message's size. */
class NodeSocket extends WebSocket {
  constructor(url: string) {
    super(url, { perMessageDeflate: false });
  }
}

/** As `createClient`, with the WebSocket that Node 20 lacks. */
export function createNodeClient(options: ClientOptions): WarrenClient {
  return createClient({ WebSocket: NodeSocket, ...options });
}

/** One JSON file, readable by its owner only, replaced as a whole: a crash leaves the old or the new one. One process at a time. */
export function createFileStorage(path: string): ClientStorage {
  const map = new Map(Object.entries(readFile(path)));
  let writing: Promise<void> | undefined;
  const save = (): Promise<void> => {
    // Changes of one turn are one write.
    writing ??= Promise.resolve().then(() => {
      writing = undefined;
      writeFile(path, Object.fromEntries(map));
    });
    return writing;
  };
  return {
    entries: () => [...map],
    set: (key, value) => {
      map.set(key, value);
      return save();
    },
    delete: (key) => (map.delete(key) ? save() : undefined),
  };
}

function readFile(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  } catch {
    // The first start, or a file that nobody can read: begin anew.
    return {};
  }
}

function writeFile(path: string, content: Record<string, string>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  renameSync(draft, path);
}
