import type { ServerId } from '../../domain/ids.js';
import type { Confirmations } from '../../ports/index.js';
import { ExpiringMap, monotonicNow } from './expiring-map.js';
import { promised } from './promised.js';

const KEEP_MS = 60_000;
const MAX_CONFIRMATIONS = 10_000;

interface Progress {
  readonly confirmed: Set<ServerId>;
  readonly waiting: Set<() => void>;
}

export class MemoryConfirmations implements Confirmations {
  readonly #progress = new ExpiringMap<string, Progress>(MAX_CONFIRMATIONS, monotonicNow);

  confirm(confirmation: string, serverId: ServerId): Promise<void> {
    return promised(() => {
      const { confirmed, waiting } = this.#progressOf(confirmation);
      confirmed.add(serverId);
      for (const check of waiting) check();
    });
  }

  wait(confirmation: string, serverIds: readonly ServerId[], timeoutMs: number): Promise<boolean> {
    const { confirmed, waiting } = this.#progressOf(confirmation);
    return new Promise((resolve) => {
      const end = (complete: boolean): void => {
        clearTimeout(timer);
        waiting.delete(check);
        resolve(complete);
      };
      const timer = setTimeout(() => end(false), timeoutMs);
      const check = (): void => {
        if (serverIds.every((serverId) => confirmed.has(serverId))) end(true);
      };
      waiting.add(check);
      check();
    });
  }

  #progressOf(confirmation: string): Progress {
    const progress = this.#progress.get(confirmation) ?? { confirmed: new Set(), waiting: new Set() };
    this.#progress.set(confirmation, progress, KEEP_MS);
    return progress;
  }
}
