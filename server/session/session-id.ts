import { randomFillSync } from 'node:crypto';
import type { SessionId } from '../../shared/domain/ids.js';

const ID_BYTES = 9;
/** Random bytes for so many ids are drawn at once: each draw costs several microseconds, whatever its size. */
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;

/** 72 random bits: unique among all sessions of all servers. */
export function makeSessionId(): SessionId {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('base64url', used - ID_BYTES, used) as SessionId;
}
