import { t } from '../i18n/text.js';
import { dismissNotice, notices } from '../model/notices.js';
import { IconButton } from './button.js';

/** Short news at the bottom of the page: what was done, or why it was not. */
export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class="notice">
          <span class="grow">{notice.text}</span>
          <IconButton icon="close" label={t('notice.dismiss')} onClick={() => dismissNotice(notice.id)} />
        </div>
      ))}
    </div>
  );
}
