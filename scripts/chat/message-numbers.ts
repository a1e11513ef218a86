import type { ChannelId, MessageId, TimelineMessage } from '../../client/mod.js';

export interface Numbered {
  readonly number: number;
  readonly key: string;
  readonly channelId: ChannelId;
  messageId: MessageId;
  readonly own: boolean;
}

/** As many as a person may still see. */
const REMEMBERED = 1_000;

/** Short numbers for messages, so that commands can name them. The same message keeps its number from pending on. */
export class MessageNumbers {
  readonly #byKey = new Map<string, Numbered>();
  #count = 0;

  assign(message: TimelineMessage, me: string | undefined): Numbered {
    const key = `${message.senderId}/${message.clientId}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      if (message.status === 'sent') known.messageId = message.id;
      return known;
    }
    const numbered = { number: ++this.#count, key, channelId: message.channelId, messageId: message.id, own: message.senderId === me };
    this.#byKey.set(key, numbered);
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size > REMEMBERED && oldest !== undefined) this.#byKey.delete(oldest);
    return numbered;
  }

  /** A number, or `last` for one's own newest message. @throws Error that says what is wrong. */
  find(text: string): Numbered {
    const all = [...this.#byKey.values()];
    const found = text === 'last' ? all.findLast((item) => item.own) : all.find((item) => String(item.number) === text.replace(/^#/, ''));
    if (found === undefined) throw new Error(`There is no message ${text} here; the numbers stand in front of each line.`);
    if (found.messageId === '') throw new Error('This message is not acknowledged yet.');
    return found;
  }
}
