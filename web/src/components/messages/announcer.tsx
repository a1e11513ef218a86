import { t } from '../../i18n/text.js';
import { nameOf } from '../../model/people.js';
import type { ChannelView } from '../../model/timeline.js';

const SPOKEN_CHARS = 300;

/** Reads messages of others aloud as they arrive; the list itself is silent, or scrolling up would read out history. */
export function Announcer({ view }: { view: ChannelView }) {
  const message = view.lastArrived.value;
  return (
    <p class="visually-hidden" role="log" aria-live="polite">
      {message !== undefined && t('messages.announce', { name: nameOf(message.senderId), content: message.content.slice(0, SPOKEN_CHARS) })}
    </p>
  );
}
