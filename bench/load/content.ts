/** Message text that the receiver can check: `<padding> <sequence> <sent at> <checksum>`; the checksum covers all before it. */
export class ContentMaker {
  readonly #padding: string;
  readonly #paddingHash: number;

  constructor(chars: number) {
    this.#padding = 'x'.repeat(Math.max(1, chars - 40));
    this.#paddingHash = hashOn(SEED, this.#padding);
  }

  /** `sentAt` in microseconds. */
  make(sequence: number, sentAt: number): string {
    const tail = ` ${sequence} ${sentAt} `;
    return this.#padding + tail + String(hashOn(this.#paddingHash, tail));
  }

  /** The parts, or undefined when anything of it is not as it was sent. */
  read(content: string): { readonly sequence: number; readonly sentAt: number } | undefined {
    if (!content.startsWith(this.#padding)) return undefined;
    const at = content.lastIndexOf(' ') + 1;
    const tail = content.slice(this.#padding.length, at);
    if (String(hashOn(this.#paddingHash, tail)) !== content.slice(at)) return undefined;
    const [, sequence, sentAt] = tail.split(' ', 3);
    return { sequence: Number(sequence), sentAt: Number(sentAt) };
  }
}

const SEED = 0x811c9dc5;

/** FNV-1a, cut to 30 bits: a small integer, which becomes text sooner than a double. */
function hashOn(start: number, text: string): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash & 0x3fffffff;
}
