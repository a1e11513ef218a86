const MAX = 32;

/** A short name made of a team's name: "Team Blue" → "team-blue". A name without Latin letters gives one that is likely to be free. */
export function slugFrom(name: string): string {
  if (name.trim() === '') return '';
  const latin = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX)
    .replace(/^-+|-+$/g, '');
  return latin.length >= 2 ? latin : `team-${shortHash(name)}`;
}

function shortHash(text: string): string {
  let hash = 0;
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}
