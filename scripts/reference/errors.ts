import { ERROR_CODES } from '../../shared/errors/codes.js';
import { markdownTable, page } from './markdown.js';

/** docs/reference/errors.md */
export function renderErrors(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { message, status, temporary }]) => [
    `\`${code}\``,
    String(status),
    temporary ? 'yes' : 'no',
    message,
  ]);
  return page(
    '# Errors',
    [
      'Every error answer of the HTTP API and every `error` frame of a socket carries one of these codes.',
      '*Temporary* means that the same request may succeed later, unchanged; the SDK repeats those by itself.',
      'The message is for people and may change; programs look at the code.',
    ].join('\n'),
    markdownTable(['code', 'HTTP status', 'temporary', 'message'], rows),
  );
}
