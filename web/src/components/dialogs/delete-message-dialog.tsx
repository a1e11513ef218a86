import { t } from '../../i18n/text.js';
import { attempt } from '../../model/notices.js';
import { removeMessage } from '../../model/timeline.js';
import type { TimelineMessage } from '../../model/types.js';
import { closeOverlay } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';

export function DeleteMessageDialog({ message }: { message: TimelineMessage }) {
  const remove = () => {
    closeOverlay();
    attempt(removeMessage(message));
  };
  return (
    <Dialog title={t('message.deleteAsk')} onClose={closeOverlay}>
      <p class="dialog-text">{t('message.deleteText')}</p>
      <div class="actions">
        <Button onClick={closeOverlay}>{t('dialog.cancel')}</Button>
        <Button kind="danger" onClick={remove}>
          {t('message.delete')}
        </Button>
      </div>
    </Dialog>
  );
}
