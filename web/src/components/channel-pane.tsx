import { useEffect } from 'preact/hooks';
import { t, tCount } from '../i18n/text.js';
import { channelOf, loadMembers, memberCountOf, titleOf } from '../model/places.js';
import { viewOf } from '../model/timeline.js';
import type { ChannelId, ChannelInfo } from '../model/types.js';
import { isAnyUnread } from '../model/unread.js';
import { drawerOpen, showOverlay } from '../model/view.js';
import { IconButton } from './button.js';
import { ChannelMark } from './channel-mark.js';
import { Composer } from './composer.js';
import { Menu, type MenuItem } from './menu.js';
import { Announcer } from './messages/announcer.js';
import { MessageList } from './messages/message-list.js';
import { StatusBanner } from './status-line.js';

/** A conversation: its head, its messages, and where one writes. */
export function ChannelPane({ channelId }: { channelId: ChannelId }) {
  const channel = channelOf(channelId);
  return channel === undefined ? <MissingChannel /> : <Conversation key={channelId} channel={channel} />;
}

function Conversation({ channel }: { channel: ChannelInfo }) {
  const channelId = channel.id;
  const view = viewOf(channelId);
  useEffect(() => {
    // For the head's number of members only; the dialog that lists them asks again and says what went wrong.
    if (channel.kind !== 'dm') loadMembers(channelId).catch(() => undefined);
  }, [channelId]);
  return (
    <main class="pane" id="pane" aria-label={titleOf(channelId)}>
      <PaneHead channel={channel} />
      <StatusBanner />
      <MessageList view={view} />
      <Announcer view={view} />
      <Composer channelId={channelId} />
    </main>
  );
}

function MissingChannel() {
  return (
    <main class="pane" id="pane">
      <header class="pane-head">
        <OpenDrawer />
      </header>
      <div class="empty">
        <p>{t('channel.unavailable')}</p>
      </div>
    </main>
  );
}

function PaneHead({ channel }: { channel: ChannelInfo }) {
  const name = titleOf(channel.id);
  const channelId = channel.id;
  const count = memberCountOf(channelId);
  const items: MenuItem[] = [
    { icon: 'people', label: t('channel.showMembers'), onSelect: () => showOverlay({ kind: 'members', channelId }) },
    { icon: 'plus', label: t('channel.addPeople'), onSelect: () => showOverlay({ kind: 'add-to-channel', channelId }) },
    { icon: 'leave', label: t('channel.leave'), onSelect: () => showOverlay({ kind: 'leave', channelId }) },
  ];
  const note = channel.topic === '' ? t(`channel.${channel.kind}`) : channel.topic;
  return (
    <header class="pane-head">
      <OpenDrawer />
      <div class="grow">
        <h1 class="pane-title">
          <ChannelMark channel={channel} />
          <span class="ellipsis">{name}</span>
        </h1>
        <p class="pane-topic ellipsis">
          {count !== undefined && channel.kind !== 'dm' && `${tCount('channel.members', count)} · `}
          {note}
        </p>
      </div>
      {channel.kind !== 'dm' && <Menu icon="more" label={t('channel.menu')} items={items} testId="channel-menu" />}
    </header>
  );
}

export function OpenDrawer() {
  return (
    <span class="pane-menu-wrap menu-wrap">
      <IconButton
        icon="menu"
        label={t('nav.open')}
        expanded={drawerOpen.value}
        onClick={() => (drawerOpen.value = true)}
        testId="open-drawer"
      />
      {isAnyUnread.value && <span class="pane-menu-unread" aria-hidden="true" />}
    </span>
  );
}
