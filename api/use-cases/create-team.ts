import type { TeamId } from '../../shared/domain/ids.js';
import type { Team } from '../../shared/domain/model.js';
import type { TeamBody } from '../../shared/protocol/http.js';
import { isoTime, type Caller, type UseCaseDeps } from './deps.js';
import { namingField } from './naming-field.js';

/** The caller becomes its owner. @throws ChatError CONFLICT when the slug is taken. */
export async function createTeam(
  deps: Pick<UseCaseDeps, 'teams' | 'ids' | 'clock'>,
  caller: Caller,
  input: { readonly name: string; readonly slug: string },
): Promise<TeamBody['team']> {
  const team: Team = {
    id: deps.ids.next() as TeamId,
    name: input.name,
    slug: input.slug,
    createdBy: caller.userId,
    createdAt: isoTime(deps.clock.now()),
  };
  await namingField('slug', () => deps.teams.create(team));
  return { ...team, role: 'owner' };
}
