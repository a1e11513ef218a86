import type { LegPlan } from './protocol.js';

/** A way through the broker to the other process. */
export interface Leg {
  send(message: LegMessage): void;
  close(): Promise<void>;
}

export interface LegMessage {
  readonly channelId: string;
  /** 13 characters, like every id. */
  readonly recipient: string;
  readonly payload: Uint8Array;
}

/** What comes in, and what the broker did not take. */
export interface LegEvents {
  delivered(payload: Uint8Array): void;
  refused(): void;
}

export type OpenLeg = (plan: LegPlan, events: LegEvents) => Promise<Leg>;
