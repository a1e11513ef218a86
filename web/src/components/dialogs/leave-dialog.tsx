import { t } from '../../i18n/text.js';
import { leaveChannel, titleOf } from '../../model/places.js';
import type { ChannelId } from '../../model/types.js';
import { closeOverlay } from '../../model/view.js';
import { Button } from '../button.js';
import { Dialog } from '../dialog.js';
import { FormError } from '../form-error.js';
import { useTask } from '../task.js';

export function LeaveDialog({ channelId }: { channelId: ChannelId }) {
  const task = useTask();
  const leave = () =>
    task.run(async () => {
      await leaveChannel(channelId);
      closeOverlay();
    });
  return (
    <Dialog title={t('channel.leaveAsk', { name: titleOf(channelId) })} onClose={closeOverlay}>
      <p class="dialog-text">{t('channel.leaveText')}</p>
      <FormError code={task.problem.value?.code} />
      <div class="actions">
        <Button onClick={closeOverlay}>{t('dialog.cancel')}</Button>
        <Button kind="danger" disabled={task.busy.value} onClick={leave}>
          {t('channel.leave')}
        </Button>
      </div>
    </Dialog>
  );
}
