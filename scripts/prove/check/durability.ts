import { messageOf, nameOf, type Command, type Facts, type StoredMessage } from './facts.js';
import type { Findings } from './verdict.js';

/** Refusals that are right: somebody else was faster, or the client was closed at the end of the run. */
const RIGHTLY_REFUSED = new Set(['MESSAGE_DELETED', 'CLOSED', 'DISCARDED']);

/** Promises 1 and 2: what was acknowledged is stored, once, and as it was sent. */
export function checkDurability(facts: Facts, findings: Findings): void {
  for (const command of facts.commands.values()) checkCommand(facts, command, findings);
  checkStored(facts, findings);
  const effects = gatherEffects(facts);
  for (const message of facts.stored.values()) checkState(facts, { message, commands: effects.get(message.id) ?? [] }, findings);
}

function checkCommand(facts: Facts, command: Command, findings: Findings): void {
  const { acks, failed, send } = command;
  if (acks.length > 0) {
    if (messageOf(facts, command) === undefined && !isWithdrawn(facts, command)) findings.add('lost', nameOf(command), acks[0]?.t);
  } else if (failed !== undefined) {
    if (!RIGHTLY_REFUSED.has(failed.code) && !isWithdrawn(facts, command))
      findings.add('refused', `${nameOf(command)}: ${failed.code}`, failed.t);
  } else if (send.raw !== true) findings.add('unsettled', `${nameOf(command)} got no answer`, send.t);
}

/** An edit or a reaction to a second copy that was voided: it went where the copy went. */
function isWithdrawn(facts: Facts, { send }: Command): boolean {
  if (send.kind === 'send' || send.m === undefined) return false;
  const target = send.m;
  const first = facts.byChannel.get(send.ch)?.find(({ acks }) => acks.some((ack) => ack.m === target));
  return first !== undefined && facts.storedByClient.get(first.send.cl)?.id !== target && facts.storedByClient.has(first.send.cl);
}

function checkStored(facts: Facts, findings: Findings): void {
  for (const [ch, messages] of facts.history.stored) {
    const seen = new Set<string>();
    for (const { cl, id, u } of messages) {
      if (seen.has(cl)) findings.add('twice-stored', `client id ${cl} of ${u} is stored twice in ${ch}, also as ${id}`);
      seen.add(cl);
      if (facts.commands.get(cl)?.send.ch !== ch) findings.add('unexpected', `message ${id} in ${ch} was sent by nobody`);
    }
  }
}

/** Acknowledged commands by the message they are about, in the order of their events. */
function gatherEffects(facts: Facts): Map<string, Command[]> {
  const effects = new Map<string, Command[]>();
  for (const command of facts.commands.values()) {
    const target = messageOf(facts, command)?.id;
    if (target === undefined || (command.send.kind === 'send' && command.acks.length === 0)) continue;
    const list = effects.get(target);
    if (list === undefined) effects.set(target, [command]);
    else list.push(command);
  }
  for (const list of effects.values()) list.sort((a, b) => (eventIdOf(a) < eventIdOf(b) ? -1 : 1));
  return effects;
}

function eventIdOf(command: Command): string {
  return command.acks.at(-1)?.id ?? '';
}

/** The message says what the acknowledged commands made of it. A command without an answer may or may not have happened: then nothing is said. */
function checkState(
  facts: Facts,
  { message, commands }: { readonly message: StoredMessage; readonly commands: readonly Command[] },
  findings: Findings,
): void {
  const origin = facts.commands.get(message.cl);
  if (origin === undefined || commands.some(isUnknown)) return;
  const acked = commands.filter(({ acks }) => acks.length > 0);
  const expected = expectedState(origin, acked, facts);
  const problem = difference(expected, message);
  if (problem === undefined) return;
  const kind = problem === 'text' && !isSomebodysText(message.text, [origin, ...commands]) ? 'unexpected' : 'lost';
  findings.add(
    kind,
    `${problem} of message ${message.id} in ${message.ch}: ${describe(expected)} was acknowledged, ${describe(message)} is stored`,
  );
}

/** It got no answer, or its client was closed before there was one. */
function isUnknown({ acks, failed }: Command): boolean {
  return acks.length === 0 && (failed === undefined || failed.code === 'CLOSED');
}

interface State {
  readonly text: string;
  readonly deleted: boolean;
  readonly reactions: string;
}

function expectedState(origin: Command, acked: readonly Command[], facts: Facts): State {
  let text = origin.send.text ?? '';
  const reactions = new Map<string, Set<string>>();
  for (const { send } of acked) {
    if (send.kind === 'delete') return { text: '', deleted: true, reactions: '' };
    if (send.kind === 'edit') text = send.text ?? '';
    if (send.kind === 'react')
      applyReaction(reactions, { emoji: send.emoji ?? '', action: send.action, user: facts.history.roster.devices[send.d]?.user ?? '' });
  }
  const parts = [...reactions].filter(([, users]) => users.size > 0).map(([emoji, users]) => `${emoji}:${[...users].sort().join(',')}`);
  return { text, deleted: false, reactions: parts.sort().join(';') };
}

function applyReaction(
  reactions: Map<string, Set<string>>,
  { emoji, action, user }: { readonly emoji: string; readonly action: 'add' | 'remove' | undefined; readonly user: string },
): void {
  const users = reactions.get(emoji) ?? new Set<string>();
  if (action === 'remove') users.delete(user);
  else users.add(user);
  reactions.set(emoji, users);
}

function difference(expected: State, actual: State): 'deletion' | 'text' | 'reactions' | undefined {
  if (expected.deleted !== actual.deleted) return 'deletion';
  if (expected.text !== actual.text) return 'text';
  return expected.reactions === actual.reactions ? undefined : 'reactions';
}

function isSomebodysText(text: string, commands: readonly Command[]): boolean {
  return commands.some(({ send }) => send.text === text);
}

function describe({ text, deleted, reactions }: State): string {
  return deleted ? 'deleted' : `"${text.slice(0, 40)}" ${reactions}`.trim();
}
