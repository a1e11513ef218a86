import { ContentMaker } from '../load/content.js';
import { Tally } from '../load/tally.js';
import { EventText } from './event-text.js';
import type { Leg, OpenLeg } from './leg.js';
import type { LegPlan } from './protocol.js';

/** A pair: what this process sends, and what has come of the other's. */
interface Row {
  readonly channelId: string;
  readonly otherChannelId: string;
  readonly userId: string;
  readonly clientId: string;
  sent: number;
  seen: number;
  lastId: string;
}

/**
 * A chat server without sockets: it makes messages for its own pairs, and checks those that the other process makes. Each delivery
 * sets off the next send of the pair of the same number, so what is under way stays the same without any acknowledgement.
 */
export class LegNode {
  readonly #plan: LegPlan;
  readonly #content: ContentMaker;
  readonly #rows: readonly Row[];
  readonly #text = new EventText();
  /** Milliseconds between the plan's beginning and that of this process' clock. */
  readonly #clockOffset: number;
  readonly tally = new Tally();
  #leg: Leg | undefined;
  #running = false;
  #ids = 0;

  constructor(plan: LegPlan) {
    this.#plan = plan;
    this.#content = new ContentMaker(plan.contentChars);
    this.#clockOffset = performance.timeOrigin - plan.beganAt;
    this.#rows = Array.from({ length: plan.pairs }, (_, n) => ({
      channelId: idOf(plan.serverId.slice(-1), n),
      otherChannelId: idOf(plan.otherServerId.slice(-1), n),
      userId: idOf('0', n),
      clientId: `bench-${process.pid}-${n}-`,
      sent: 0,
      seen: 0,
      lastId: '',
    }));
  }

  async open(open: OpenLeg): Promise<void> {
    this.#leg = await open(this.#plan, {
      delivered: (payload) => this.#take(payload),
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
    const id = String((this.#ids += 1)).padStart(13, '0');
    const content = this.#content.make(row.sent, this.#micros());
    const payload = this.#text.make({ id, channelId, senderId: userId, clientId: row.clientId + String(row.sent), content });
    this.#leg?.send({ channelId, recipient: userId, payload });
  }

  #take(payload: Uint8Array): void {
    const { channelId, id, content: text } = this.#text.read(payload);
    const content = this.#content.read(text);
    const row = this.#rows[Number(channelId.slice(-4))];
    if (row === undefined || row.otherChannelId !== channelId) {
      this.tally.takeWrong(`message in ${channelId}, which is nobody's`);
      return;
    }
    if (content?.sequence !== row.seen + 1 || id <= row.lastId) this.tally.takeWrong(`message ${text.slice(-40)} after ${row.seen}`);
    else this.tally.takeDelivery((this.#micros() - content.sentAt) / 1000);
    row.seen = content?.sequence ?? row.seen;
    row.lastId = id;
    if (this.#running) this.#send(row);
  }

  /** Since the plan's beginning: both processes run on one machine, and its wall clock is one. */
  #micros(): number {
    return Math.round((this.#clockOffset + performance.now()) * 1000);
  }
}

/** 13 characters; the last four are the number of the pair. */
function idOf(first: string, pair: number): string {
  return first + String(pair).padStart(12, '0');
}
