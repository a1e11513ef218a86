import type { HistoryBody } from '../../../shared/protocol/http.js';
import type { SeenMessage } from '../history/records.js';
import { seenMessage } from '../history/seen.js';
import type { SeededPeople } from './seed.js';

const PAGE = 200;

/** The whole history of every channel, as the API answers it to one of its members. */
export async function readStoredHistory(url: string, people: SeededPeople): Promise<ReadonlyMap<string, readonly SeenMessage[]>> {
  const stored = new Map<string, readonly SeenMessage[]>();
  for (const { id } of people.channels) {
    const reader = people.devices.find(({ channels }) => channels.includes(id));
    if (reader !== undefined) stored.set(id, await readChannel(url, id, reader.token));
  }
  return stored;
}

async function readChannel(url: string, channelId: string, token: string): Promise<readonly SeenMessage[]> {
  const messages: SeenMessage[] = [];
  let before: string | undefined;
  for (;;) {
    const query = `limit=${PAGE}${before === undefined ? '' : `&before=${before}`}`;
    const response = await fetch(`${url}/v1/channels/${channelId}/messages?${query}`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`history of ${channelId} was answered with ${response.status}`);
    const page = (await response.json()) as HistoryBody;
    messages.unshift(...page.messages.map(seenMessage));
    before = page.messages[0]?.id;
    if (!page.more.before || before === undefined) return messages;
  }
}
