/** Limits that both ends know. A server may lower some by its configuration and says so in `hello`. */
export const LIMITS = {
  /** Characters (UTF-16 code units) of a message's content. */
  contentChars: 100_000,
  /** Bytes of one frame from a client: 100,000 characters of Korean are 300,000 bytes, escaped JSON needs more. */
  frameBytes: 1_048_576,
  /** Frames in one WebSocket message, separated by a line feed. */
  framesPerMessage: 256,
  clientIdChars: 64,
  mentions: 100,
  attachments: 20,
  emojiChars: 64,
  syncChannels: 100,
  syncIds: 50,
  /** Messages per channel in one answer to `sync`. */
  syncMessages: 200,
  historyPage: 200,
  channelMembers: 100,
  /** Teams whose presence a session may watch at one time. */
  watchedTeams: 20,
  /** Members of a team whose presence is told: the first by user id. */
  watchedMembers: 10_000,
  /** People in one `presence` frame; more come in several. */
  presenceUsers: 500,
  /** Receipts that a user's devices are heard with, sustained; more wait, the newest of each channel. */
  receiptsPerSecond: 20,
  /** How far the time of an event id in a receipt may be ahead of the server's clock, in milliseconds. */
  receiptAheadMs: 60_000,
} as const;

export const PROTOCOL_VERSION = 1;
