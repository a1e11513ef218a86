import type { ScreenRecord, SeenMessage, ToldRecord } from '../history/records.js';
import type { Facts } from './facts.js';
import type { Findings } from './verdict.js';

/** Promises 4 and 5: every device has everything, as it is, and once. Returns what was told and what was withdrawn. */
export function checkScreens(facts: Facts, findings: Findings): { readonly received: number; readonly withdrawn: number } {
  const told = new Map<number, Set<string>>();
  const withdrawn = new Set<string>();
  let received = 0;
  for (const record of facts.history.records) {
    if (record.op === 'told') {
      received += 1;
      checkTold(facts, record, { told, withdrawn, findings });
    } else if (record.op === 'screen') checkScreen(facts, record, { withdrawn, findings });
    else if (record.op === 'surface-error') findings.add('refused', `device ${record.d} was stopped: ${record.code}`, record.t);
  }
  return { received, withdrawn: withdrawn.size };
}

interface Context {
  readonly withdrawn: Set<string>;
  readonly findings: Findings;
}

function checkTold(facts: Facts, record: ToldRecord, context: Context & { readonly told: Map<number, Set<string>> }): void {
  const { d, id, ch, t } = record;
  const known = context.told.get(d) ?? new Set<string>();
  context.told.set(d, known);
  if (known.has(id)) context.findings.add('duplicated', `device ${d} was told of ${id} in ${ch} again`, t);
  known.add(id);
  checkOrigin(facts, { message: record, where: `device ${d} was told of`, ch, t }, context);
}

/**
 * Whoever shows a message that is not stored shows a copy that was voided, or something that never was. A copy is excused only where Redis
 * lost its data between the send and the moment at which the copy was seen.
 */
function checkOrigin(
  facts: Facts,
  seen: { readonly message: Pick<SeenMessage, 'id' | 'cl'>; readonly where: string; readonly ch: string; readonly t: number },
  { withdrawn, findings }: Context,
): void {
  const { message, where, ch, t } = seen;
  if (facts.stored.has(message.id)) return;
  if (facts.storedByClient.get(message.cl)?.ch === ch) {
    withdrawn.add(message.id);
    if (!isExcused(facts, message.cl, t)) findings.add('duplicated', `${where} ${message.id} in ${ch}, a second copy of ${message.cl}`, t);
  } else findings.add('unexpected', `${where} ${message.id} (${message.cl}) in ${ch}, which is not in the history`, t);
}

function isExcused(facts: Facts, client: string, seenAt: number): boolean {
  const sentAt = facts.commands.get(client)?.send.t ?? Infinity;
  return facts.history.faults.some(({ forgets, from, healed }) => forgets === true && from <= seenAt && healed >= sentAt);
}

function checkScreen(facts: Facts, screen: ScreenRecord, context: Context): void {
  const { d, ch, t, when, list } = screen;
  const ids = new Set<string>();
  for (const message of list) {
    if (ids.has(message.id)) context.findings.add('duplicated', `the ${when} screen of device ${d} shows ${message.id} in ${ch} twice`, t);
    ids.add(message.id);
    if (when === 'moment') checkOrigin(facts, { message, where: `the screen of device ${d} shows`, ch, t }, context);
  }
  if (when !== 'moment') checkWhole(facts, screen, context.findings);
}

/** At the end, the screen and the history are the same. */
function checkWhole(facts: Facts, { d, ch, t, when, list, pending }: ScreenRecord, findings: Findings): void {
  const shown = new Map(list.map((message) => [message.id, message]));
  const where = `the ${when} screen of device ${d} in ${ch}`;
  for (const message of facts.history.stored.get(ch) ?? []) {
    const mine = shown.get(message.id);
    if (mine === undefined) findings.add('missed', `${where} lacks ${message.id} (${message.cl})`, t);
    else if (!isSame(mine, message))
      findings.add('missed', `${where} has another state of ${message.id}: ${describe(mine)} instead of ${describe(message)}`, t);
    shown.delete(message.id);
  }
  const byClient = new Set((facts.history.stored.get(ch) ?? []).map(({ cl }) => cl));
  for (const { id, cl } of shown.values()) {
    findings.add(byClient.has(cl) ? 'duplicated' : 'unexpected', `${where} shows ${id} (${cl}), which is not in the history`, t);
  }
  if (pending > 0) findings.add('unsettled', `${where} shows ${pending} commands without an answer`, t);
}

function isSame(a: SeenMessage, b: SeenMessage): boolean {
  return a.text === b.text && a.deleted === b.deleted && a.reactions === b.reactions && a.cl === b.cl && a.u === b.u;
}

function describe({ text, deleted, reactions }: SeenMessage): string {
  return deleted ? 'deleted' : `"${text.slice(0, 30)}" ${reactions}`.trim();
}
