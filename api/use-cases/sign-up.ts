import type { UserId } from '../../shared/domain/ids.js';
import type { User } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import { isoTime, type UseCaseDeps } from './deps.js';
import { namingField } from './naming-field.js';

type Deps = Pick<UseCaseDeps, 'users' | 'passwords' | 'ids' | 'clock'>;

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string | undefined;
  readonly locale?: 'en' | 'ko' | undefined;
}

/** They mean a group of people in a mention. */
const RESERVED = new Set(['all', 'channel', 'everyone', 'here']);

/** @throws ChatError USERNAME_TAKEN. */
export async function signUp(deps: Deps, input: NewUser): Promise<User> {
  if (RESERVED.has(input.username)) throw new ChatError('USERNAME_TAKEN', { details: { field: 'username' } });
  const passwordHash = await deps.passwords.hash(input.password);
  const user: User = {
    id: deps.ids.next() as UserId,
    username: input.username,
    displayName: input.displayName ?? input.username,
    locale: input.locale ?? 'en',
    createdAt: isoTime(deps.clock.now()),
  };
  await namingField('username', () => deps.users.create({ ...user, passwordHash }));
  return user;
}
