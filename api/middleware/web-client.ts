import { resolve } from 'node:path';
import express, { type RequestHandler } from 'express';
import { contextOf } from './request-context.js';

/** Files with a hash in their name never change; the page that names them is asked for every time. */
const HASHED = /-[\w-]{8,}\.\w+$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the built web client. */
export function serveWebFiles(root: string): RequestHandler {
  const files = express.static(root, {
    setHeaders: (response, path) => response.setHeader('Cache-Control', HASHED.test(path) ? FOR_EVER : 'no-cache'),
  });
  return (request, response, next) => {
    const context = contextOf(request);
    context.route = 'web';
    files(request, response, (error?: unknown) => {
      context.route = 'unmatched';
      next(error);
    });
  };
}

/** A path of the client's own, asked for as a page, gets the page: the client's router reads the path. */
export function serveWebPage(root: string): RequestHandler {
  const page = resolve(root, 'index.html');
  return (request, response, next) => {
    if (request.method !== 'GET' || request.path.startsWith('/v1/') || request.accepts(['json', 'html']) !== 'html') {
      next();
      return;
    }
    contextOf(request).route = 'web';
    response.set('Cache-Control', 'no-cache').sendFile(page, (error?: Error) => {
      if (error !== undefined && !response.headersSent) next();
    });
  };
}
