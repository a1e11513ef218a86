import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { t } from '../i18n/text.js';
import { attempt } from '../model/notices.js';
import { searchPeople } from '../model/people.js';
import { me } from '../model/session.js';
import type { User } from '../model/types.js';
import { Avatar } from './avatar.js';
import { Icon } from './icon.js';

interface PeoplePickerProps {
  readonly chosen: readonly User[];
  readonly onChange: (chosen: readonly User[]) => void;
  /** As many people may be chosen. */
  readonly limit: number;
}

const WAIT_MS = 150;

/** Finds people by name and collects some of them. */
export function PeoplePicker({ chosen, onChange, limit }: PeoplePickerProps) {
  const query = useSignal('');
  const found = useSignal<readonly User[] | undefined>(undefined);
  const id = useId();
  useEffect(() => {
    let isCurrent = true;
    const search = async () => {
      const users = await searchPeople(query.value);
      if (isCurrent) found.value = users.filter((user) => user.id !== me.value?.id);
    };
    const timer = setTimeout(() => attempt(search()), WAIT_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query.value]);
  const ids = new Set(chosen.map((user) => user.id));
  const toggle = (user: User) => {
    if (ids.has(user.id)) onChange(chosen.filter((other) => other.id !== user.id));
    else if (chosen.length < limit) onChange([...chosen, user]);
  };
  return (
    <div class="form">
      {chosen.length > 0 && <Chosen chosen={chosen} onRemove={toggle} />}
      <div class="field">
        <label class="field-label" for={id}>
          {t('people.search')}
        </label>
        <input
          id={id}
          class="input"
          type="search"
          autocomplete="off"
          spellcheck={false}
          placeholder={t('people.searchHint')}
          value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
        />
        {chosen.length >= limit && <p class="field-hint">{t('people.limit', { count: limit + 1 })}</p>}
      </div>
      <ul class="list" aria-label={t('people.search')}>
        {found.value?.map((user) => (
          <li key={user.id}>
            <button type="button" class="list-item" aria-pressed={ids.has(user.id)} data-testid="person" onClick={() => toggle(user)}>
              <PersonLine user={user} />
              {ids.has(user.id) && <Icon name="check" />}
            </button>
          </li>
        ))}
        {found.value?.length === 0 && <li class="list-empty">{t('people.none')}</li>}
      </ul>
    </div>
  );
}

export function PersonLine({ user }: { user: User }) {
  return (
    <>
      <Avatar id={user.id} name={user.displayName} />
      <span class="grow">
        <span class="ellipsis">{user.displayName}</span> <span class="list-note">@{user.username}</span>
      </span>
    </>
  );
}

function Chosen({ chosen, onRemove }: { chosen: readonly User[]; onRemove: (user: User) => void }) {
  return (
    <ul class="chips" aria-label={t('people.chosen')}>
      {chosen.map((user) => (
        <li key={user.id}>
          <button type="button" class="chip" aria-label={t('people.remove', { name: user.displayName })} onClick={() => onRemove(user)}>
            <Avatar id={user.id} name={user.displayName} size="small" />
            {user.displayName}
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
