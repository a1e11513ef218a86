import { useSignal } from '@preact/signals';
import { t } from '../../i18n/text.js';
import { createChannel } from '../../model/places.js';
import type { TeamId } from '../../model/types.js';
import { closeOverlay, showChannel } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { Field } from '../field.js';
import { FormError } from '../form-error.js';
import { useTask } from '../task.js';

const KINDS = ['public', 'private'] as const;

export function NewChannelDialog({ teamId }: { teamId: TeamId }) {
  const name = useSignal('');
  const topic = useSignal('');
  const kind = useSignal<(typeof KINDS)[number]>('public');
  const task = useTask();
  const create = () =>
    task.run(async () => {
      const channel = { kind: kind.value, name: name.value.trim(), topic: topic.value.trim() };
      showChannel(await createChannel(teamId, channel));
    });
  return (
    <Dialog title={t('channels.create')} onClose={closeOverlay}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <FormError code={task.problem.value?.code} />
        <Field
          label={t('channels.name')}
          name="channelName"
          maxLength={80}
          autofocus
          value={name.value}
          onInput={(value) => (name.value = value)}
        />
        <Field
          label={t('channels.topic')}
          name="topic"
          maxLength={250}
          optional
          value={topic.value}
          onInput={(value) => (topic.value = value)}
        />
        <fieldset class="choices">
          <legend class="field-label">{t('channels.kind')}</legend>
          {KINDS.map((option) => (
            <label key={option} class="choice">
              <input type="radio" name="kind" value={option} checked={kind.value === option} onChange={() => (kind.value = option)} />
              {t(`channels.kind.${option}`)}
            </label>
          ))}
        </fieldset>
        <div class="actions">
          <Button kind="primary" submits disabled={name.value.trim() === '' || task.busy.value}>
            {t('dialog.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
