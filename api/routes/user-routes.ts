import { listUsersQuery, signUpRequest, updateMeRequest } from '../../shared/protocol/http.js';
import { userBody, userListBody } from '../openapi/bodies.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { findUsersById, searchUsers } from '../use-cases/find-users.js';
import { getMe, updateMe } from '../use-cases/profile.js';
import { signUp } from '../use-cases/sign-up.js';
import { defineRoute, reply, type Route } from './route.js';

export function userRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/users',
      tag: 'Users',
      summary: 'Sign up',
      access: 'public',
      budget: 'signUp',
      body: signUpRequest,
      answers: { 201: { description: 'The new user, not logged in yet', schema: userBody } },
      errors: ['USERNAME_TAKEN', 'OVERLOADED', 'UNAVAILABLE'],
      handle: async ({ body }) => reply(201, { user: await signUp(deps, body) }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/users',
      tag: 'Users',
      summary: 'Find users by name or id',
      description: 'Users whose user name or display name starts with `query`, by user name; or those named by `ids`.',
      access: 'caller',
      budget: 'api',
      query: listUsersQuery,
      answers: { 200: { description: 'A page of users', schema: userListBody } },
      handle: async ({ query }) =>
        reply(200, query.ids === undefined ? await searchUsers(deps, query) : await findUsersById(deps, query.ids)),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/me',
      tag: 'Users',
      summary: 'The caller',
      access: 'caller',
      budget: 'api',
      answers: { 200: { description: 'The caller', schema: userBody } },
      errors: ['NOT_FOUND'],
      handle: async ({ caller }) => reply(200, { user: await getMe(deps, caller) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/v1/me',
      tag: 'Users',
      summary: 'Change the profile',
      access: 'caller',
      budget: 'api',
      body: updateMeRequest,
      answers: { 200: { description: 'The caller, changed', schema: userBody } },
      errors: ['NOT_FOUND'],
      handle: async ({ caller, body }) => reply(200, { user: await updateMe(deps, caller, body) }),
    }),
  ];
}
