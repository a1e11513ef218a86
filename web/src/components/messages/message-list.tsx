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
  const onScroll = useEndFollowing(view, scroller);
  useFirstScroll(view, scroller, list);
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
        onScroll={onScroll}
      >
        <div class="messages-spacer" />
        <Virtualizer ref={list} data={items} shift={movedAtStart} scrollRef={scroller} bufferSize={400}>
          {(item: Item) => (item === 'top' ? <ListTop key="top" view={view} /> : <MessageRow key={keyOf(item.message)} row={item} />)}
        </Virtualizer>
        <div class="messages-end" />
      </div>
      <ToLatest view={view} onClick={() => view.setAtEnd(true)} />
    </div>
  );
}

/**
 * Keeps a reader who is at the end at the end, whatever grows or shrinks: new messages, measured heights, the composer, the window. Only
 * scrolling up leaves it. Returns the scroll listener.
 */
function useEndFollowing(view: ChannelView, scroller: { current: HTMLDivElement | null }): () => void {
  const lastTop = useRef(0);
  const isAtEnd = view.atEnd.value;
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const follow = () => {
      if (view.atEnd.peek()) box.scrollTop = box.scrollHeight;
    };
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(box);
    for (const part of box.children) observer.observe(part);
    return () => observer.disconnect();
  }, [view, isAtEnd]);
  return () => {
    const box = scroller.current;
    if (box === null) return;
    const rest = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (rest < END_PX) view.setAtEnd(true);
    else if (box.scrollTop < lastTop.current) view.setAtEnd(false);
    lastTop.current = box.scrollTop;
    if (box.scrollTop < OLDER_PX) view.loadOlder();
  };
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
    const rows = view.rows.peek();
    if (done.current || rows.length === 0) return;
    done.current = true;
    const unread = rows.findIndex((row) => row.firstUnread);
    if (unread < 1) return;
    view.setAtEnd(false);
    list.current?.scrollToIndex(unread + 1, { align: 'center' });
    requestAnimationFrame(() => {
      // Where everything fits into the window there is nothing to scroll, and no event that says so.
      const box = scroller.current;
      if (box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < END_PX) view.setAtEnd(true);
    });
  });
}
