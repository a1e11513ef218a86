import { locale, t } from '../i18n/text.js';
import { searchPeople } from './people.js';
import { channels, directs, teamOf, titleOf } from './places.js';
import { me } from './session.js';
import type { ChannelInfo, User } from './types.js';
import { isUnread } from './unread.js';

/** Somewhere the quick switcher leads to. */
export type Destination =
  | { readonly kind: 'channel'; readonly channel: ChannelInfo; readonly title: string; readonly note: string }
  | { readonly kind: 'person'; readonly user: User };

const PLACES = 12;
const PEOPLE = 8;

/** Conversations whose title has the words, those that begin with them first. */
export function findPlaces(query: string): readonly Destination[] {
  const wanted = fold(query.trim());
  const ranked = [...channels.value.values()].flatMap((channel) => {
    const title = titleOf(channel.id);
    const at = fold(title).indexOf(wanted);
    return at === -1 ? [] : [{ channel, title, at }];
  });
  const news = (channel: ChannelInfo) => (isUnread(channel.id) ? 0 : 1);
  ranked.sort((a, b) => a.at - b.at || news(a.channel) - news(b.channel) || a.title.localeCompare(b.title, locale.value));
  return ranked.slice(0, PLACES).map(({ channel, title }) => ({ kind: 'channel', channel, title, note: noteOf(channel) }));
}

/** People one has no direct message with yet. */
export async function findPeople(query: string): Promise<readonly Destination[]> {
  if (query.trim() === '') return [];
  const known = new Set(directs.value.map((channel) => channel.peerId));
  const users = await searchPeople(query);
  const others = users.filter((user) => user.id !== me.value?.id && !known.has(user.id));
  return others.slice(0, PEOPLE).map((user) => ({ kind: 'person', user }));
}

function noteOf(channel: ChannelInfo): string {
  const team = channel.teamId === null ? undefined : teamOf(channel.teamId);
  return team?.name ?? t(`channel.${channel.kind}`);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
