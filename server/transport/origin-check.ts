/**
 * Whether a browser's Origin may open a connection: exactly one of the allowed origins. Clients that are no browsers
 * send none and pass: nothing here is authenticated by a cookie, so there is nothing for a foreign page to ride on.
 */
export function isOriginAllowed(origin: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (origin === undefined || allowed.has('*')) return true;
  return allowed.has(origin.toLowerCase());
}

/** The configured origins and that of the public URL, as browsers write them. */
export function allowedOrigins(publicUrl: string, configured: readonly string[]): ReadonlySet<string> {
  const own = new URL(publicUrl.replace(/^ws/, 'http')).origin;
  return new Set([own, ...configured].map((origin) => origin.toLowerCase()));
}
