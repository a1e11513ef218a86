import type { ScreenRecord } from '../history/records.js';
import { nameOf, type Command, type Facts } from './facts.js';
import type { Findings } from './verdict.js';

interface Placed {
  readonly command: Command;
  readonly id: string;
}

/** Promise 3: ids grow with time, for everybody, and screens follow them. */
export function checkOrder(facts: Facts, findings: Findings): void {
  for (const [channel, commands] of facts.byChannel) {
    const placed = commands.filter(({ send }) => send.kind === 'send').flatMap((command) => place(facts, command));
    checkRealTime(placed, findings);
    checkSenders(placed, findings);
    checkPages(facts, channel, findings);
  }
  for (const record of facts.history.records) if (record.op === 'screen') checkScreen(record, findings);
}

function place(facts: Facts, command: Command): Placed[] {
  const id = facts.storedByClient.get(command.send.cl)?.id;
  return id === undefined ? [] : [{ command, id }];
}

/** Whoever sends after somebody has an ack gets a larger id. */
function checkRealTime(placed: readonly Placed[], findings: Findings): void {
  const byId = [...placed].sort((a, b) => (a.id < b.id ? 1 : -1));
  let earliest: { readonly placed: Placed; readonly t: number } | undefined;
  for (const one of byId) {
    const { send, acks } = one.command;
    if (earliest !== undefined && earliest.t < send.t) {
      findings.add(
        'out-of-order',
        `${nameOf(one.command)} has the id ${one.id}, but ${earliest.placed.id} was acknowledged before it was sent`,
        send.t,
      );
    }
    const t = Math.min(...acks.map((ack) => ack.t));
    if (earliest === undefined || t < earliest.t) earliest = { placed: one, t };
  }
}

/** What one device sends to a channel stays in the order in which it was written. */
function checkSenders(placed: readonly Placed[], findings: Findings): void {
  const last = new Map<number, Placed>();
  for (const one of placed) {
    const { d, raw, t } = one.command.send;
    if (raw === true) continue;
    const before = last.get(d);
    if (before !== undefined && before.id > one.id)
      findings.add('out-of-order', `${nameOf(one.command)} came before what the same device sent earlier`, t);
    last.set(d, one);
  }
}

function checkPages(facts: Facts, channel: string, findings: Findings): void {
  const ids = (facts.history.stored.get(channel) ?? []).map(({ id }) => id);
  if (!isAscending(ids)) findings.add('out-of-order', `the history of ${channel} is not in the order of its ids`);
}

function checkScreen({ d, ch, list, t, when }: ScreenRecord, findings: Findings): void {
  if (!isAscending(list.map(({ id }) => id)))
    findings.add('out-of-order', `the ${when} screen of device ${d} in ${ch} is not in the order of ids`, t);
}

/** Equal neighbours are somebody else's finding. */
function isAscending(ids: readonly string[]): boolean {
  return ids.every((id, i) => i === 0 || (ids[i - 1] ?? '') <= id);
}
