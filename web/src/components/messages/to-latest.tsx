import { t, tCount } from '../../i18n/text.js';
import type { ChannelView } from '../../model/timeline.js';
import { Icon } from '../icon.js';

/** The way back to the end, and how much arrived there meanwhile. */
export function ToLatest({ view, onClick }: { view: ChannelView; onClick: () => void }) {
  if (view.atEnd.value) return null;
  const count = view.newCount.value;
  return (
    <button type="button" class={count > 0 ? 'to-latest to-latest-new' : 'to-latest'} data-testid="to-latest" onClick={onClick}>
      <Icon name="down" />
      {count > 0 ? tCount('messages.new', count) : t('messages.toLatest')}
    </button>
  );
}
