import { errorText, t } from '../../i18n/text.js';
import { channelOf, titleOf } from '../../model/places.js';
import type { ChannelView } from '../../model/timeline.js';
import { Avatar } from '../avatar.js';
import { Icon } from '../icon.js';
import { channelIcon } from '../channel-mark.js';

/** Above the oldest message: more is being fetched, or this is where the conversation began. */
export function ListTop({ view }: { view: ChannelView }) {
  const hasRows = view.rows.value.length > 0;
  if (view.failure.value !== undefined) return <Failed view={view} code={view.failure.value} />;
  if (view.hasOlder.value) {
    return <p class="messages-top messages-top-busy">{t(hasRows ? 'messages.loadingOlder' : 'messages.loading')}</p>;
  }
  return <Beginning view={view} />;
}

function Failed({ view, code }: { view: ChannelView; code: string }) {
  return (
    <div class="messages-top messages-top-busy" role="alert">
      <p>
        {t('messages.failedToLoad')} {errorText(code)}
      </p>
      <button type="button" class="link-button" onClick={() => view.retry()}>
        {t('messages.tryAgain')}
      </button>
    </div>
  );
}

function Beginning({ view }: { view: ChannelView }) {
  const channel = channelOf(view.channelId);
  if (channel === undefined) return null;
  const name = titleOf(channel.id);
  const isDm = channel.kind === 'dm';
  return (
    <div class="messages-top beginning">
      {isDm ? (
        <Avatar id={channel.peerId ?? channel.id} name={name} size="large" />
      ) : (
        <span class="beginning-mark">
          <Icon name={channelIcon(channel.kind)} />
        </span>
      )}
      <h2>{name}</h2>
      {channel.topic !== '' && <p>{channel.topic}</p>}
      <p>
        {isDm ? t('messages.beginningDm') : t('messages.beginning', { name })} {t('messages.beginningText')}
      </p>
    </div>
  );
}
