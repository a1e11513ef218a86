import { codeAt } from './code-at.js';

/**
 * The last steps of events in this process, in arrays of a fixed size that are written round and round: noting a step makes no object and no
 * string. An id is kept as two numbers (13 characters of base32 are 65 bits).
 */
export interface FlightStep {
  readonly step: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** The device or server that the step was about; '' for none. */
  readonly subject: string;
}

/** 8 MiB. */
const CAPACITY = 1 << 18;
/** Server ids come and go over the years; beyond this many a step is noted without one. */
const MAX_NAMES = 10_000;
/** How far into a frame its id is looked for. */
const HEAD_BYTES = 64;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
const ID_LENGTH = 13;
const HIGH_CHARS = 7;
/** In the place of an id's first half: the other half is the number of a name. */
const NAMED = -1;
const KEY = [0x22, 0x69, 0x64, 0x22, 0x3a, 0x22] as const; // "id":"

export class FlightRing {
  readonly #capacity: number;
  readonly #high: Float64Array;
  readonly #low: Uint32Array;
  readonly #at: Float64Array;
  readonly #steps: Uint8Array;
  readonly #subjectHigh: Float64Array;
  readonly #subjectLow: Uint32Array;
  readonly #names: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #stepNames: string[] = [];
  readonly #now: () => number;
  #next = 0;
  #count = 0;

  constructor(options: { readonly now: () => number; readonly capacity?: number }) {
    this.#capacity = options.capacity ?? CAPACITY;
    this.#now = options.now;
    this.#high = new Float64Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#at = new Float64Array(this.#capacity);
    this.#steps = new Uint8Array(this.#capacity);
    this.#subjectHigh = new Float64Array(this.#capacity);
    this.#subjectLow = new Uint32Array(this.#capacity);
  }

  /** A step of the event with the id. Anything that is not an id is passed over. */
  note(step: string, id: string, subject = ''): void {
    const high = readText(id, 0, HIGH_CHARS);
    const low = readText(id, HIGH_CHARS, ID_LENGTH);
    if (high >= 0 && low >= 0) this.#write(step, high, low, subject);
  }

  /** A step of the event whose JSON this is. */
  noteIn(step: string, event: Uint8Array, subject = ''): void {
    const start = findId(event);
    if (start < 0) return;
    const high = readBytes(event, start, start + HIGH_CHARS);
    const low = readBytes(event, start + HIGH_CHARS, start + ID_LENGTH);
    if (high >= 0 && low >= 0) this.#write(step, high, low, subject);
  }

  /** What is still held about the event, oldest first. */
  find(id: string): readonly FlightStep[] {
    const [high, low] = [readText(id, 0, HIGH_CHARS), readText(id, HIGH_CHARS, ID_LENGTH)];
    const found: FlightStep[] = [];
    for (let n = 0; n < this.#count; n++) {
      const i = (this.#next - this.#count + n + this.#capacity) % this.#capacity;
      if (this.#high[i] === high && this.#low[i] === low) found.push(this.#stepAt(i));
    }
    return found;
  }

  #stepAt(i: number): FlightStep {
    const [high, low] = [this.#subjectHigh[i] ?? 0, this.#subjectLow[i] ?? 0];
    const subject = high === NAMED ? (this.#names[low] ?? '') : writeText(high, HIGH_CHARS) + writeText(low, ID_LENGTH - HIGH_CHARS);
    return { step: this.#stepNames[this.#steps[i] ?? 0] ?? '', at: this.#at[i] ?? 0, subject };
  }

  /** Four arguments in place of an object: this runs several times a message. */
  #write(step: string, high: number, low: number, subject: string): void {
    const i = this.#next;
    this.#high[i] = high;
    this.#low[i] = low;
    this.#at[i] = this.#now();
    this.#steps[i] = this.#numberOfStep(step);
    const isId = subject.length === ID_LENGTH;
    this.#subjectHigh[i] = isId ? readText(subject, 0, HIGH_CHARS) : NAMED;
    this.#subjectLow[i] = isId ? readText(subject, HIGH_CHARS, ID_LENGTH) : this.#numberOf(subject);
    this.#next = (i + 1) % this.#capacity;
    if (this.#count < this.#capacity) this.#count += 1;
  }

  #numberOfStep(step: string): number {
    const known = this.#stepNames.indexOf(step);
    return known === -1 ? this.#stepNames.push(step) - 1 : known;
  }

  #numberOf(subject: string): number {
    const known = this.#numbers.get(subject);
    if (known !== undefined) return known;
    if (this.#names.length >= MAX_NAMES) return 0;
    const number = this.#names.push(subject) - 1;
    this.#numbers.set(subject, number);
    return number;
  }
}

function findId(event: Uint8Array): number {
  const end = Math.min(event.length - ID_LENGTH - KEY.length, HEAD_BYTES);
  for (let at = 0; at <= end; at++) {
    let n = 0;
    while (n < KEY.length && event[at + n] === KEY[n]) n++;
    if (n === KEY.length) return at + n;
  }
  return -1;
}

function readText(id: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = VALUES[codeAt(id, i)] ?? -1;
    if (digit < 0) return -1;
    value = value * 32 + digit;
  }
  return value;
}

function readBytes(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = VALUES[bytes[i] as number] ?? -1;
    if (digit < 0) return -1;
    value = value * 32 + digit;
  }
  return value;
}

function writeText(value: number, width: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < width; i++) {
    text = (ALPHABET[rest % 32] ?? '') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
