import type { RequestHandler } from 'express';
import helmet from 'helmet';

const SELF = "'self'";
const NONE = "'none'";

/**
 * Everything from our own origin, chat servers anywhere (their URLs come from discovery), no scripts in pages. Transport security
 * (HSTS, upgrades to https) is for the gateway that ends TLS: on plain http inside a company both would lock users out.
 */
export function setSecurityHeaders(): RequestHandler {
  const directives = {
    'default-src': [SELF],
    'base-uri': [NONE],
    // Where a proxy breaks WebSockets the SDK goes on over HTTP, to the same servers.
    'connect-src': [SELF, 'ws:', 'wss:', 'http:', 'https:'],
    'font-src': [SELF],
    'form-action': [SELF],
    'frame-ancestors': [NONE],
    'img-src': [SELF, 'data:', 'blob:'],
    'object-src': [NONE],
    'script-src': [SELF],
    'style-src': [SELF, "'unsafe-inline'"],
    'worker-src': [SELF],
  };
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: false,
    originAgentCluster: false,
    crossOriginOpenerPolicy: false,
  });
}
