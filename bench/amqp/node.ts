import { ContentMaker } from '../load/content.js';
import { Tally } from '../load/tally.js';
import type { Leg, OpenLeg } from './leg.js';
import type { LegPlan } from './protocol.js';

interface Row {
  readonly channelId: string;
  readonly userId: string;
  readonly clientId: string;
  sent: number;
}

interface Event {
  readonly id: string;
  readonly channelId: string;
  readonly content: string;
}

/**
 * A chat server without sockets: it makes messages for its own pairs, and checks those that the other process makes. Each delivery
 * sets off the next send of the pair of the same number, so what is under way stays the same without any acknowledgement.
 */
export class LegNode {
  readonly #plan: LegPlan;
  readonly #content: ContentMaker;
  readonly #rows: readonly Row[];
  readonly #seen = new Map<string, { sequence: number; id: string }>();
  readonly tally = new Tally();
  #leg: Leg | undefined;
  #running = false;
  #ids = Date.now() * 4096;

  constructor(plan: LegPlan) {
    this.#plan = plan;
    this.#content = new ContentMaker(plan.contentChars);
    this.#rows = Array.from({ length: plan.pairs }, (_, n) => ({
      channelId: idOf(plan.serverId.slice(-1), n),
      userId: idOf('0', n),
      clientId: `bench-${process.pid}-${n}-`,
      sent: 0,
    }));
  }

  async open(open: OpenLeg): Promise<void> {
    this.#leg = await open(this.#plan, {
      delivered: (payload) => this.#take(JSON.parse(Buffer.from(payload).toString('utf8')) as Event),
      refused: () => (this.tally.errors += 1),
    });
  }

  start(): void {
    this.#running = true;
    for (const row of this.#rows) for (let i = 0; i < this.#plan.inFlight; i++) this.#send(row);
  }

  stop(): void {
    this.#running = false;
  }

  async close(): Promise<void> {
    await this.#leg?.close();
  }

  #send(row: Row): void {
    row.sent += 1;
    this.tally.takeSend();
    const { channelId, userId } = row;
    const content = this.#content.make(row.sent, absoluteMicros());
    const event = { type: 'message', id: this.#nextId(), prev: '', channelId, senderId: userId, clientId: row.clientId + String(row.sent) };
    const payload = Buffer.from(JSON.stringify({ ...event, createdAt: new Date().toISOString(), content }));
    this.#leg?.send({ channelId, recipient: userId, payload });
  }

  #take({ channelId, id, content: text }: Event): void {
    const content = this.#content.read(text);
    const last = this.#seen.get(channelId) ?? { sequence: 0, id: '' };
    if (content?.sequence !== last.sequence + 1 || id <= last.id) this.tally.takeWrong(`message ${text.slice(-40)} after ${last.sequence}`);
    else this.tally.takeDelivery((absoluteMicros() - content.sentAt) / 1000);
    this.#seen.set(channelId, { sequence: content?.sequence ?? last.sequence, id });
    const row = this.#rows[Number(channelId.slice(-4))];
    if (this.#running && row !== undefined) this.#send(row);
  }

  #nextId(): string {
    return (this.#ids += 1).toString(32).padStart(13, '0');
  }
}

/** 13 characters; the last four are the number of the pair. */
function idOf(first: string, pair: number): string {
  return first + String(pair).padStart(12, '0');
}

/** Both processes run on one machine, and its wall clock is one. */
function absoluteMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
