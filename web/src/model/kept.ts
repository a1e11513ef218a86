const PREFIX = 'warren-web.';

/** Small things this page remembers in the browser. A browser that forbids storage just forgets them. */
export function readKept(key: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeKept(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Full or forbidden: it is a convenience, and the page works without it.
  }
}

export function dropKept(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // As above.
  }
}
