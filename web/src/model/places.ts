import { computed, signal } from '@preact/signals';
import { locale, t } from '../i18n/text.js';
import { nameOf, person } from './people.js';
import { client } from './sdk.js';
import { me } from './session.js';
import { CHANNEL_MEMBERS, type ChannelId, type ChannelInfo, type ChannelMember, type TeamId, type TeamInfo, type User } from './types.js';
import { currentChannelId, showNoChannel } from './view.js';

/** With oneself. */
export const GROUP_MEMBERS = CHANNEL_MEMBERS;

/** The channels one is in, and the teams. */
export const channels = signal<ReadonlyMap<ChannelId, ChannelInfo>>(new Map());
export const teams = signal<readonly TeamInfo[]>([]);
const memberCounts = signal<ReadonlyMap<ChannelId, number>>(new Map());

const sorted = computed(() =>
  [...channels.value.values()].sort((a, b) => titleOf(a.id).localeCompare(titleOf(b.id), locale.value, { numeric: true })),
);
export const directs = computed(() => sorted.value.filter((channel) => channel.kind === 'dm'));
export const groups = computed(() => sorted.value.filter((channel) => channel.kind === 'group'));

export function channelsOfTeam(teamId: TeamId): readonly ChannelInfo[] {
  return sorted.value.filter((channel) => channel.teamId === teamId);
}

export function channelOf(channelId: ChannelId): ChannelInfo | undefined {
  return channels.value.get(channelId);
}

export function teamOf(teamId: TeamId): TeamInfo | undefined {
  return teams.value.find((team) => team.id === teamId);
}

export function mayAddToTeam(team: TeamInfo): boolean {
  return team.role === 'owner' || team.role === 'admin';
}

/** What a channel is called here: a direct message by the other one's name. */
export function titleOf(channelId: ChannelId): string {
  const channel = channelOf(channelId);
  if (channel === undefined) return t('channel.unnamed');
  return peerNameOf(channel) ?? channel.name;
}

export function peerNameOf(channel: ChannelInfo): string | undefined {
  if (channel.kind !== 'dm') return undefined;
  const { peerId } = channel;
  if (peerId === undefined || peerId === null) return t('people.unknown');
  return peerId === me.value?.id ? t('channel.you', { name: nameOf(peerId) }) : nameOf(peerId);
}

export function memberCountOf(channelId: ChannelId): number | undefined {
  return memberCounts.value.get(channelId);
}

/** The SDK's list has changed. A team that shows up in it for the first time is one that somebody added this user to. */
export function setChannels(list: readonly ChannelInfo[]): void {
  channels.value = new Map(list.map((channel) => [channel.id, channel]));
  const known = new Set(teams.peek().map((team) => team.id));
  if (list.some(({ teamId }) => teamId !== null && !known.has(teamId))) void loadTeams();
}

/** Fails silently: the teams are asked for again after the next connect. */
export async function loadTeams(): Promise<void> {
  const body = await client.api.listTeams().catch(() => undefined);
  if (body !== undefined) teams.value = [...body.teams].sort((a, b) => a.name.localeCompare(b.name, locale.value));
}

export async function loadMembers(channelId: ChannelId): Promise<readonly ChannelMember[]> {
  const { members } = await client.api.listMembers(channelId);
  memberCounts.value = new Map([...memberCounts.peek(), [channelId, members.length]]);
  for (const member of members) person(member.userId);
  return members;
}

export function forgetPlaces(): void {
  channels.value = new Map();
  teams.value = [];
  memberCounts.value = new Map();
}

/** One person: the direct message with them. Several: a new group. */
export async function startConversation(people: readonly User[], groupName: string): Promise<ChannelId> {
  const [first] = people;
  if (first === undefined) throw new Error('a conversation needs somebody');
  const ids = people.map((user) => user.id);
  const { channel } =
    people.length === 1 ? await client.api.createDm(first.id) : await client.api.createGroup({ name: groupName.trim(), userIds: ids });
  enter(channel);
  return channel.id;
}

/** With a first public channel, so that there is a place to write. */
export async function createTeam(name: string, slug: string): Promise<ChannelId> {
  const { team } = await client.api.createTeam({ name, slug });
  teams.value = [...teams.peek(), team];
  return createChannel(team.id, { kind: 'public', name: t('team.firstChannel'), topic: '' });
}

interface NewChannel {
  readonly kind: 'public' | 'private';
  readonly name: string;
  readonly topic: string;
}

export async function createChannel(teamId: TeamId, { kind, name, topic }: NewChannel): Promise<ChannelId> {
  const { channel } = await client.api.createChannel(teamId, { kind, name, ...(topic === '' ? {} : { topic }) });
  enter(channel);
  return channel.id;
}

export async function browseChannels(
  teamId: TeamId,
  cursor: string,
): Promise<{ readonly channels: readonly ChannelInfo[]; readonly next: string | null }> {
  const body = await client.api.listTeamChannels(teamId, { cursor });
  return { channels: body.channels, next: body.next ?? null };
}

export async function joinChannel(channelId: ChannelId): Promise<void> {
  const { channel } = await client.api.joinChannel(channelId);
  enter(channel);
}

export async function leaveChannel(channelId: ChannelId): Promise<void> {
  await client.api.leaveChannel(channelId);
  drop(channelId);
}

export async function addToTeam(teamId: TeamId, people: readonly User[]): Promise<void> {
  for (const user of people) await client.api.putTeamMember(teamId, user.id, { role: 'member' });
}

export async function addToChannel(channelId: ChannelId, people: readonly User[]): Promise<void> {
  const ids = people.map((user) => user.id);
  const { members } = await client.api.addMembers(channelId, ids);
  memberCounts.value = new Map([...memberCounts.peek(), [channelId, members.length]]);
}

/** One is in: the frame that says so may come a moment later. */
function enter(channel: ChannelInfo): void {
  channels.value = new Map([...channels.peek(), [channel.id, channel]]);
}

function drop(channelId: ChannelId): void {
  channels.value = new Map([...channels.peek()].filter(([id]) => id !== channelId));
  if (currentChannelId.value === channelId) showNoChannel();
}
