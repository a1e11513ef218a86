import type { ChannelId, MessageId, UserId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { CommandFrame } from '../../shared/protocol/frames.js';
import type { Message } from '../../shared/domain/model.js';
import type { EventPipeline } from '../../shared/routing/event-pipeline.js';
import type { CommitListener } from '../../shared/routing/pipeline-job.js';
import type { RoutingCaches } from '../../shared/routing/routing-caches.js';
import type { Session } from '../session/session.js';
import { CommandDraft } from './draft-command.js';

export interface CommandDeps {
  readonly pipeline: EventPipeline;
  readonly caches: RoutingCaches;
  /** A message of a channel as it is now, unarchived ones included. */
  readonly readMessage: (channelId: ChannelId, messageId: MessageId) => Promise<Message | undefined>;
}

/** Whether the command may be done: undefined when that is known to be so, else a check. Rejects with ChatError. */
export function admitCommand(deps: CommandDeps, session: Session, frame: CommandFrame): Promise<void> | undefined {
  const { userId } = session.identity;
  if (frame.type !== 'send') return checkTarget(deps, userId, frame);
  if (deps.caches.members.peek(frame.channelId)?.has(userId) === true) return undefined;
  return requireMember(deps, userId, frame.channelId);
}

/** Puts an admitted command through the pipeline; the listener hears once the event is durable, or that it is not known to be. */
export function startCommand(
  deps: CommandDeps,
  session: Session,
  command: { readonly frame: CommandFrame; readonly listener: CommitListener },
): void {
  deps.pipeline.start(new CommandDraft(command.frame, { userId: session.identity.userId, sessionId: session.id }), command.listener);
}

/** A first check, before anything is reserved; the pipeline checks again after the reservation. */
export async function requireMember(deps: Pick<CommandDeps, 'caches'>, userId: UserId, channelId: ChannelId): Promise<void> {
  const members = await deps.caches.members.get(channelId);
  if (!members.has(userId)) throw new ChatError('NOT_FOUND', { details: { reason: 'no such channel, or you are not a member' } });
}

async function checkTarget(deps: CommandDeps, userId: UserId, frame: Exclude<CommandFrame, { type: 'send' }>): Promise<void> {
  await requireMember(deps, userId, frame.channelId);
  const message = await deps.readMessage(frame.channelId, frame.messageId);
  if (message === undefined || message.voided) throw new ChatError('NOT_FOUND', { details: { reason: 'no such message in the channel' } });
  if (frame.type !== 'react' && message.senderId !== userId) throw new ChatError('FORBIDDEN', { details: { reason: 'not your message' } });
  if (message.deleted && frame.type !== 'delete') throw new ChatError('MESSAGE_DELETED');
}
