import type { User } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { Caller, UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'users'>;

export async function getMe(deps: Deps, caller: Caller): Promise<User> {
  const user = await deps.users.findById(caller.userId);
  if (user === undefined) throw new ChatError('NOT_FOUND');
  return user;
}

/** Changes what is given; repeating it changes nothing more. */
export async function updateMe(
  deps: Deps,
  caller: Caller,
  change: { readonly displayName?: string | undefined; readonly locale?: string | undefined },
): Promise<User> {
  const given = {
    ...(change.displayName === undefined ? {} : { displayName: change.displayName }),
    ...(change.locale === undefined ? {} : { locale: change.locale }),
  };
  const user = await deps.users.update(caller.userId, given);
  if (user === undefined) throw new ChatError('NOT_FOUND');
  return user;
}
