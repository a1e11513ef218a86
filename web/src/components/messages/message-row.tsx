import { useSignal } from '@preact/signals';
import { memo } from 'preact/compat';
import { dayText, fullTimeText, timeText } from '../../i18n/dates.js';
import { errorText, t, tCount } from '../../i18n/text.js';
import { nameOf } from '../../model/people.js';
import { channelOf } from '../../model/places.js';
import { progressOfOwn } from '../../model/receipts.js';
import { keyOf, type Row } from '../../model/rows.js';
import { me } from '../../model/session.js';
import { discardMessage, editing, retryMessage, startEditing } from '../../model/timeline.js';
import type { TimelineMessage } from '../../model/types.js';
import { Avatar } from '../avatar.js';
import { Icon, type IconName } from '../icon.js';
import { MessageEditor } from './message-editor.js';
import { MessageText } from './message-text.js';
import { MessageTools } from './message-tools.js';
import { Reactions } from './reactions.js';

/** One message with the day or the "new" line above it. */
export const MessageRow = memo(function MessageRow({ row }: { row: Row }) {
  const { message } = row;
  return (
    <>
      {row.startsDay && <h2 class="divider">{dayText(message.createdAt, new Date())}</h2>}
      {row.firstUnread && <p class="divider divider-new">{t('messages.newLine')}</p>}
      <MessageArticle row={row} />
    </>
  );
});

function MessageArticle({ row }: { row: Row }) {
  const { message } = row;
  const menuOpen = useSignal(false);
  const name = nameOf(message.senderId);
  const isEditing = editing.value === keyOf(message);
  const isSent = message.status === 'sent' && !message.deleted;
  const classes = ['message', `message-${message.status}`];
  if (row.startsGroup) classes.push('message-first');
  if (menuOpen.value) classes.push('message-menu-open');
  return (
    <article
      class={classes.join(' ')}
      tabIndex={-1}
      aria-label={t('message.label', { name, time: fullTimeText(message.createdAt) })}
      data-testid="message"
      data-status={message.status}
      data-message-id={message.id}
    >
      <div class="message-gutter">{row.startsGroup ? <Avatar id={message.senderId} name={name} /> : <Time iso={message.createdAt} />}</div>
      <div class="message-main">
        {row.startsGroup && (
          <div class="message-head">
            <span class="message-name ellipsis">{name}</span>
            <Time iso={message.createdAt} />
          </div>
        )}
        {isEditing ? <MessageEditor message={message} onClose={() => startEditing(undefined)} /> : <Body message={message} />}
      </div>
      {isSent && !isEditing && (
        <MessageTools message={message} onEdit={() => startEditing(keyOf(message))} onOpen={(isOpen) => (menuOpen.value = isOpen)} />
      )}
    </article>
  );
}

function Time({ iso }: { iso: string }) {
  return (
    <time class="message-time" dateTime={iso} title={fullTimeText(iso)}>
      {timeText(iso)}
    </time>
  );
}

function Body({ message }: { message: TimelineMessage }) {
  if (message.deleted) return <p class="message-deleted">{t('message.deleted')}</p>;
  return (
    <>
      <div class="message-line">
        <MessageText content={message.content} />
        <Marks message={message} />
      </div>
      {message.status === 'failed' && <Failure message={message} />}
      <Reactions message={message} />
    </>
  );
}

/** A clock until the server has the message for good, then how far it got; only at own messages. */
function Marks({ message }: { message: TimelineMessage }) {
  const isMine = message.senderId === me.value?.id;
  return (
    <span class="message-mark">
      {message.edited && `(${t('message.edited')})`}
      {message.status === 'pending' && <Mark icon="clock" label={t('message.pending')} />}
      {message.status === 'sent' && isMine && <ProgressMark message={message} />}
    </span>
  );
}

/** A tick: the server has it; two: somebody's device; an eye: read, with the number of readers where there may be several. */
function ProgressMark({ message }: { message: TimelineMessage }) {
  const progress = progressOfOwn(message);
  if (progress.state === 'sent') return <Mark icon="check" label={t('message.sent')} />;
  if (progress.state === 'delivered') return <Mark icon="checks" label={t('message.delivered')} />;
  if (channelOf(message.channelId)?.kind === 'dm') return <Mark icon="eye" label={t('message.read')} />;
  return (
    <>
      <Mark icon="eye" label={tCount('message.readBy', progress.readers)} />
      <span aria-hidden="true">{progress.readers}</span>
    </>
  );
}

function Mark({ icon, label }: { icon: IconName; label: string }) {
  return (
    <span title={label}>
      <Icon name={icon} />
      <span class="visually-hidden">{label}</span>
    </span>
  );
}

function Failure({ message }: { message: TimelineMessage }) {
  return (
    <div class="message-failure" role="alert">
      <span class="message-mark">
        <Icon name="alert" />
        {t('message.failed')}
        {message.error !== undefined && ` · ${errorText(message.error.code)}`}
      </span>
      <button type="button" class="link-button" onClick={() => retryMessage(message)}>
        {t('message.retry')}
      </button>
      <button type="button" class="link-button" onClick={() => discardMessage(message)}>
        {t('message.discard')}
      </button>
    </div>
  );
}
