import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { clientAddress } from '../client-address.js';

/** Marks a request that another server has passed on: it is answered here, whatever comes of it. */
export const FORWARDED_HEADER = 'x-warren-forwarded';
const CONNECT_MS = 2_000;
/** Longer than a heartbeat: an owner that says nothing for so long is gone. */
const SILENCE_MS = 40_000;
const PASSED_ON = ['content-type', 'content-length', 'transfer-encoding', 'origin', 'host', 'x-forwarded-proto', 'x-request-id'];
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'date']);

/** Passes requests on to the server that holds their session, byte by byte, in the pace of the slower side. */
export class Forwarder {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' });

  /** Resolves once the owner has begun to answer, or with false when there is nobody: then nothing has been answered yet. */
  forward(request: IncomingMessage, response: ServerResponse, address: string): Promise<boolean> {
    return new Promise((resolve) => {
      const target = new URL(request.url ?? '/', address);
      const upstream = httpRequest(target, { method: request.method ?? 'GET', agent: this.#agent, headers: headersOf(request) });
      const timer = setTimeout(() => upstream.destroy(), CONNECT_MS);
      upstream.on('socket', (socket) => {
        if (!socket.connecting) clearTimeout(timer);
        else socket.once('connect', () => clearTimeout(timer));
      });
      upstream.setTimeout(SILENCE_MS, () => upstream.destroy());
      upstream.on('error', () => {
        clearTimeout(timer);
        resolve(false);
      });
      upstream.on('response', (answer) => {
        resolve(true);
        passBack(answer, response);
      });
      // Whoever gives up ends it for the other side as well: the owner then knows that frames may be lost.
      response.once('close', () => upstream.destroy());
      request.pipe(upstream);
    });
  }

  stop(): void {
    this.#agent.destroy();
  }
}

function headersOf(request: IncomingMessage): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = { [FORWARDED_HEADER]: '1', 'x-forwarded-for': clientAddress(request) };
  for (const name of PASSED_ON) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  return headers;
}

function passBack(answer: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
  response.writeHead(answer.statusCode ?? 502);
  response.flushHeaders();
  answer.pipe(response);
  answer.once('error', () => response.destroy());
  answer.once('aborted', () => response.destroy());
}
