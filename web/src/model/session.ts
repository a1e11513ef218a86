import { signal } from '@preact/signals';
import { isLocale, locale, type Locale } from '../i18n/text.js';
import { startConnectionView } from './connection.js';
import { dropDrafts } from './drafts.js';
import { attempt } from './notices.js';
import { claimPage } from './one-tab.js';
import { forgetPeople, learn } from './people.js';
import { channels, forgetPlaces, loadMembers, loadTeams, setChannels } from './places.js';
import { followPresence } from './presence.js';
import { client } from './sdk.js';
import { forgetTimelines, followTimelines } from './timeline.js';
import type { User } from './types.js';
import { dropMarks, keepMarksOf, startMarks } from './unread.js';
import { closeOverlay, currentChannelId, showNoChannel } from './view.js';

export const phase = signal<'starting' | 'out' | 'in'>('starting');
export const me = signal<User | undefined>(undefined);
/** Why the server ended the login, for the welcome page. */
export const logoutReason = signal<string | undefined>(undefined);

/** Goes on with the login of this browser, or shows the welcome page. */
export async function start(): Promise<void> {
  follow();
  try {
    await claimPage(() => client.close());
    const user = await client.restore();
    if (user === undefined) phase.value = 'out';
    else enter(user);
  } catch {
    // A browser that forbids storage: logging in still works, until the page is closed.
    phase.value = 'out';
  }
}

export async function logIn(account: { readonly username: string; readonly password: string }): Promise<void> {
  enter(await client.logIn(account));
}

interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string;
  readonly locale: Locale;
}

export async function signUp(account: NewAccount): Promise<void> {
  enter(await client.signUp(account));
}

/** Leaves the account even when the server cannot be told. */
export async function logOut(): Promise<void> {
  try {
    await client.logOut();
  } finally {
    leave(undefined);
    dropMarks();
  }
}

export function saveLocale(language: Locale): void {
  if (me.value === undefined || me.value.locale === language) return;
  me.value = { ...me.value, locale: language };
  attempt(client.api.updateMe({ locale: language }));
}

function follow(): void {
  startConnectionView();
  followTimelines();
  followPresence();
  client.on('channels', setChannels);
  client.on('channel', ({ action, channelId }) => {
    if (action === 'members' && channelId === currentChannelId.value) loadMembers(channelId).catch(() => undefined);
    if (action === 'left' && channelId === currentChannelId.value) showNoChannel();
  });
  client.on('loggedOut', ({ error }) => leave(error.code));
  client.on('caughtUp', () => {
    keepMarksOf(new Set(channels.value.keys()));
    void loadTeams();
    void refreshMe();
  });
}

function enter(user: User): void {
  logoutReason.value = undefined;
  startMarks(user.id);
  setMe(user);
  setChannels(client.channels);
  void loadTeams();
  phase.value = 'in';
  // Why it stopped, if it did, is in the connection's state and in `loggedOut`.
  client.connect().catch(() => undefined);
}

function leave(reason: string | undefined): void {
  logoutReason.value = reason;
  me.value = undefined;
  forgetPlaces();
  forgetPeople();
  forgetTimelines();
  dropDrafts();
  closeOverlay();
  showNoChannel();
  phase.value = 'out';
}

/** Another device may have changed the profile. */
async function refreshMe(): Promise<void> {
  const body = await client.api.me().catch(() => undefined);
  if (body !== undefined && me.value?.id === body.user.id) setMe(body.user);
}

function setMe(user: User): void {
  me.value = user;
  learn([user]);
  if (isLocale(user.locale)) locale.value = user.locale;
}
