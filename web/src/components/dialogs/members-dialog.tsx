import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/text.js';
import { attempt } from '../../model/notices.js';
import { person } from '../../model/people.js';
import { loadMembers, titleOf } from '../../model/places.js';
import type { ChannelId, ChannelMember } from '../../model/types.js';
import { closeOverlay, showOverlay } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { OnlineDot } from '../online-dot.js';
import { PersonLine } from '../people-picker.js';

export function MembersDialog({ channelId }: { channelId: ChannelId }) {
  const members = useSignal<readonly ChannelMember[]>([]);
  useEffect(() => attempt(loadMembers(channelId).then((list) => (members.value = list))), [channelId]);
  return (
    <Dialog title={t('people.members', { name: titleOf(channelId) })} onClose={closeOverlay}>
      <ul class="list">
        {members.value.map((member) => (
          <MemberLine key={member.userId} member={member} />
        ))}
      </ul>
      <div class="actions">
        <Button onClick={() => showOverlay({ kind: 'add-to-channel', channelId })}>{t('channel.addPeople')}</Button>
      </div>
    </Dialog>
  );
}

function MemberLine({ member }: { member: ChannelMember }) {
  const user = person(member.userId);
  if (user === undefined) return null;
  return (
    <li class="list-item">
      <PersonLine user={user} />
      <OnlineDot userId={user.id} />
      {member.role === 'owner' && <span class="list-note">{t('role.owner')}</span>}
    </li>
  );
}
