/** How people look without a picture: initials on a colour that stays theirs. */
const HUES = 10;

/** 0 to 9, the same for an id everywhere and always (FNV-1a). */
export function hueOf(id: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619);
  return (hash >>> 0) % HUES;
}

/** "Ada Lovelace" → "AL", "김하늘" → "하늘", "bob" → "BO". */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first = '?', ...rest] = words;
  const last = rest.at(-1);
  if (/^[\p{Script=Hangul}]{2,4}$/u.test(first) && last === undefined) return Array.from(first).slice(-2).join('');
  if (last !== undefined) return (firstOf(first) + firstOf(last)).toUpperCase();
  return Array.from(first)
    .slice(0, isWide(first) ? 1 : 2)
    .join('')
    .toUpperCase();
}

function firstOf(word: string): string {
  return Array.from(word)[0] ?? '';
}

function isWide(word: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}]/u.test(word);
}
