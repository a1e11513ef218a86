/** A message's text in parts: it is always rendered as text nodes and links, never as HTML. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string };

/** Links, `code` and @names, in one pass; every alternative is linear, so no text can make it slow. */
const PATTERN = /https?:\/\/[^\s<>"'`]+|`[^`\n]{1,500}`|@[a-z0-9][a-z0-9._-]{1,31}/giu;
const TRAILING = /[.,;:!?)\]}'"…。，、！？）」』]+$/u;

export function parseText(content: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of content.matchAll(PATTERN)) {
    const part = readPart(content, match[0], match.index);
    if (part === undefined) continue;
    if (match.index > from) parts.push({ kind: 'text', text: content.slice(from, match.index) });
    parts.push(part);
    from = match.index + part.text.length + (part.kind === 'code' ? 2 : 0);
  }
  if (from < content.length) parts.push({ kind: 'text', text: content.slice(from) });
  return parts;
}

function readPart(content: string, found: string, index: number): TextPart | undefined {
  if (found.startsWith('`')) return { kind: 'code', text: found.slice(1, -1) };
  if (found.startsWith('@')) return isWordBefore(content, index) ? undefined : { kind: 'mention', text: found.replace(/[._-]+$/, '') };
  return readLink(found);
}

/** An @ inside a word is a mail address, not a mention. */
function isWordBefore(content: string, index: number): boolean {
  return index > 0 && /[\p{L}\p{N}_]/u.test(content[index - 1] as string);
}

/** Only http and https become links, without the punctuation of the sentence around them; brackets that were opened inside stay. */
function readLink(found: string): TextPart | undefined {
  const text = trimLink(found);
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  return { kind: 'link', text, url: url.href };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function trimLink(found: string): string {
  const trimmed = found.replace(TRAILING, '');
  const rest = found.slice(trimmed.length);
  return rest.startsWith(')') && trimmed.includes('(') ? trimmed + ')' : trimmed;
}

const FOLD_CHARS = 3000;
const FOLD_LINES = 40;

/** The beginning of a very long text, or undefined when it may be shown as it is. */
export function foldText(content: string): string | undefined {
  const lines = nthLineEnd(content, FOLD_LINES);
  const end = Math.min(lines, FOLD_CHARS);
  return content.length > end + 200 ? content.slice(0, end) : undefined;
}

function nthLineEnd(content: string, count: number): number {
  let at = -1;
  for (let line = 0; line < count; line++) {
    at = content.indexOf('\n', at + 1);
    if (at === -1) return content.length;
  }
  return at;
}

/** Up to three emoji and nothing else: shown large. */
export function isOnlyEmoji(content: string): boolean {
  if (content.length > 40) return false;
  return /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u.test(content.trim());
}
