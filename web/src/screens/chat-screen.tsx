import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { BrandMark } from '../components/brand-mark.js';
import { Button } from '../components/button.js';
import { ChannelPane, OpenDrawer } from '../components/channel-pane.js';
import { Notices } from '../components/notices.js';
import { Overlays } from '../components/dialogs/overlays.js';
import { StatusAnnouncer } from '../components/status-line.js';
import { Sidebar } from '../components/sidebar/sidebar.js';
import { t } from '../i18n/text.js';
import { titleOf } from '../model/places.js';
import { me } from '../model/session.js';
import { isAnyUnread } from '../model/unread.js';
import { currentChannelId, overlay, showOverlay } from '../model/view.js';

export function ChatScreen() {
  useEffect(() => {
    document.addEventListener('keydown', openSwitcher);
    return () => document.removeEventListener('keydown', openSwitcher);
  }, []);
  useSignalEffect(() => {
    const place = currentChannelId.value === undefined ? undefined : titleOf(currentChannelId.value);
    const name = place === undefined ? t('app.name') : `${place} · ${t('app.name')}`;
    document.title = isAnyUnread.value ? `• ${name}` : name;
  });
  const channelId = currentChannelId.value;
  return (
    <div class="chat" data-testid="chat">
      <Sidebar />
      {channelId === undefined ? <NoChannel /> : <ChannelPane key={channelId} channelId={channelId} />}
      <Overlays />
      <StatusAnnouncer />
      <Notices />
    </div>
  );
}

function openSwitcher(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (overlay.value === undefined) showOverlay({ kind: 'switcher' });
}

function NoChannel() {
  return (
    <main class="pane" id="pane">
      <header class="pane-head pane-menu-wrap">
        <OpenDrawer />
      </header>
      <div class="empty">
        <BrandMark />
        <h1>{t('empty.title', { name: me.value?.displayName ?? '' })}</h1>
        <p>{t('empty.text')}</p>
        <div class="actions">
          <Button kind="primary" onClick={() => showOverlay({ kind: 'new-message' })}>
            {t('empty.newMessage')}
          </Button>
          <Button onClick={() => showOverlay({ kind: 'new-team' })}>{t('empty.newTeam')}</Button>
        </div>
      </div>
    </main>
  );
}
