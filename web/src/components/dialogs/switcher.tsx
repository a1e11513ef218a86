import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { t } from '../../i18n/text.js';
import { attempt } from '../../model/notices.js';
import { startConversation } from '../../model/places.js';
import { findPeople, findPlaces, type Destination } from '../../model/switcher.js';
import { closeOverlay, showChannel } from '../../model/view.js';
import { ChannelMark } from '../channel-mark.js';
import { Dialog } from '../dialog.js';
import { PersonLine } from '../people-picker.js';

const WAIT_MS = 120;

/** Ctrl+K: type a few letters, Enter, and one is there. */
export function Switcher() {
  const query = useSignal('');
  const people = useSignal<readonly Destination[]>([]);
  const at = useSignal(0);
  const id = useId();
  useEffect(() => {
    let isCurrent = true;
    const search = async () => {
      const found = await findPeople(query.value);
      if (isCurrent) people.value = found;
    };
    const timer = setTimeout(() => attempt(search()), WAIT_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query.value]);
  const found = [...findPlaces(query.value), ...people.value];
  const index = Math.min(at.value, found.length - 1);
  const move = (step: number) => (at.value = (index + step + found.length) % Math.max(1, found.length));
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = found[index];
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && chosen !== undefined) go(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog class="switcher" title={t('switcher.label')} onClose={closeOverlay}>
      <input
        class="input"
        type="search"
        role="combobox"
        list={undefined}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${index}`}
        aria-label={t('switcher.label')}
        placeholder={t('switcher.placeholder')}
        autocomplete="off"
        autoFocus
        spellcheck={false}
        data-testid="switcher"
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <ul class="list" id={`${id}-list`} role="listbox" aria-label={t('switcher.label')}>
        {found.map((destination, order) => (
          <Option key={keyOf(destination)} id={`${id}-${order}`} destination={destination} isChosen={order === index} />
        ))}
        {found.length === 0 && <li class="list-empty">{t('switcher.none')}</li>}
      </ul>
      <p class="field-hint">{t('switcher.hint')}</p>
    </Dialog>
  );
}

function Option({ id, destination, isChosen }: { id: string; destination: Destination; isChosen: boolean }) {
  return (
    <li
      id={id}
      ref={(item) => {
        if (isChosen) item?.scrollIntoView({ block: 'nearest' });
      }}
      class="list-item"
      role="option"
      aria-selected={isChosen}
      onClick={() => go(destination)}
    >
      {destination.kind === 'person' ? (
        <PersonLine user={destination.user} />
      ) : (
        <>
          <ChannelMark channel={destination.channel} />
          <span class="grow ellipsis">{destination.title}</span>
          <span class="list-note">{destination.note}</span>
        </>
      )}
    </li>
  );
}

function keyOf(destination: Destination): string {
  return destination.kind === 'person' ? destination.user.id : destination.channel.id;
}

function go(destination: Destination): void {
  if (destination.kind === 'channel') showChannel(destination.channel.id);
  else attempt(startConversation([destination.user], '').then(showChannel));
}
