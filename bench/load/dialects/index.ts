import type { DialectName } from '../protocol.js';
import type { Dialect } from './dialect.js';
import { PLAIN } from './plain.js';
import { SOCKET_IO } from './socket-io.js';
import { WARREN } from './warren.js';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { warren: WARREN, 'socket-io': SOCKET_IO, plain: PLAIN };
