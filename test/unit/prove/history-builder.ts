import type { FaultRecord, HistoryRecord, RunHistory, SeenMessage, SendRecord } from '../../../scripts/prove/history/records.js';

export const CHANNEL = 'C1';

/**
 * A run of two users in one channel, three devices: 0 and 2 are Ann's, 1 is Ben's. A history that keeps every promise is built by `said`;
 * tests then break it.
 */
export class HistoryBuilder {
  readonly records: HistoryRecord[] = [];
  readonly faults: FaultRecord[] = [];
  stored: SeenMessage[] = [];
  #t = 0;

  tick(ms = 10): number {
    this.#t += ms;
    return this.#t;
  }

  /** Sent, acknowledged, stored, and told to the other devices. */
  said(d: number, id: string, text = `text of ${id}`): this {
    this.send(d, id, { text });
    this.ack(d, id);
    this.store(d, id, text);
    for (const other of [0, 1, 2]) if (other !== d) this.tell(other, id, d);
    return this;
  }

  send(d: number, id: string, more: Partial<SendRecord> = {}): this {
    this.records.push({ op: 'send', t: this.tick(), d, kind: 'send', ch: CHANNEL, cl: clientOf(id), ...more });
    return this;
  }

  ack(d: number, id: string, message = id): this {
    this.records.push({ op: 'ack', t: this.tick(), d, cl: clientOf(id), id, m: message });
    return this;
  }

  fail(d: number, id: string, code: string): this {
    this.records.push({ op: 'fail', t: this.tick(), d, cl: clientOf(id), code });
    return this;
  }

  store(d: number, id: string, text = `text of ${id}`, change: Partial<SeenMessage> = {}): this {
    this.stored.push({ id, u: userOf(d), cl: clientOf(id), text, deleted: false, reactions: '', ...change });
    return this;
  }

  tell(d: number, id: string, sender: number, client = clientOf(id)): this {
    this.records.push({ op: 'told', t: this.tick(), d, ch: CHANNEL, id, u: userOf(sender), cl: client });
    return this;
  }

  /** A page that reaches back to the first message; `ids` as `id` or `id@updatedId`. */
  read(d: number, ids: readonly string[], more = false): this {
    const list = ids.map((item) => {
      const [id = '', updatedId = id] = item.split('@');
      return [id, updatedId, clientOf(id)] as const;
    });
    const from = this.tick();
    this.records.push({ op: 'read', t: this.tick(), from, d, ch: CHANNEL, more, list });
    return this;
  }

  screen(d: number, list: readonly SeenMessage[] = this.stored, when: 'moment' | 'quiet' | 'synced' = 'synced', pending = 0): this {
    this.records.push({ op: 'screen', t: this.tick(), d, ch: CHANNEL, when, list, pending });
    return this;
  }

  stopped(d: number, code: string): this {
    this.records.push({ op: 'surface-error', t: this.tick(), d, code });
    return this;
  }

  fault(from: number, healed: number): this {
    this.faults.push({ kind: 'kill-server', target: 'server1', from, healed });
    return this;
  }

  /** Redis loses its data now. */
  forget(): this {
    const t = this.tick();
    this.faults.push({ kind: 'redis-flush', target: 'redis', from: t, healed: t, forgets: true });
    return this;
  }

  build(): RunHistory {
    const devices = [0, 1, 2].map((d) => ({ user: userOf(d), name: userOf(d) }));
    const roster = { devices, channels: [{ id: CHANNEL, members: ['ann', 'ben'] }] };
    return { roster, records: this.records, faults: this.faults, stored: new Map([[CHANNEL, this.stored]]) };
  }
}

export function clientOf(id: string): string {
  return `client-${id}`;
}

function userOf(d: number): string {
  return d === 1 ? 'ben' : 'ann';
}
