import type { IncomingMessage } from 'node:http';

/** Bytes of bodies that are being read at one time, of all requests: what callers who never finish can take. */
const ALL_BODIES_BYTES = 64 * 1024 * 1024;

export type Body = { readonly text: string } | { readonly refused: 'too-large' | 'busy' | 'aborted' };

/** Reads request bodies, each of a bounded size and all of them together too. How long one may take, the HTTP server says. */
export class BodyReader {
  readonly #maxBytes: number;
  #held = 0;

  constructor(options: { readonly maxBytes: number }) {
    this.#maxBytes = options.maxBytes;
  }

  async read(request: IncomingMessage): Promise<Body> {
    if (Number(request.headers['content-length'] ?? 0) > this.#maxBytes) return { refused: 'too-large' };
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.#held += chunk.length;
        if (bytes > this.#maxBytes) return { refused: 'too-large' };
        if (this.#held > ALL_BODIES_BYTES) return { refused: 'busy' };
        chunks.push(chunk);
      }
      return { text: Buffer.concat(chunks).toString('utf8') };
    } catch {
      return { refused: 'aborted' };
    } finally {
      this.#held -= bytes;
    }
  }
}
