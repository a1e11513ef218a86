import { useSignal } from '@preact/signals';
import { t } from '../../i18n/text.js';
import { notify } from '../../model/notices.js';
import { addToChannel, addToTeam, GROUP_MEMBERS, teamOf } from '../../model/places.js';
import type { ChannelId, TeamId, User } from '../../model/types.js';
import { closeOverlay } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { FormError } from '../form-error.js';
import { PeoplePicker } from '../people-picker.js';
import { useTask } from '../task.js';

export function AddToTeamDialog({ teamId }: { teamId: TeamId }) {
  return <AddPeopleDialog title={t('team.addPeople', { team: teamOf(teamId)?.name ?? '' })} onAdd={(users) => addToTeam(teamId, users)} />;
}

export function AddToChannelDialog({ channelId }: { channelId: ChannelId }) {
  return <AddPeopleDialog title={t('channel.addPeople')} onAdd={(users) => addToChannel(channelId, users)} />;
}

interface AddPeopleDialogProps {
  readonly title: string;
  readonly onAdd: (users: readonly User[]) => Promise<void>;
}

function AddPeopleDialog({ title, onAdd }: AddPeopleDialogProps) {
  const chosen = useSignal<readonly User[]>([]);
  const task = useTask();
  const add = () =>
    task.run(async () => {
      await onAdd(chosen.value);
      closeOverlay();
      notify(t('notice.added'));
    });
  return (
    <Dialog title={title} onClose={closeOverlay}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <FormError code={codeOf(task.problem.value)} />
        <PeoplePicker chosen={chosen.value} onChange={(users) => (chosen.value = users)} limit={GROUP_MEMBERS - 1} />
        <div class="actions">
          <Button kind="primary" submits disabled={chosen.value.length === 0 || task.busy.value}>
            {t('people.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A person that the API refuses by index is one who is not in the channel's team. */
function codeOf(problem: { readonly code: string; readonly field: string | undefined } | undefined): string | undefined {
  return problem?.field?.startsWith('userIds.') === true ? 'NOT_IN_TEAM' : problem?.code;
}
