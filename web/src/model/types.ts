export type * from '../../../client/mod.js';
