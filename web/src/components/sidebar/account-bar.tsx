import { useSignal } from '@preact/signals';
import { t } from '../../i18n/text.js';
import { attempt } from '../../model/notices.js';
import { logOut, me } from '../../model/session.js';
import { Avatar } from '../avatar.js';
import { IconButton } from '../button.js';
import { Icon } from '../icon.js';
import { LanguageChoice } from '../language-choice.js';
import { Popover } from '../popover.js';

/** Who is logged in; language and log-out behind its button. */
export function AccountBar() {
  const open = useSignal(false);
  const user = me.value;
  if (user === undefined) return null;
  const label = t('account.menu', { name: user.displayName });
  return (
    <div class="account">
      <Avatar id={user.id} name={user.displayName} />
      <div class="grow">
        <p class="account-name ellipsis">{user.displayName}</p>
        <p class="account-username ellipsis">@{user.username}</p>
      </div>
      <div class="menu-wrap">
        <IconButton icon="more" label={label} expanded={open.value} onClick={() => (open.value = !open.value)} testId="account-menu" />
        {open.value && (
          <Popover class="menu" role="dialog" label={label} onClose={() => (open.value = false)}>
            <LanguageChoice />
            <div class="menu-divider" />
            <button type="button" data-testid="log-out" onClick={() => attempt(logOut())}>
              <Icon name="leave" />
              {t('account.logOut')}
            </button>
          </Popover>
        )}
      </div>
    </div>
  );
}
