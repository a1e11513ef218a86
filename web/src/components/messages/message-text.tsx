import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/text.js';
import { foldText, isOnlyEmoji, parseText, type TextPart } from '../../model/rich-text.js';
import { me } from '../../model/session.js';

/** What somebody wrote: text nodes and links only. Very long texts start folded. */
export function MessageText({ content }: { content: string }) {
  const unfolded = useSignal(false);
  const beginning = useMemo(() => foldText(content), [content]);
  const isFolded = beginning !== undefined && !unfolded.value;
  const shown = isFolded ? beginning : content;
  const parts = useMemo(() => parseText(shown), [shown]);
  return (
    <>
      <span class={`message-text ${isOnlyEmoji(content) ? 'message-emoji' : ''}`} dir="auto">
        {parts.map((part, index) => (
          <Part key={index} part={part} />
        ))}
        {isFolded && '…'}
      </span>
      {beginning !== undefined && (
        <button type="button" class="link-button message-fold" aria-expanded={!isFolded} onClick={() => (unfolded.value = isFolded)}>
          {t(isFolded ? 'message.more' : 'message.less')}
        </button>
      )}
    </>
  );
}

function Part({ part }: { part: TextPart }) {
  if (part.kind === 'link') {
    return (
      <a href={part.url} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    );
  }
  if (part.kind === 'code') return <code>{part.text}</code>;
  if (part.kind === 'mention') {
    const isMe = part.text.slice(1).toLowerCase() === me.value?.username;
    return <span class={isMe ? 'mention mention-me' : 'mention'}>{part.text}</span>;
  }
  return <>{part.text}</>;
}
