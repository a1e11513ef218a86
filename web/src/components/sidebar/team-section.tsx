import { t } from '../../i18n/text.js';
import { channelsOfTeam, mayAddToTeam } from '../../model/places.js';
import type { TeamInfo } from '../../model/types.js';
import { showOverlay } from '../../model/view.js';
import { Menu, type MenuItem } from '../menu.js';
import { Section } from './section.js';

export function TeamSection({ team }: { team: TeamInfo }) {
  const teamId = team.id;
  const items: MenuItem[] = [
    { icon: 'compass', label: t('team.browse'), onSelect: () => showOverlay({ kind: 'browse-channels', teamId }) },
    { icon: 'plus', label: t('channels.create'), onSelect: () => showOverlay({ kind: 'new-channel', teamId }) },
  ];
  if (mayAddToTeam(team))
    items.push({ icon: 'people', label: t('channel.addPeople'), onSelect: () => showOverlay({ kind: 'add-to-team', teamId }) });
  return (
    <Section
      title={team.name}
      channels={channelsOfTeam(teamId)}
      note={t('nav.noChannels')}
      action={<Menu icon="plus" label={t('team.menu', { team: team.name })} items={items} />}
    />
  );
}
