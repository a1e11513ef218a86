import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function clockFile(folder: string): string {
  return join(folder, 'run', 'clock-offset');
}

/** The wall clock follows the file within a second; the monotonic one is left alone, as it is when somebody sets a machine's clock. */
export function fakeTimeEnvironment(library: string, folder: string): Record<string, string> {
  setClock(clockFile(folder), 0);
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockFile(folder),
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
}

export function setClock(file: string, offsetSeconds: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${offsetSeconds < 0 ? '-' : '+'}${Math.abs(offsetSeconds)}\n`);
}
