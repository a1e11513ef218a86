import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../shared/errors/codes.js';
import type { DocumentedAnswer, Route } from '../routes/route.js';
import { errorBody } from './bodies.js';
import { errorsOf } from './errors-of.js';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;
type Responses = RouteConfig['responses'];

const SECURITY_SCHEME = 'accessToken';
const ADMIN_SCHEME = 'adminToken';

/** The OpenAPI 3.1 document of the routes, in their order. */
export function describeRoutes(routes: readonly Route[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', SECURITY_SCHEME, { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  registry.registerComponent('securitySchemes', ADMIN_SCHEME, { type: 'http', scheme: 'bearer' });
  for (const route of routes) registry.registerPath(describeRoute(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Warren',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Accounts, teams, channels, history and discovery. Messages are sent over a chat server’s socket. Every error has the same shape; with `temporary`, the same request may succeed later.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
  });
}

/** `/v1/teams/:teamId` → `/v1/teams/{teamId}` */
export function toOpenApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function describeRoute(route: Route): RouteConfig {
  const { method, path, tag, summary, description } = route;
  return {
    method,
    path: toOpenApiPath(path),
    operationId: operationIdOf(route),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: route.access === 'public' ? [] : [{ [route.access === 'admin' ? ADMIN_SCHEME : SECURITY_SCHEME]: [] }],
    request: {
      ...(route.params === undefined ? {} : { params: asObject(route.params) }),
      ...(route.query === undefined ? {} : { query: asObject(route.query) }),
      ...(route.body === undefined ? {} : { body: { required: true, content: { 'application/json': { schema: route.body } } } }),
    },
    responses: { ...describeErrors(errorsOf(route)), ...describeAnswers(route.answers) },
  };
}

function operationIdOf({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '' && word !== 'v1');
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function describeAnswers(answers: Readonly<Record<number, DocumentedAnswer>>): Responses {
  const described = Object.entries(answers).map(([status, { description, schema, type }]) => {
    if (schema !== undefined) return [status, { description, content: { 'application/json': { schema } } }] as const;
    if (type !== undefined) return [status, { description, content: { [type]: { schema: z.string() } } }] as const;
    return [status, { description }] as const;
  });
  return Object.fromEntries(described);
}

function describeErrors(codes: readonly ErrorCode[]): Responses {
  const statuses = [...new Set(codes.map((code) => ERROR_CODES[code].status))];
  const described = statuses.map((status) => {
    const group = codes.filter((code) => ERROR_CODES[code].status === status);
    const description = group.map((code) => `\`${code}\`: ${ERROR_CODES[code].message}`).join('\n\n');
    return [String(status), { description, content: { 'application/json': { schema: errorBody } } }] as const;
  });
  return Object.fromEntries(described);
}

function asObject(schema: z.ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  throw new TypeError('parameters of a route must be an object');
}
