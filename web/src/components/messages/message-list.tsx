import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { t } from '../../i18n/text.js';
import { titleOf } from '../../model/places.js';
import { keyOf, type Row } from '../../model/rows.js';
import type { ChannelView } from '../../model/timeline.js';
import { ListTop } from './list-top.js';
import { MessageRow } from './message-row.js';
import { moveBetweenMessages } from './row-keys.js';
import { ToLatest } from './to-latest.js';

/** Pixels from the end within which a reader counts as being at the end. */
const END_PX = 48;
/** Pixels from the beginning at which older messages are asked for. */
const OLDER_PX = 600;

type Item = Row | 'top';

/**
 * The messages of one channel. Only what is in sight is in the page, so that ten thousand messages scroll like ten. While the reader is at
 * the end the list stays there; anywhere else it keeps what is being read in its place, whatever arrives above or below.
 */
export function MessageList({ view }: { view: ChannelView }) {
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = view.rows.value;
  const items: readonly Item[] = ['top', ...rows];
  const movedAtStart = useStartMoved(rows);
  const toEnd = () => list.current?.scrollToIndex(items.length - 1, { align: 'end', offset: END_PX });

  const follow = () => {
    const box = scroller.current;
    if (box !== null && view.atEnd.peek()) box.scrollTop = box.scrollHeight;
  };
  useLayoutEffect(follow, [items.length]);
  useFirstScroll(view, scroller, list);

  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    view.setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < END_PX);
    if (box.scrollTop < OLDER_PX) view.loadOlder();
  };
  // A page that does not fill the window cannot be scrolled: then the next one is asked for at once.
  useEffect(() => {
    const box = scroller.current;
    if (box !== null && rows.length > 0 && box.scrollHeight <= box.clientHeight + OLDER_PX) view.loadOlder();
  }, [rows.length, view.loading.value]);

  return (
    <div class="messages">
      <div
        ref={scroller}
        class="messages-scroll"
        role="region"
        tabIndex={0}
        aria-label={t('messages.label', { name: titleOf(view.channelId) })}
        data-testid="message-list"
        onKeyDown={moveBetweenMessages}
      >
        <div class="messages-spacer" />
        <Virtualizer
          ref={list}
          data={items}
          shift={movedAtStart}
          scrollRef={scroller}
          bufferSize={400}
          onScroll={onScroll}
          onResize={follow}
        >
          {(item: Item) => (item === 'top' ? <ListTop key="top" view={view} /> : <MessageRow key={keyOf(item.message)} row={item} />)}
        </Virtualizer>
        <div class="messages-end" />
      </div>
      <ToLatest
        view={view}
        onClick={() => {
          view.setAtEnd(true);
          toEnd();
          follow();
        }}
      />
    </div>
  );
}

/** Whether rows came or went before the first one of the last time: the list then keeps its place counted from the end. */
function useStartMoved(rows: readonly Row[]): boolean {
  const last = useRef<{ readonly rows: readonly Row[]; readonly moved: boolean }>({ rows, moved: false });
  if (last.current.rows !== rows) {
    const [before] = last.current.rows;
    const end = last.current.rows.at(-1);
    const first = rows[0];
    const moved = first !== undefined && before !== undefined && keyOf(first.message) !== keyOf(before.message);
    const sameEnd = end !== undefined && rows.at(-1) !== undefined && keyOf((rows.at(-1) as Row).message) === keyOf(end.message);
    last.current = { rows, moved: moved && sameEnd };
  }
  return last.current.moved;
}

/** A channel opens at its first unread message, or at its end. */
function useFirstScroll(
  view: ChannelView,
  scroller: { current: HTMLDivElement | null },
  list: { current: VirtualizerHandle | null },
): void {
  const done = useRef(false);
  useLayoutEffect(() => {
    if (done.current || view.rows.value.length === 0) return;
    done.current = true;
    const unread = view.rows.value.findIndex((row) => row.firstUnread);
    if (unread > 0) {
      list.current?.scrollToIndex(unread + 1, { align: 'center' });
      view.setAtEnd(false);
    } else if (scroller.current !== null) {
      list.current?.scrollToIndex(view.rows.value.length, { align: 'end' });
      scroller.current.scrollTop = scroller.current.scrollHeight;
    }
  });
}
