import type { ReadRecord } from '../history/records.js';
import { messageOf, nameOf, type Command, type Facts } from './facts.js';
import type { Findings } from './verdict.js';

interface Owed {
  readonly command: Command;
  readonly ackedAt: number;
  /** The message that must be there. */
  readonly messageId: string;
  readonly clientId: string;
  /** The event that the answer must have in it. */
  readonly eventId: string;
}

/** Promise 7: a read that began after an ack shows what was acknowledged. Returns how many reads were looked at. */
export function checkReads(facts: Facts, findings: Findings): number {
  const owedBy = new Map([...facts.byChannel].map(([channel, commands]) => [channel, owedIn(facts, commands)]));
  const reads = facts.history.records.filter((record) => record.op === 'read');
  for (const read of reads) checkRead(read, owedBy.get(read.ch) ?? [], findings);
  return reads.length;
}

/** What readers of the channel are owed, in the order in which it was acknowledged. */
function owedIn(facts: Facts, commands: readonly Command[]): readonly Owed[] {
  const owed = commands.flatMap((command): Owed[] => {
    const [ack] = command.acks;
    const message = messageOf(facts, command);
    if (ack === undefined || message === undefined) return [];
    // A copy that was voided is owed to nobody under that event.
    const eventId = command.send.kind === 'send' && message.id !== ack.m ? '' : ack.id;
    return [{ command, ackedAt: ack.t, messageId: message.id, clientId: message.cl, eventId }];
  });
  return owed.sort((a, b) => a.ackedAt - b.ackedAt);
}

function checkRead(read: ReadRecord, owed: readonly Owed[], findings: Findings): void {
  const from = read.more ? (read.list[0]?.[0] ?? '') : '';
  const shown = new Map(read.list.map((item) => [item[2], item]));
  for (const { command, ackedAt, messageId, clientId, eventId } of owed) {
    if (ackedAt >= read.from) return;
    if (messageId < from) continue;
    const found = shown.get(clientId);
    if (found === undefined) findings.add('unread-after-ack', describe(read, command, 'is not on the page'), read.t);
    else if (command.send.kind !== 'send' && found[1] < eventId)
      findings.add('unread-after-ack', describe(read, command, 'is not in the message'), read.t);
  }
}

function describe(read: ReadRecord, command: Command, what: string): string {
  const ago = Math.round(read.from - (command.acks[0]?.t ?? 0));
  return `${nameOf(command)} had been acknowledged ${ago} ms before device ${read.d} asked, and ${what}`;
}
