import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/text.js';
import { attempt } from '../../model/notices.js';
import { editMessage } from '../../model/timeline.js';
import type { TimelineMessage } from '../../model/types.js';
import { Button } from '../button.js';
import { isSubmitKey } from '../keyboard.js';
import { focusComposer } from './row-keys.js';

/** Changes an own message in its place: Enter saves, Esc leaves it as it is. */
export function MessageEditor({ message, onClose }: { message: TimelineMessage; onClose: () => void }) {
  const text = useSignal(message.content);
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    ref.current?.focus();
    ref.current?.setSelectionRange(message.content.length, message.content.length);
  }, []);
  const onDone = () => {
    onClose();
    focusComposer();
  };
  const save = () => {
    const content = text.value.trim();
    if (content === '') return;
    onDone();
    if (content !== message.content) attempt(editMessage(message, content));
  };
  return (
    <div class="edit-form">
      <div class="composer-box">
        <textarea
          ref={ref}
          rows={1}
          aria-label={t('message.editLabel')}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (isSubmitKey(event)) save();
            else if (event.key === 'Escape' && !event.isComposing) onDone();
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div class="actions">
        <span class="field-hint grow">{t('message.editHint')}</span>
        <Button onClick={onDone}>{t('dialog.cancel')}</Button>
        <Button kind="primary" onClick={save}>
          {t('message.save')}
        </Button>
      </div>
    </div>
  );
}
