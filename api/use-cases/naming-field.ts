import { ChatError } from '../../shared/errors/chat-error.js';

/** Stores know that something is taken, not which field of the request it came from: adds that. */
export async function namingField<T>(field: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ChatError) || (error.code !== 'CONFLICT' && error.code !== 'USERNAME_TAKEN')) throw error;
    throw new ChatError(error.code, { details: { ...error.details, field }, cause: error });
  }
}
