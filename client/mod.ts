/** The Warren client SDK, for browsers and Node 20 or later. In Node: `createNodeClient` of client/node.ts. */
import { WarrenClient } from './client.js';
import type { ClientOptions } from './client-options.js';

export function createClient(options: ClientOptions): WarrenClient {
  return new WarrenClient(options);
}

export { WarrenClient } from './client.js';
export type { SendOptions, TimelineView } from './timeline-view.js';
export type { ClientOptions } from './client-options.js';
export type { ClientEvents } from './client-events.js';
export type { ChannelInfo } from './channels.js';
export type { ConnectionState, StopReason } from './connection-state.js';
export { WarrenError } from './errors.js';
export type { Api } from './api.js';
export type * from './requests.js';
export type { Acked, Sending } from './outbox.js';
export type { TimelineMessage } from './timeline-entry.js';
export { createMemoryStorage, createWebStorage, type ClientStorage, type WebStorage } from './storage.js';
export type { SocketConstructor, SocketLike } from './socket.js';
export type { TransportName } from './fallback-choice.js';
export type { Timers } from './schedule.js';
export type * from '../shared/domain/ids.js';
export type {
  Attachment,
  Channel,
  ChannelMember,
  Device,
  Message,
  Reaction,
  Receipt,
  Team,
  TeamMember,
  TeamRole,
  User,
} from '../shared/domain/model.js';
