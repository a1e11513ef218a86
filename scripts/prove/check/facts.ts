import type { AckRecord, RunHistory, SeenMessage, SendRecord } from '../history/records.js';

/** A command and what became of it. */
export interface Command {
  readonly send: SendRecord;
  readonly acks: AckRecord[];
  failed: { readonly code: string; readonly t: number } | undefined;
}

export interface StoredMessage extends SeenMessage {
  readonly ch: string;
}

/** The records of a run, by what they are about. */
export interface Facts {
  readonly history: RunHistory;
  /** By client id. */
  readonly commands: ReadonlyMap<string, Command>;
  /** By channel, in the order in which they were given. */
  readonly byChannel: ReadonlyMap<string, readonly Command[]>;
  /** The history at the end, by message id and by client id. */
  readonly stored: ReadonlyMap<string, StoredMessage>;
  readonly storedByClient: ReadonlyMap<string, StoredMessage>;
}

export function gatherFacts(history: RunHistory): Facts {
  const commands = new Map<string, Command>();
  const byChannel = new Map<string, Command[]>();
  // A raw send may be acknowledged in the same tenth of a millisecond: sends first.
  for (const record of history.records) {
    if (record.op !== 'send') continue;
    const command: Command = { send: record, acks: [], failed: undefined };
    commands.set(record.cl, command);
    const list = byChannel.get(record.ch);
    if (list === undefined) byChannel.set(record.ch, [command]);
    else list.push(command);
  }
  for (const record of history.records) {
    if (record.op === 'ack') commands.get(record.cl)?.acks.push(record);
    else if (record.op === 'fail') {
      const command = commands.get(record.cl);
      if (command !== undefined) command.failed = record;
    }
  }
  const stored = new Map<string, StoredMessage>();
  const storedByClient = new Map<string, StoredMessage>();
  for (const [ch, messages] of history.stored) {
    for (const message of messages) {
      stored.set(message.id, { ...message, ch });
      if (!storedByClient.has(message.cl)) storedByClient.set(message.cl, { ...message, ch });
    }
  }
  return { history, commands, byChannel, stored, storedByClient };
}

/** What the command is called in a report. */
export function nameOf({ send }: Command): string {
  return `${send.kind} ${send.cl} of device ${send.d} in ${send.ch}`;
}

/** The message that an acknowledged command made or changed, under the id that it has in the end: a second copy may have been voided. */
export function messageOf(facts: Facts, command: Command): StoredMessage | undefined {
  if (command.send.kind === 'send') return facts.storedByClient.get(command.send.cl);
  return facts.stored.get(command.send.m ?? '');
}
