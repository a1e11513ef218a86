import { t } from '../../i18n/text.js';
import { titleOf } from '../../model/places.js';
import { isUnread } from '../../model/unread.js';
import { channelAddress, currentChannelId } from '../../model/view.js';
import type { ChannelInfo } from '../../model/types.js';
import { ChannelMark } from '../channel-mark.js';
import { OnlineDot } from '../online-dot.js';

export function ChannelItem({ channel }: { channel: ChannelInfo }) {
  const isCurrent = currentChannelId.value === channel.id;
  const unread = !isCurrent && isUnread(channel.id);
  return (
    <li>
      <a
        class={unread ? 'channel-item channel-item-unread' : 'channel-item'}
        href={channelAddress(channel.id)}
        aria-current={isCurrent ? 'page' : undefined}
        data-testid="channel-item"
        data-channel-id={channel.id}
      >
        <ChannelMark channel={channel} />
        <span class="grow ellipsis">{titleOf(channel.id)}</span>
        {channel.kind === 'dm' && <OnlineDot userId={channel.peerId ?? ''} />}
        {unread && (
          <>
            <span class="unread-dot" aria-hidden="true" />
            <span class="visually-hidden">({t('nav.unread')})</span>
          </>
        )}
      </a>
    </li>
  );
}
