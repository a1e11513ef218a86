import type { MessageStore, RecentWindow } from '../ports/index.js';

export interface TimelineDeps {
  readonly messages: MessageStore;
  readonly window: RecentWindow;
}
