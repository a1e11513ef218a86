import { randomBytes } from 'node:crypto';
import { hash, hashSync, verify } from '@node-rs/argon2';
import { ChatError } from '../../errors/chat-error.js';

/** argon2id (the library's default), OWASP's first recommendation: 19 MiB, two passes, one lane; about 20 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface PasswordHasherOptions {
  /** Hashes at work at once: each takes a thread of Node's pool, which has four. */
  readonly parallel?: number;
  /** Hashes that may wait; more are refused with OVERLOADED. */
  readonly waiting?: number;
}

/** Hashes passwords on Node's thread pool. Rejects with OVERLOADED when too many wait. */
export class Argon2PasswordHasher {
  readonly #queue: (() => void)[] = [];
  /** What a password is compared with when there is no such user. */
  readonly #nobody = hashSync(randomBytes(16), COST);
  readonly #parallel: number;
  readonly #waiting: number;
  #running = 0;

  constructor(options: PasswordHasherOptions = {}) {
    this.#parallel = options.parallel ?? 2;
    this.#waiting = options.waiting ?? 200;
  }

  /** The encoded hash, with its salt and cost inside. */
  hash(password: string): Promise<string> {
    return this.#take(() => hash(password, COST));
  }

  /** `undefined` for a user who does not exist: takes as long as any other, and is false. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    return this.#take(async () => {
      if (passwordHash !== undefined) return await verify(passwordHash, password);
      await verify(this.#nobody, password);
      return false;
    });
  }

  async #take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#parallel) {
      if (this.#queue.length >= this.#waiting) throw new ChatError('OVERLOADED');
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
