const LINE_FEED = 0x0a;

/** The length of the message that these frames make, a line feed between each two; bytes. */
export function messageBytes(frames: readonly Uint8Array[]): number {
  let bytes = Math.max(0, frames.length - 1);
  for (const frame of frames) bytes += frame.length;
  return bytes;
}

/** Copies the message to a place with room for it. */
export function copyMessage(frames: readonly Uint8Array[], into: Uint8Array, start: number): void {
  let at = start;
  for (const frame of frames) {
    if (at > start) into[at++] = LINE_FEED;
    into.set(frame, at);
    at += frame.length;
  }
}

/** The message by itself; the frame where it is only one. */
export function joinFrames(frames: readonly Uint8Array[]): Uint8Array {
  if (frames.length === 1) return frames[0] as Uint8Array;
  const message = Buffer.allocUnsafe(messageBytes(frames));
  copyMessage(frames, message, 0);
  return message;
}
