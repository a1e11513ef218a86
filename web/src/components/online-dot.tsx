import { t } from '../i18n/text.js';
import { isOnline } from '../model/presence.js';

/** Beside a name, while that person is online; said in words to assistive technology. */
export function OnlineDot({ userId }: { userId: string }) {
  if (!isOnline(userId)) return null;
  return (
    <span class="online" data-testid="online">
      <span class="online-dot" aria-hidden="true" />
      <span class="visually-hidden">({t('people.online')})</span>
    </span>
  );
}
