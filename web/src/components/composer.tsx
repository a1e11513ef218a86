import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/text.js';
import { draftOf, keepDraft } from '../model/drafts.js';
import { tryTo } from '../model/notices.js';
import { channelOf, titleOf } from '../model/places.js';
import { editLastOwn, sendMessage } from '../model/timeline.js';
import { CONTENT_CHARS, type ChannelId } from '../model/types.js';
import { IconButton } from './button.js';
import { EmojiPicker } from './emoji-picker.js';
import { Icon } from './icon.js';
import { isSubmitKey } from './keyboard.js';

/** Where one writes. What is not sent yet stays with its channel. */
export function Composer({ channelId }: { channelId: ChannelId }) {
  const text = useSignal(draftOf(channelId));
  const picking = useSignal(false);
  const ref = useRef<HTMLTextAreaElement>(null);
  useGrowing(ref, text.value);
  useLayoutEffect(() => {
    // A touch keyboard that opens by itself would hide half of the conversation.
    if (matchMedia('(hover: hover)').matches) ref.current?.focus();
  }, []);
  const write = (value: string) => {
    text.value = value;
    keepDraft(channelId, value);
  };
  const excess = text.value.length - CONTENT_CHARS;
  const canSend = text.value.trim() !== '' && excess <= 0;
  const send = () => {
    if (!canSend) return;
    if (tryTo(() => sendMessage(channelId, text.value.trim()))) write('');
    ref.current?.focus();
  };
  const insert = (emoji: string) => {
    picking.value = false;
    const at = ref.current?.selectionStart ?? text.value.length;
    write(text.value.slice(0, at) + emoji + text.value.slice(ref.current?.selectionEnd ?? at));
    ref.current?.focus();
  };
  const isPerson = channelOf(channelId)?.kind === 'dm';
  const label = t(isPerson ? 'composer.toPerson' : 'composer.to', { name: titleOf(channelId) });
  return (
    <div class="composer">
      <div class="composer-box">
        <div class="menu-wrap">
          <IconButton icon="smile" label={t('composer.emoji')} expanded={picking.value} onClick={() => (picking.value = !picking.value)} />
          {picking.value && <EmojiPicker onPick={insert} onClose={() => (picking.value = false)} />}
        </div>
        <textarea
          ref={ref}
          rows={1}
          aria-label={label}
          placeholder={label}
          data-testid="composer"
          value={text.value}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (isSubmitKey(event)) send();
            else if (event.key === 'ArrowUp' && text.value === '' && editLastOwn(channelId)) event.stopPropagation();
            else return;
            event.preventDefault();
          }}
        />
        <button type="button" class="icon-button composer-send" aria-label={t('composer.send')} disabled={!canSend} onClick={send}>
          <Icon name="send" />
        </button>
      </div>
      <div class="composer-foot">
        <span class="composer-hint">{t('composer.hint')}</span>
        <span class="composer-over" role="status">
          {excess > 0 && t('composer.tooLong', { count: excess })}
        </span>
      </div>
    </div>
  );
}

/** As high as its text, up to the height the style sheet allows. Browsers with `field-sizing` do that by themselves. */
function useGrowing(ref: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const area = ref.current;
    if (area === null || CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);
}
