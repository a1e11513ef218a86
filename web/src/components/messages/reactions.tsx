import { t } from '../../i18n/text.js';
import { tryTo } from '../../model/notices.js';
import { nameOf } from '../../model/people.js';
import { me } from '../../model/session.js';
import { toggleReaction } from '../../model/timeline.js';
import type { TimelineMessage } from '../../model/types.js';

const NAMED = 8;

export function Reactions({ message }: { message: TimelineMessage }) {
  if (message.reactions.length === 0) return null;
  return (
    <div class="reactions">
      {message.reactions.map((reaction) => {
        const label = t('message.reaction', {
          emoji: reaction.emoji,
          count: reaction.count,
          names: namesOf(reaction.users, reaction.count),
        });
        return (
          <button
            key={reaction.emoji}
            type="button"
            class="reaction"
            aria-pressed={reaction.users.some((id) => id === me.value?.id)}
            aria-label={label}
            title={label}
            onClick={() => tryTo(() => toggleReaction(message, reaction.emoji))}
          >
            <span aria-hidden="true">{reaction.emoji}</span>
            <span aria-hidden="true">{reaction.count}</span>
          </button>
        );
      })}
    </div>
  );
}

function namesOf(users: readonly string[], count: number): string {
  const names = users.slice(0, NAMED).map(nameOf).join(', ');
  return count > NAMED ? t('message.andOthers', { names, count: count - NAMED }) : names;
}
