import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import type { Counter } from '../../../shared/ports/index.js';
import { clientAddress } from '../client-address.js';
import type { Door } from '../door.js';
import { answerNotFound, answerText } from './answers.js';
import { checkCallback, formatOf, type Format, type ReceivingTransport } from './formats.js';
import { FORWARDED_HEADER, type Forwarder } from './forwarder.js';
import { closeFrame, decodePayload } from './framing.js';
import type { SockJsHttpSession } from './http-session.js';
import type { BodyReader } from './read-body.js';
import { Receiver } from './receiver.js';
import type { SessionTable } from './session-table.js';

export interface SessionRequestsOptions {
  readonly table: SessionTable;
  readonly door: Door;
  readonly forwarder: Forwarder;
  readonly bodies: BodyReader;
  /** `<internal URL> <incarnation>` of this server. */
  readonly self: () => string;
  /** A streaming answer ends after so many characters, and the client asks again. */
  readonly responseLimitBytes: number;
  readonly forwarded: Counter;
}

export interface SessionRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly sessionId: string;
}

/** Requests of sessions over HTTP: those of sessions that live here, and those that are passed on to where they live. */
export class SessionRequests {
  readonly #options: SessionRequestsOptions;

  constructor(options: SessionRequestsOptions) {
    this.#options = options;
  }

  /** A request that waits for frames; the first one of a session begins it. Rejects with UNAVAILABLE. */
  async receive(call: SessionRequest & { readonly transport: ReceivingTransport; readonly query: URLSearchParams }): Promise<void> {
    const { request, response, sessionId, transport, query } = call;
    const callback = checkCallback(transport, query);
    if ('problem' in callback) {
      answerText(response, 500, callback.problem);
      return;
    }
    const format = formatOf(transport, callback.name);
    // Bodies of these requests mean nothing.
    if (this.#options.table.get(sessionId) !== undefined || isForwarded(request)) request.resume();
    const session = this.#options.table.get(sessionId);
    if (session !== undefined) this.#attach(session, response, format);
    else if (isForwarded(request)) loseSession(response, format);
    else await this.#begin(call, format);
  }

  /** Messages from the client. `form` is the way of `jsonp_send`. Rejects with UNAVAILABLE. */
  async send(call: SessionRequest & { readonly form: boolean }): Promise<void> {
    const { request, response, sessionId } = call;
    const session = this.#options.table.get(sessionId);
    if (session !== undefined && session.open) await this.#take(session, call);
    else if (session !== undefined || isForwarded(request)) answerNotFound(response);
    else {
      const owner = await this.#options.table.findOwner(sessionId);
      if (owner === undefined || !(await this.#forward(call, owner))) answerNotFound(response);
    }
  }

  async #begin(call: SessionRequest, format: Format): Promise<void> {
    const { request, response, sessionId } = call;
    const { table, door } = this.#options;
    const owner = await table.claim(sessionId);
    if (response.destroyed) {
      if (owner === undefined && table.get(sessionId) === undefined) table.release(sessionId);
      return;
    }
    if (owner !== undefined) {
      if (!(await this.#forward(call, owner))) loseSession(response, format);
      return;
    }
    request.resume();
    // Two first requests may have been on their way at once.
    const other = table.get(sessionId);
    const address = clientAddress(request);
    const refusal = door.refusal(address);
    if (other !== undefined) this.#attach(other, response, format);
    else if (refusal === undefined) this.#attach(table.create(sessionId, address), response, format);
    else {
      table.release(sessionId);
      answerText(response, 503, `no new connections: ${refusal}\n`);
    }
  }

  #attach(session: SockJsHttpSession, response: ServerResponse, format: Format): void {
    session.attach(new Receiver(response, format, this.#options.responseLimitBytes));
  }

  async #take(session: SockJsHttpSession, call: SessionRequest & { readonly form: boolean }): Promise<void> {
    const { request, response, form } = call;
    const body = await this.#options.bodies.read(request);
    if ('refused' in body) {
      if (body.refused !== 'aborted') answerText(response, body.refused === 'busy' ? 503 : 413, `${body.refused}\n`);
      return;
    }
    const payload = decodePayload(form ? formField(body.text, request.headers['content-type']) : body.text);
    if ('problem' in payload) {
      answerText(response, 500, payload.problem === 'empty' ? 'Payload expected.' : 'Broken JSON encoding.');
      return;
    }
    session.receive(payload.messages);
    if (form) answerText(response, 200, 'ok');
    else response.writeHead(204, { 'content-type': 'text/plain; charset=UTF-8' }).end();
  }

  async #forward({ request, response }: SessionRequest, owner: string): Promise<boolean> {
    const [address, incarnation] = owner.split(' ');
    const [self, own] = this.#options.self().split(' ');
    // This server in an earlier life.
    if (address === undefined || (address === self && incarnation !== own)) return false;
    this.#options.forwarded.inc();
    return this.#options.forwarder.forward(request, response, address);
  }
}

/** The server that held the session is gone, or has forgotten it: the client begins anew. */
function loseSession(response: ServerResponse, format: Format): void {
  new Receiver(response, format, 0).finish(closeFrame(CLOSE_CODES.SESSION_LOST));
}

function isForwarded(request: IncomingMessage): boolean {
  return request.headers[FORWARDED_HEADER] !== undefined;
}

/** The field `d` of a form; a body of any other type is the payload itself. */
function formField(text: string, contentType: string | undefined): string {
  if (contentType?.startsWith('application/x-www-form-urlencoded') !== true) return text;
  return new URLSearchParams(text).get('d') ?? '';
}
