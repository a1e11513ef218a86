import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { CLOSE_CODES } from '../../shared/protocol/close-codes.js';
import { EARLY_CONNECT_PREFIX, EARLY_CONNECT_SUBPROTOCOL } from '../../shared/protocol/early-connect.js';
import { clientFrame } from '../../shared/protocol/frames.js';
import { LIMITS, PROTOCOL_VERSION } from '../../shared/protocol/limits.js';
import { readInterfaces, type DeclaredField, type DeclaredInterface } from './interfaces.js';
import { markdownTable, page } from './markdown.js';
import { readFields } from './schemas.js';

/** docs/reference/protocol.md. `root` is the checkout: the frames of the server are types, which only the source shows. */
export function renderProtocol(root: string): string {
  return page(
    '# Protocol',
    [
      `Version ${PROTOCOL_VERSION}. A frame is one JSON object. A WebSocket text message carries one or more frames, separated by a line feed,`,
      'in both directions. Unknown fields are ignored. Connect to the URL that discovery gave (`/ws?server=…`), send `connect`',
      'with a ticket or an access token, wait for `hello`, then `sync` every channel from the device’s own cursor.',
    ].join('\n'),
    [
      'To save a round trip, `connect` may come with the upgrade request: offer the subprotocols',
      `\`${EARLY_CONNECT_PREFIX}<the frame’s JSON, percent-encoded>\` and \`${EARLY_CONNECT_SUBPROTOCOL}\`, in this order. When the server agrees to \`${EARLY_CONNECT_SUBPROTOCOL}\`, \`hello\``,
      'follows by itself; when it agrees to anything else, or to nothing, send the frame. See [ADR 14](../adr/0014-early-connect.md).',
    ].join('\n'),
    '## Frames from a client',
    ...clientFrames(),
    '## Frames from a server',
    ...serverFrames(root),
    '## Limits',
    markdownTable(
      ['limit', 'value'],
      Object.entries(LIMITS).map(([name, value]) => [`\`${name}\``, value.toLocaleString('en-US')]),
    ),
    '## Close codes',
    '4000 to 4499: reconnect with back-off, and resume. 4500 to 4999: do not reconnect by yourself; something must change first.',
    markdownTable(
      ['name', 'code', 'reason'],
      Object.entries(CLOSE_CODES).map(([name, { code, reason }]) => [`\`${name}\``, String(code), reason]),
    ),
  );
}

function clientFrames(): readonly string[] {
  return clientFrame.options.flatMap((option) => section(readFields(option as z.ZodType), ''));
}

function serverFrames(root: string): readonly string[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const frames = read('shared/protocol/frames.ts');
  const known = new Map([
    ...readInterfaces(frames),
    ...readInterfaces(read('shared/domain/events.ts')),
    ...readInterfaces(read('shared/domain/model.ts')),
  ]);
  const isFrame = ({ name, fields }: DeclaredInterface): boolean => /(Frame|Event)$/.test(name) && fields.some(isType);
  const own = [...known.values()].filter(isFrame).flatMap((frame) => section(allFields(frame, known), frame.doc));
  const parts = ['SyncedChannel', 'EventLink', 'Message', 'Reaction', 'Attachment', 'Channel', 'Receipt'].flatMap((name) =>
    partSection(name, known),
  );
  return [...own, '### Parts of frames', ...parts];
}

function allFields(frame: DeclaredInterface, known: ReadonlyMap<string, DeclaredInterface>): readonly DeclaredField[] {
  const inherited = frame.extends.flatMap((parent) => known.get(parent)?.fields ?? []);
  return [...frame.fields.filter(isType), ...inherited, ...frame.fields.filter((field) => !isType(field))];
}

function isType({ name }: DeclaredField): boolean {
  return name === 'type';
}

function section(fields: readonly DeclaredField[], doc: string): readonly string[] {
  const type = (fields.find(isType)?.type ?? '').replaceAll(/['"]/g, '');
  return [`### \`${type}\``, ...(doc === '' ? [] : [doc]), fieldTable(fields.filter((field) => !isType(field)))].filter(
    (part) => part !== '',
  );
}

function partSection(name: string, known: ReadonlyMap<string, DeclaredInterface>): readonly string[] {
  const part = known.get(name);
  if (part === undefined) throw new Error(`the protocol reference names ${name}, which is not declared`);
  return [`#### ${name}`, ...(part.doc === '' ? [] : [part.doc]), fieldTable(part.fields)];
}

function fieldTable(fields: readonly DeclaredField[]): string {
  if (fields.length === 0) return 'No fields.';
  const rows = fields.map(({ name, optional, type, doc }) => [`\`${name}\``, optional ? '' : 'yes', `\`${type}\``, doc]);
  return markdownTable(['field', 'always', 'type', 'meaning'], rows);
}
