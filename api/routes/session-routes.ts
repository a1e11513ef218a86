import { z } from 'zod';
import { deviceIdSchema, logInRequest, refreshRequest } from '../../shared/protocol/http.js';
import { devicesBody, sessionBody, ticketBody } from '../openapi/bodies.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { issueTicket } from '../use-cases/issue-ticket.js';
import { listDevices } from '../use-cases/list-devices.js';
import { logIn } from '../use-cases/log-in.js';
import { logOutCurrent, logOutDevice, logOutEverywhere } from '../use-cases/log-out.js';
import { refreshSession } from '../use-cases/refresh-session.js';
import { defineRoute, reply, type Route } from './route.js';

const LOGGED_OUT = { 204: { description: 'Logged out: no token works any more, every session is closed' } };

export function sessionRoutes(deps: UseCaseDeps): Route[] {
  return [...tokenRoutes(deps), ...logOutRoutes(deps)];
}

function tokenRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/sessions',
      tag: 'Sessions',
      summary: 'Log in',
      description:
        'Makes a device with an access and a refresh token, and names the chat servers to connect to (none when none is available).',
      access: 'public',
      budget: 'logInPerAddress',
      body: logInRequest,
      answers: { 201: { description: 'The new device’s tokens', schema: sessionBody } },
      errors: ['BAD_CREDENTIALS', 'OVERLOADED', 'UNAVAILABLE'],
      handle: async ({ body }) => reply(201, await logIn(deps, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/sessions/refresh',
      tag: 'Sessions',
      summary: 'New tokens for a refresh token',
      description: 'A refresh token works once. Using it again logs its device out, because two hold it.',
      access: 'public',
      budget: 'api',
      body: refreshRequest,
      answers: { 200: { description: 'The device’s new tokens', schema: sessionBody } },
      errors: ['TOKEN_INVALID', 'TOKEN_REUSED', 'UNAVAILABLE'],
      handle: async ({ body }) => reply(200, await refreshSession(deps, body)),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/sessions',
      tag: 'Sessions',
      summary: 'Where the caller is logged in',
      access: 'caller',
      budget: 'api',
      answers: { 200: { description: 'The caller’s devices', schema: devicesBody } },
      handle: async ({ caller }) => reply(200, { devices: await listDevices(deps, caller) }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/tickets',
      tag: 'Sessions',
      summary: 'A single-use ticket to connect to a chat server with',
      access: 'caller',
      budget: 'api',
      answers: { 201: { description: 'The ticket', schema: ticketBody } },
      handle: async ({ caller }) => reply(201, await issueTicket(deps, caller)),
    }),
  ];
}

function logOutRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'delete',
      path: '/v1/sessions',
      tag: 'Sessions',
      summary: 'Log out everywhere',
      access: 'caller',
      budget: 'api',
      answers: LOGGED_OUT,
      handle: async ({ caller }) => {
        await logOutEverywhere(deps, caller);
        return reply(204);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/sessions/current',
      tag: 'Sessions',
      summary: 'Log out here',
      description: 'May be repeated with the same access token after a temporary error.',
      access: 'former-caller',
      budget: 'api',
      answers: LOGGED_OUT,
      handle: async ({ caller }) => {
        await logOutCurrent(deps, caller);
        return reply(204);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/sessions/:deviceId',
      tag: 'Sessions',
      summary: 'Log one device out',
      access: 'caller',
      budget: 'api',
      params: z.object({ deviceId: deviceIdSchema }),
      answers: LOGGED_OUT,
      errors: ['NOT_FOUND'],
      handle: async ({ caller, params }) => {
        await logOutDevice(deps, caller, params.deviceId);
        return reply(204);
      },
    }),
  ];
}
