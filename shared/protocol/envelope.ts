import { codeAt } from '../domain/code-at.js';
import type { SessionId, UserId } from '../domain/ids.js';
import type { WorkBytes } from './work-bytes.js';

/**
 * The envelope: what one AMQP message to `chat.<serverId>` carries. A batch of deliveries, each the recipients' ids and
 * the frame's bytes, so that the receiving server finds its local sessions and writes without parsing the payload.
 *
 * ```
 * batch    = version:u8 delivery*
 * delivery = flags:u8 recipients:u16 except:u8 payload:u32 recipient{13 bytes}* exceptSession{except bytes} payload-bytes
 * ```
 * Integers are big-endian. Bit 0 of `flags`: looked up again already; bit 1: ephemeral. `exceptSession` names the sending session, which gets an ack in place of its own event.
 * Uses Uint8Array and DataView only, so that it runs wherever the SDK does.
 */
export interface Delivery {
  readonly recipients: readonly UserId[];
  readonly exceptSession: SessionId | '';
  readonly payload: Uint8Array;
  /** It had come back from another server and was looked up again: it is not sent on a second time. */
  readonly rerouted: boolean;
  /** Nobody is told later who does not get it now. */
  readonly ephemeral: boolean;
}

export const ENVELOPE_VERSION = 1;
const HEAD = 8;
const REROUTED = 1;
const EPHEMERAL = 2;
const ID_BYTES = 13;

/** Bytes a delivery adds to a batch. */
export function deliveryBytes(delivery: Delivery): number {
  return HEAD + delivery.recipients.length * ID_BYTES + delivery.exceptSession.length + delivery.payload.length;
}

/** `place` holds it only until it is asked for the next. */
export function encodeDeliveries(deliveries: readonly Delivery[], place?: WorkBytes): Uint8Array {
  let total = 1;
  for (const delivery of deliveries) total += deliveryBytes(delivery);
  const bytes = place?.take(total) ?? new Uint8Array(total);
  const view = new DataView(bytes.buffer, bytes.byteOffset, total);
  bytes[0] = ENVELOPE_VERSION;
  let at = 1;
  for (const delivery of deliveries) at = writeDelivery({ bytes, view, at }, delivery);
  return bytes;
}

function writeDelivery(out: { bytes: Uint8Array; view: DataView; at: number }, delivery: Delivery): number {
  const { bytes, view } = out;
  let { at } = out;
  bytes[at] = (delivery.rerouted ? REROUTED : 0) | (delivery.ephemeral ? EPHEMERAL : 0);
  view.setUint16(at + 1, delivery.recipients.length);
  bytes[at + 3] = delivery.exceptSession.length;
  view.setUint32(at + 4, delivery.payload.length);
  at += HEAD;
  for (const recipient of delivery.recipients) at = writeAscii(bytes, at, recipient);
  at = writeAscii(bytes, at, delivery.exceptSession);
  bytes.set(delivery.payload, at);
  return at + delivery.payload.length;
}

/** @throws RangeError when the bytes are not an envelope of this version. */
export function decodeDeliveries(bytes: Uint8Array): Delivery[] {
  if (bytes[0] !== ENVELOPE_VERSION) throw new RangeError('unknown envelope version');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const deliveries: Delivery[] = [];
  let at = 1;
  while (at < bytes.length) {
    const flags = view.getUint8(at);
    const count = view.getUint16(at + 1);
    const exceptLength = view.getUint8(at + 3);
    const payloadLength = view.getUint32(at + 4);
    at += HEAD;
    const end = at + count * ID_BYTES + exceptLength + payloadLength;
    if (end > bytes.length) throw new RangeError('truncated envelope');
    const recipients = readIds(bytes, at, count);
    at += count * ID_BYTES;
    const exceptSession = exceptLength === 0 ? '' : (readAscii(bytes, at, exceptLength) as SessionId);
    at += exceptLength;
    const payload = bytes.subarray(at, end);
    deliveries.push({ recipients, exceptSession, payload, rerouted: (flags & REROUTED) !== 0, ephemeral: (flags & EPHEMERAL) !== 0 });
    at = end;
  }
  return deliveries;
}

function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) bytes[at + i] = codeAt(text, i);
  return at + length;
}

/** One alone, as most are, in an array of its size: one that grows begins with room for seventeen. */
function readIds(bytes: Uint8Array, from: number, count: number): UserId[] {
  if (count === 0) return [];
  const ids = [readAscii(bytes, from, ID_BYTES) as UserId];
  for (let i = 1; i < count; i++) ids.push(readAscii(bytes, from + i * ID_BYTES, ID_BYTES) as UserId);
  return ids;
}

/** By length, which has a byte. */
const codesByLength: number[][] = [];

/**
 * One call with all the characters makes a flat string, which a Map finds faster than one that was put together; their codes are put into the same
 * array each time, because a part of `bytes` would be an object for each string, and dearer to hand over.
 */
function readAscii(bytes: Uint8Array, at: number, length: number): string {
  const codes = (codesByLength[length] ??= Array.from({ length }, () => 0));
  for (let i = 0; i < length; i++) codes[i] = bytes[at + i] as number;
  return String.fromCharCode.apply(undefined, codes);
}
