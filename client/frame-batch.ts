const encoder = new TextEncoder();

/** Bytes of the text on the wire. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The frames as few WebSocket messages, joined by line feeds, in order. A frame that is larger than the limit travels alone. */
export function joinFrames(frames: readonly string[], limits: { readonly frames: number; readonly bytes: number }): string[] {
  const messages: string[] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const frame of frames) {
    const size = byteLength(frame) + 1;
    if (batch.length > 0 && (batch.length >= limits.frames || bytes + size > limits.bytes)) {
      messages.push(batch.join('\n'));
      batch = [];
      bytes = 0;
    }
    batch.push(frame);
    bytes += size;
  }
  if (batch.length > 0) messages.push(batch.join('\n'));
  return messages;
}
