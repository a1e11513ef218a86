import { z } from 'zod';
import { runChecks, type ReadinessCheck } from '../../shared/runtime/ops-http.js';
import type { Metrics } from '../../shared/ports/index.js';
import { readinessBody } from '../openapi/bodies.js';
import type { OpenApiDocument } from '../openapi/document.js';
import { DOCS_ASSETS, DOCS_PAGE, readDocsAsset } from './docs-page.js';
import { defineRoute, reply, type Route } from './route.js';

export interface SystemDeps {
  readonly metrics: Metrics;
  readonly readiness: readonly ReadinessCheck[];
  readonly describe: () => OpenApiDocument;
}

const SYSTEM = { method: 'get', tag: 'System', access: 'public', budget: 'none' } as const;

export function systemRoutes(deps: SystemDeps): Route[] {
  return [...healthRoutes(deps), ...documentRoutes(deps)];
}

function healthRoutes(deps: SystemDeps): Route[] {
  return [
    defineRoute({
      ...SYSTEM,
      path: '/healthz',
      summary: 'The process answers',
      answers: { 200: { description: 'ok', type: 'text/plain' } },
      handle: () => Promise.resolve({ status: 200, content: { type: 'text/plain; charset=utf-8', data: 'ok\n' } }),
    }),
    defineRoute({
      ...SYSTEM,
      path: '/readyz',
      summary: 'The process can do its work',
      answers: {
        200: { description: 'Everything it needs is there', schema: readinessBody },
        503: { description: 'Something is missing', schema: readinessBody },
      },
      handle: async () => {
        const failed = await runChecks(deps.readiness);
        return reply(failed.length === 0 ? 200 : 503, { ready: failed.length === 0, failed });
      },
    }),
    defineRoute({
      ...SYSTEM,
      path: '/metrics',
      summary: 'Prometheus metrics',
      answers: { 200: { description: 'The exposition text', type: 'text/plain' } },
      handle: async () => {
        const type = 'text/plain; version=0.0.4; charset=utf-8';
        return { status: 200, content: { type, data: await deps.metrics.render() } };
      },
    }),
  ];
}

function documentRoutes(deps: SystemDeps): Route[] {
  return [
    defineRoute({
      ...SYSTEM,
      path: '/v1/openapi.json',
      summary: 'This document',
      answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
      handle: () => Promise.resolve(reply(200, deps.describe())),
    }),
    defineRoute({
      ...SYSTEM,
      path: '/v1/docs',
      summary: 'This document, to read and try',
      answers: { 200: { description: 'A page', type: 'text/html' } },
      handle: () => Promise.resolve({ status: 200, content: { type: 'text/html; charset=utf-8', data: DOCS_PAGE } }),
    }),
    defineRoute({
      ...SYSTEM,
      path: '/v1/docs/:asset',
      summary: 'What the docs page loads',
      params: z.object({ asset: z.enum(DOCS_ASSETS) }),
      answers: { 200: { description: 'Style, script or icon', type: 'text/javascript' } },
      errors: ['NOT_FOUND'],
      handle: async ({ params }) => ({ status: 200, content: await readDocsAsset(params.asset) }),
    }),
  ];
}
