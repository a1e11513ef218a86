import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/text.js';
import { attempt } from '../../model/notices.js';
import { browseChannels, channelOf, joinChannel, teamOf } from '../../model/places.js';
import type { ChannelInfo, TeamId } from '../../model/types.js';
import { closeOverlay, showChannel, showOverlay } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { Icon } from '../icon.js';

/** A team's public channels: open the ones one is in, join the others. */
export function BrowseChannelsDialog({ teamId }: { teamId: TeamId }) {
  const channels = useSignal<readonly ChannelInfo[] | undefined>(undefined);
  const next = useSignal<string | null>(null);
  const load = async (cursor: string) => {
    const page = await browseChannels(teamId, cursor);
    channels.value = [...(channels.peek() ?? []), ...page.channels];
    next.value = page.next;
  };
  useEffect(() => attempt(load('')), [teamId]);
  const cursor = next.value;
  return (
    <Dialog title={t('channels.browse', { team: teamOf(teamId)?.name ?? '' })} onClose={closeOverlay}>
      <ul class="list">
        {channels.value?.map((channel) => (
          <ChannelLine key={channel.id} channel={channel} />
        ))}
        {channels.value?.length === 0 && <li class="list-empty">{t('channels.none')}</li>}
      </ul>
      <div class="actions">
        {cursor !== null && <Button onClick={() => attempt(load(cursor))}>{t('channels.more')}</Button>}
        <Button onClick={() => showOverlay({ kind: 'new-channel', teamId })}>{t('channels.create')}</Button>
      </div>
    </Dialog>
  );
}

function ChannelLine({ channel }: { channel: ChannelInfo }) {
  const isMember = channelOf(channel.id) !== undefined;
  const open = async () => {
    if (!isMember) await joinChannel(channel.id);
    showChannel(channel.id);
  };
  return (
    <li class="list-item">
      <Icon name="hash" />
      <span class="grow">
        <span class="ellipsis">{channel.name}</span>
        {channel.topic !== '' && <span class="list-note"> {channel.topic}</span>}
      </span>
      <Button onClick={() => attempt(open())}>{t(isMember ? 'channels.open' : 'channels.join')}</Button>
    </li>
  );
}
