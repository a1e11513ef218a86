import { renderConfig } from './config.js';
import { renderErrors } from './errors.js';
import { renderProtocol } from './protocol.js';

/** Every generated page, by its path in the checkout. */
export function referencePages(root: string): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: 'docs/reference/errors.md', text: renderErrors() },
    { path: 'docs/reference/config.md', text: renderConfig() },
    { path: 'docs/reference/protocol.md', text: renderProtocol(root) },
  ];
}
