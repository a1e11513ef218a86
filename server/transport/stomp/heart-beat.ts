import { invalid } from './parser.js';

/** What one side offers: the least time between its heart-beats, and between those it wants; 0 for none. Milliseconds. */
export interface HeartBeat {
  readonly sends: number;
  readonly wants: number;
}

/** A peer is late once this many of its intervals have passed in silence: networks are no clocks. */
const PATIENCE = 2;
/** The part of the interval after which ours is sent, so that it is there in time. */
const EARLY = 0.9;

/** @throws ChatError INVALID_INPUT. A frame without the header offers and wants nothing. */
export function parseHeartBeat(text: string | undefined): HeartBeat {
  if (text === undefined) return { sends: 0, wants: 0 };
  const [, sends, wants] = /^\s*(\d{1,9})\s*,\s*(\d{1,9})\s*$/.exec(text) ?? [];
  if (sends === undefined || wants === undefined) throw invalid('heart-beat is not two numbers');
  return { sends: Number(sends), wants: Number(wants) };
}

/** The agreed beats of one connection, and when each is due. Pure: time comes in, milliseconds. */
export class HeartBeats {
  readonly #outMs: number;
  readonly #inMs: number;
  #lastOut: number;
  #lastIn: number;

  constructor(client: HeartBeat, server: HeartBeat, now: number) {
    this.#outMs = client.wants === 0 ? 0 : Math.max(client.wants, server.sends) * EARLY;
    this.#inMs = client.sends === 0 ? 0 : Math.max(client.sends, server.wants);
    this.#lastOut = now;
    this.#lastIn = now;
  }

  heard(now: number): void {
    this.#lastIn = now;
  }

  said(now: number): void {
    this.#lastOut = now;
  }

  /** Something has to be said now for the peer not to wonder. */
  owes(now: number): boolean {
    return this.#outMs > 0 && now >= this.#lastOut + this.#outMs;
  }

  /** The peer has been silent for too long. */
  lost(now: number): boolean {
    return this.#inMs > 0 && now > this.#lastIn + this.#inMs * PATIENCE;
  }

  /** When to look again; Infinity for never. */
  get nextLook(): number {
    const out = this.#outMs === 0 ? Infinity : this.#lastOut + this.#outMs;
    const incoming = this.#inMs === 0 ? Infinity : this.#lastIn + this.#inMs * PATIENCE + 1;
    return Math.min(out, incoming);
  }
}
