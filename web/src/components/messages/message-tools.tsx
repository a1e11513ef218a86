import { useSignal } from '@preact/signals';
import { t } from '../../i18n/text.js';
import { attempt, notify, tryTo } from '../../model/notices.js';
import { me } from '../../model/session.js';
import { toggleReaction } from '../../model/timeline.js';
import type { TimelineMessage } from '../../model/types.js';
import { showOverlay } from '../../model/view.js';
import { IconButton } from '../button.js';
import { EmojiPicker } from '../emoji-picker.js';

interface MessageToolsProps {
  readonly message: TimelineMessage;
  readonly onEdit: () => void;
  /** The row keeps its tools in sight while the emoji are open. */
  readonly onOpen: (isOpen: boolean) => void;
}

/** What can be done with a sent message: everybody reacts and copies, its sender edits and deletes. */
export function MessageTools({ message, onEdit, onOpen }: MessageToolsProps) {
  const picking = useSignal(false);
  const setPicking = (isOpen: boolean) => {
    picking.value = isOpen;
    onOpen(isOpen);
  };
  const isMine = message.senderId === me.value?.id;
  return (
    <div class="message-tools" role="toolbar" aria-label={t('message.actions')}>
      <IconButton icon="smile" label={t('message.react')} expanded={picking.value} onClick={() => setPicking(!picking.value)} />
      {'clipboard' in navigator && <IconButton icon="copy" label={t('message.copy')} onClick={() => attempt(copyText(message.content))} />}
      {isMine && <IconButton icon="pencil" label={t('message.edit')} onClick={onEdit} />}
      {isMine && (
        <IconButton
          class="icon-button-danger"
          icon="trash"
          label={t('message.delete')}
          onClick={() => showOverlay({ kind: 'delete-message', message })}
        />
      )}
      {picking.value && (
        <EmojiPicker
          onClose={() => setPicking(false)}
          onPick={(emoji) => {
            setPicking(false);
            tryTo(() => toggleReaction(message, emoji));
          }}
        />
      )}
    </div>
  );
}

/** Offered on https and localhost only: browsers have no clipboard elsewhere. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  notify(t('message.copied'));
}
