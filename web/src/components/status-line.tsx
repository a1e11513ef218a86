import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/text.js';
import { connection, reconnectNow, type ConnectionView } from '../model/connection.js';

/** Which server this page is on, or when it tries again. */
export function StatusLine() {
  const view = connection.value;
  const seconds = useSecondsUntil(view.state === 'waiting' ? view.retryAt : undefined);
  return (
    <div class={`status status-${view.state}`} data-testid="status-line" data-state={view.state}>
      <span class="status-dot" aria-hidden="true" />
      <span class="grow ellipsis">{statusText(view, seconds)}</span>
      {(view.state === 'waiting' || view.state === 'offline') && (
        <button type="button" class="link-button" onClick={reconnectNow}>
          {t('status.retryNow')}
        </button>
      )}
    </div>
  );
}

/** The same within the conversation, for narrow screens, where the sidebar is out of sight; only while something is wrong. */
export function StatusBanner() {
  const view = connection.value;
  const seconds = useSecondsUntil(view.state === 'waiting' ? view.retryAt : undefined);
  if (view.state !== 'waiting' && view.state !== 'offline') return null;
  return (
    <div class={`status status-banner status-${view.state}`}>
      <span class="status-dot" aria-hidden="true" />
      <span class="grow ellipsis">{statusText(view, seconds)}</span>
      <button type="button" class="link-button" onClick={reconnectNow}>
        {t('status.retryNow')}
      </button>
    </div>
  );
}

/** Reads changes of the connection aloud, once each and not every second. */
export function StatusAnnouncer() {
  const view = connection.value;
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {t('status.label')}: {view.state === 'waiting' ? t('status.offline') : statusText(view, 0)}
    </p>
  );
}

function statusText(view: ConnectionView, seconds: number): string {
  if (view.state === 'online') return t('status.onlineOn', { server: view.serverId });
  if (view.state === 'waiting' && seconds > 0) return t('status.retryIn', { seconds });
  return t(view.state === 'offline' ? 'status.offline' : 'status.connecting');
}

/** Whole seconds that are left, counted down; 0 without a time. */
function useSecondsUntil(time: number | undefined): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (time === undefined) return undefined;
    now.value = Date.now();
    const timer = setInterval(() => (now.value = Date.now()), 250);
    return () => clearInterval(timer);
  }, [time]);
  return time === undefined ? 0 : Math.max(0, Math.ceil((time - now.value) / 1000));
}
