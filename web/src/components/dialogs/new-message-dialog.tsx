import { useSignal } from '@preact/signals';
import { t } from '../../i18n/text.js';
import { GROUP_MEMBERS, startConversation } from '../../model/places.js';
import type { User } from '../../model/types.js';
import { closeOverlay, showChannel } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { Field } from '../field.js';
import { FormError } from '../form-error.js';
import { PeoplePicker } from '../people-picker.js';
import { useTask } from '../task.js';

/** One person: the direct message with them. Several: a group with a name. */
export function NewMessageDialog() {
  const chosen = useSignal<readonly User[]>([]);
  const name = useSignal<string | undefined>(undefined);
  const task = useTask();
  const isGroup = chosen.value.length > 1;
  const groupName =
    name.value ??
    chosen.value
      .map((user) => user.displayName)
      .join(', ')
      .slice(0, 80);
  const start = () => task.run(async () => showChannel(await startConversation(chosen.value, groupName)));
  return (
    <Dialog title={t('people.newMessage')} onClose={closeOverlay}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <p class="dialog-text">{t('people.newMessageText')}</p>
        <FormError code={task.problem.value?.code} />
        <PeoplePicker chosen={chosen.value} onChange={(users) => (chosen.value = users)} limit={GROUP_MEMBERS - 1} />
        {isGroup && (
          <Field
            label={t('people.groupName')}
            name="groupName"
            maxLength={80}
            value={groupName}
            onInput={(value) => (name.value = value)}
          />
        )}
        <div class="actions">
          <Button kind="primary" submits disabled={chosen.value.length === 0 || task.busy.value}>
            {t('people.start')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
