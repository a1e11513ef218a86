import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/text.js';
import { directs, groups, teams } from '../../model/places.js';
import { drawerOpen, showOverlay } from '../../model/view.js';
import { BrandMark } from '../brand-mark.js';
import { IconButton } from '../button.js';
import { Icon } from '../icon.js';
import { StatusLine } from '../status-line.js';
import { AccountBar } from './account-bar.js';
import { Section } from './section.js';
import { TeamSection } from './team-section.js';

/** Every place one can go to. On narrow screens it slides in over the conversation. */
export function Sidebar() {
  const ref = useRef<HTMLElement>(null);
  const isOpen = drawerOpen.value;
  useEffect(() => {
    if (isOpen) ref.current?.querySelector<HTMLElement>('.sidebar-close')?.focus();
  }, [isOpen]);
  return (
    <>
      <div class="veil" data-open={isOpen} onClick={() => (drawerOpen.value = false)} />
      <nav
        ref={ref}
        id="sidebar"
        class="sidebar"
        aria-label={t('nav.label')}
        data-open={isOpen}
        onKeyDown={(event) => event.key === 'Escape' && (drawerOpen.value = false)}
      >
        <SidebarHead />
        <JumpButton />
        <div class="sidebar-scroll" onKeyDown={moveBetweenItems}>
          {teams.value.map((team) => (
            <TeamSection key={team.id} team={team} />
          ))}
          <button type="button" class="channel-item new-team" data-testid="new-team" onClick={() => showOverlay({ kind: 'new-team' })}>
            <Icon name="plus" />
            {t('nav.newTeam')}
          </button>
          <Section
            title={t('nav.directs')}
            channels={directs.value}
            note={t('nav.noDirects')}
            action={<IconButton icon="plus" label={t('nav.newDirect')} onClick={() => showOverlay({ kind: 'new-message' })} />}
          />
          <Section
            title={t('nav.groups')}
            channels={groups.value}
            note={t('people.newMessageText')}
            action={<IconButton icon="plus" label={t('nav.newGroup')} onClick={() => showOverlay({ kind: 'new-message' })} />}
          />
        </div>
        <StatusLine />
        <AccountBar />
      </nav>
    </>
  );
}

function SidebarHead() {
  return (
    <div class="sidebar-head">
      <BrandMark />
      <span class="brand-name grow">{t('app.name')}</span>
      <IconButton class="sidebar-close" icon="close" label={t('nav.close')} onClick={() => (drawerOpen.value = false)} />
    </div>
  );
}

function JumpButton() {
  const isMac = navigator.userAgent.includes('Mac');
  return (
    <button type="button" class="jump" aria-keyshortcuts="Control+K Meta+K" onClick={() => showOverlay({ kind: 'switcher' })}>
      <Icon name="search" />
      <span class="grow">{t('nav.jump')}</span>
      <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
    </button>
  );
}

function moveBetweenItems(event: KeyboardEvent): void {
  const target = event.target;
  if (!(target instanceof HTMLElement) || !target.classList.contains('channel-item')) return;
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  const items = [...document.querySelectorAll<HTMLElement>('.channel-item')];
  items[items.indexOf(target) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
