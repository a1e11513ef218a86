import { ERROR_CODES, type ErrorCode } from '../../shared/errors/codes.js';
import { namesCaller, type Route } from '../routes/route.js';

/** Every error a route may answer with: its own, and those that follow from how it is declared. */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>(['INTERNAL', ...(route.errors ?? [])]);
  if (route.params ?? route.query ?? route.body) codes.add('INVALID_INPUT');
  if (route.body) addAll(codes, ['BAD_JSON', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'OVERLOADED']);
  if (route.budget !== 'none') codes.add('RATE_LIMITED');
  if (route.access === 'admin') addAll(codes, ['UNAUTHENTICATED', 'FORBIDDEN', 'UNAVAILABLE']);
  if (namesCaller(route.access)) addAll(codes, ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'TOKEN_INVALID', 'UNAVAILABLE']);
  if (route.access === 'caller') codes.add('SESSION_REVOKED');
  return [...codes].sort((a, b) => ERROR_CODES[a].status - ERROR_CODES[b].status || (a < b ? -1 : 1));
}

function addAll(codes: Set<ErrorCode>, more: readonly ErrorCode[]): void {
  for (const code of more) codes.add(code);
}
