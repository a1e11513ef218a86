/** What can be wrong with a run, and which promise of the delivery contract that breaks. */
export const VIOLATIONS = {
  lost: { promise: 1, title: 'lost', says: 'An acknowledged command is not in the history at the end.' },
  'twice-stored': { promise: 2, title: 'stored twice', says: 'One (sender, client id) is two messages.' },
  'out-of-order': {
    promise: 3,
    title: 'out of order',
    says: 'A message has a smaller id than one that was acknowledged before it was sent, or a screen is not in id order.',
  },
  missed: { promise: 4, title: 'missed by a device', says: 'A device that stayed does not show a message, or shows an older state of it.' },
  unsettled: {
    promise: 4,
    title: 'never settled',
    says: 'A device did not come back, or a command got no answer although everything was whole again.',
  },
  duplicated: { promise: 5, title: 'duplicated on screen', says: 'A device was told of one message twice, or shows it twice.' },
  'unread-after-ack': {
    promise: 7,
    title: 'unread after ack',
    says: 'A page of history that was asked for after an ack does not show what was acknowledged.',
  },
  unexpected: { promise: 1, title: 'unexpected', says: 'Something is shown or stored that nobody sent, or that is not what was sent.' },
  refused: {
    promise: 7,
    title: 'refused without reason',
    says: 'A command was refused for good although it was right, or a device was logged out.',
  },
} as const;

export type ViolationKind = keyof typeof VIOLATIONS;

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
  /** Milliseconds since the run began, where there is a moment to name. */
  readonly t?: number | undefined;
}

/** How long a fault kept devices waiting; ms. */
export interface Interruption {
  readonly kind: string;
  readonly target: string;
  readonly from: number;
  readonly healed: number;
  readonly skipped: string | undefined;
  /** The device that waited longest, for an ack or for a message, from the fault on. */
  readonly worstMs: number;
  readonly p99Ms: number;
  /** Past the moment at which the broken thing worked again. */
  readonly worstAfterMs: number;
  readonly p99AfterMs: number;
}

/** How fast devices recovered from the faults of a kind; ms, over devices and faults. */
export interface Recovery {
  readonly kind: string;
  readonly what: string;
  readonly faults: number;
  readonly all: { readonly count: number; readonly p99Ms: number; readonly worstMs: number };
  /** Of the faults that no other fault was near. */
  readonly alone: Recovery['all'];
}

/** A second of the run. */
export interface Moment {
  readonly second: number;
  readonly sent: number;
  readonly acked: number;
  readonly received: number;
  /** Of what was acknowledged in this second; ms. */
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
}

export interface Counts {
  /** Commands given to the SDK: messages, edits, deletions, reactions. */
  readonly attempted: number;
  readonly acked: number;
  readonly messagesAcked: number;
  /** Messages in the history at the end. */
  readonly stored: number;
  /** Stored although their sender never heard of it: allowed, and found by everybody. */
  readonly recovered: number;
  /** Messages told to devices, summed over devices. */
  readonly received: number;
  /** Second copies that were shown for a moment and voided: what a Redis that lost its data costs. */
  readonly withdrawn: number;
  readonly reads: number;
  readonly refused: number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly counts: Counts;
  /** How many of each kind. */
  readonly totals: Readonly<Record<ViolationKind, number>>;
  /** The first of each kind. */
  readonly violations: readonly Violation[];
  readonly interruptions: readonly Interruption[];
  readonly recoveries: readonly Recovery[];
  readonly timeline: readonly Moment[];
}

const SHOWN_PER_KIND = 20;

/** Collects violations: counts all, keeps the first of each kind. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly totals = Object.fromEntries(Object.keys(VIOLATIONS).map((kind) => [kind, 0])) as Record<ViolationKind, number>;

  add(kind: ViolationKind, what: string, t?: number): void {
    this.totals[kind] += 1;
    if (this.totals[kind] <= SHOWN_PER_KIND) this.violations.push({ kind, what, ...(t === undefined ? {} : { t }) });
  }
}
