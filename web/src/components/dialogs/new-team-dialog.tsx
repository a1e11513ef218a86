import { useSignal } from '@preact/signals';
import { t } from '../../i18n/text.js';
import { createTeam } from '../../model/places.js';
import { slugFrom } from '../../model/slug.js';
import { closeOverlay, showChannel } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { Field } from '../field.js';
import { FormError } from '../form-error.js';
import { useTask } from '../task.js';

export function NewTeamDialog() {
  const name = useSignal('');
  const slug = useSignal<string | undefined>(undefined);
  const task = useTask();
  const shownSlug = slug.value ?? slugFrom(name.value);
  const problem = task.problem.value;
  const create = () => task.run(async () => showChannel(await createTeam(name.value.trim(), shownSlug)));
  return (
    <Dialog title={t('team.create')} onClose={closeOverlay}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <FormError code={problem?.code} />
        <Field
          label={t('team.name')}
          name="teamName"
          maxLength={64}
          autofocus
          value={name.value}
          onInput={(value) => (name.value = value)}
        />
        <Field
          label={t('team.slug')}
          name="teamSlug"
          maxLength={32}
          value={shownSlug}
          onInput={(value) => (slug.value = value)}
          hint={t('team.slug.hint')}
          error={problem?.field === 'slug' ? t('team.slug.hint') : undefined}
        />
        <div class="actions">
          <Button kind="primary" submits disabled={name.value.trim() === '' || task.busy.value}>
            {t('dialog.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
