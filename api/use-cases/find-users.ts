import { isId, type UserId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { UserListBody } from '../../shared/protocol/http.js';
import type { UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'users'>;

const MAX_IDS = 100;

/** Users whose name starts with `query`, a page by user name. */
export async function searchUsers(
  deps: Deps,
  page: { readonly query: string; readonly cursor: string; readonly limit: number },
): Promise<UserListBody> {
  const users = await deps.users.search(page);
  return { users, next: users.length === page.limit ? (users.at(-1)?.username ?? null) : null };
}

/** Those that exist of up to 100 ids separated by commas. @throws ChatError INVALID_INPUT. */
export async function findUsersById(deps: Deps, ids: string): Promise<UserListBody> {
  const wanted = [...new Set(ids.split(','))];
  if (wanted.length > MAX_IDS || !wanted.every(isId)) {
    throw new ChatError('INVALID_INPUT', { details: { field: 'ids', reason: `must be up to ${MAX_IDS} ids separated by commas` } });
  }
  return { users: await deps.users.findMany(wanted as UserId[]), next: null };
}
