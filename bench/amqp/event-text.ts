const ID_CHARS = 13;
const BEFORE_ID = '{"type":"message","id":"';
const BEFORE_CHANNEL = '","prev":"0000000000000","channelId":"';
const BEFORE_SENDER = '","senderId":"';
const BEFORE_CLIENT_ID = '","clientId":"';
const END = '"}';
const ID_AT = BEFORE_ID.length;
const CHANNEL_AT = ID_AT + ID_CHARS + BEFORE_CHANNEL.length;

export interface EventParts {
  readonly id: string;
  readonly channelId: string;
  readonly senderId: string;
  readonly clientId: string;
  readonly content: string;
}

/**
 * Events as the sockets get them, put together and read by position: JSON's own reader and writer would take longer than the leg that is
 * measured. Everything in them is ASCII that JSON does not escape.
 */
export class EventText {
  readonly #beforeContent = `","createdAt":"${new Date().toISOString()}","content":"`;

  make({ id, channelId, senderId, clientId, content }: EventParts): Uint8Array {
    const head = BEFORE_ID + id + BEFORE_CHANNEL + channelId + BEFORE_SENDER + senderId + BEFORE_CLIENT_ID + clientId;
    return Buffer.from(head + this.#beforeContent + content + END, 'latin1');
  }

  read(payload: Uint8Array): Pick<EventParts, 'id' | 'channelId' | 'content'> {
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('latin1');
    return {
      id: text.slice(ID_AT, ID_AT + ID_CHARS),
      channelId: text.slice(CHANNEL_AT, CHANNEL_AT + ID_CHARS),
      content: text.slice(text.lastIndexOf('"', text.length - END.length - 1) + 1, -END.length),
    };
  }
}
