import type { ServerId } from '../../shared/domain/ids.js';
import { LIMITS, PROTOCOL_VERSION } from '../../shared/protocol/limits.js';
import type { Session } from './session.js';

export interface HelloOptions {
  readonly serverId: ServerId;
  readonly heartbeat: { readonly intervalMs: number; readonly timeoutMs: number };
  readonly sendsPerSecond: number;
}

/** The JSON of a `HelloFrame`; by hand, because most of it is the same for all, and all come at once when a server is gone. */
export class HelloEncoder {
  readonly #head: string;
  readonly #middle: string;

  constructor({ serverId, heartbeat, sendsPerSecond }: HelloOptions) {
    const limits = { contentChars: LIMITS.contentChars, frameBytes: LIMITS.frameBytes, sendsPerSecond };
    this.#head = `{"type":"hello","version":${PROTOCOL_VERSION},"serverId":${JSON.stringify(serverId)},"sessionId":"`;
    this.#middle = `","heartbeat":${JSON.stringify(heartbeat)},"limits":${JSON.stringify(limits)},"serverTime":"`;
  }

  /** `now` in milliseconds since the Unix epoch. Ids need no escapes. */
  encode({ id, identity }: Pick<Session, 'id' | 'identity'>, now: number): string {
    const { userId, deviceId } = identity;
    return `${this.#head}${id}","userId":"${userId}","deviceId":"${deviceId}${this.#middle}${new Date(now).toISOString()}"}`;
  }
}
