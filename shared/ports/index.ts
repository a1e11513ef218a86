export type * from './bus.js';
export type * from './cluster.js';
export type * from './directory.js';
export type * from './message-store.js';
export type * from './observability.js';
export type * from './people.js';
export type * from './recent-window.js';
export type * from './sequencer.js';
