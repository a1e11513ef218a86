import { t } from '../i18n/text.js';
import { Popover } from './popover.js';

/** The ones people use most; the composer takes every other emoji from the keyboard. */
export const EMOJI = [
  ...['👍', '❤️', '😂', '🎉', '👏', '🙏', '🔥', '✅'],
  ...['😀', '😊', '😍', '🤔', '😮', '😢', '😭', '😡'],
  ...['👀', '🙌', '💪', '👌', '👋', '🤝', '💯', '✨'],
  ...['🚀', '☕', '🍀', '🐰', '🥕', '🌙', '⭐', '❌'],
];

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  return (
    <Popover class="emoji-grid" role="dialog" label={t('emoji.label')} onClose={onClose}>
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" aria-label={emoji} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </Popover>
  );
}
