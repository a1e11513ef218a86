import { expect } from 'chai';
import { toOpenApiPath } from '../../../api/openapi/document.js';
import { ApiWorld } from '../../support/api-world.js';

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
interface RouterLayer {
  readonly route?: {
    readonly path: string;
    readonly methods: Readonly<Record<string, boolean>>;
    readonly stack: readonly { method?: string }[];
  };
}

describe('API: OpenAPI document', () => {
  let world: ApiWorld;
  let document: OpenApi;
  before(async () => {
    world = await new ApiWorld().start();
    document = (await world.ask<OpenApi>('GET', '/v1/openapi.json')).body;
  });
  after(() => world.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('has every route that Express serves, and no other', () => {
    const layers = (world.app as unknown as { router: { stack: readonly RouterLayer[] } }).router.stack;
    const served = layers.flatMap(({ route }) => {
      // `app.all`, which answers with 405, registers every method that Node knows.
      if (route === undefined || route.methods['trace'] === true) return [];
      return Object.keys(route.methods).map((method) => `${method} ${toOpenApiPath(route.path)}`);
    });
    const documented = operations().map(({ path, method }) => `${method} ${path}`);
    expect(served).to.have.length.greaterThan(30);
    expect([...documented].sort()).to.deep.equal([...served].sort());
  });

  it('is OpenAPI 3.1, and every reference in it leads somewhere', () => {
    expect(document.openapi).to.equal('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? '');
    expect(references).to.have.length.greaterThan(10);
    expect(Object.keys(document.components.schemas)).to.include.members(references);
  });

  it('names each operation once', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('declares every parameter of a path', () => {
    for (const { path, operation } of operations()) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      expect(inPath, path).to.deep.equal([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    }
  });

  it('describes the success and the errors of every operation with its codes', () => {
    for (const { path, method, operation } of operations()) {
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => status.startsWith('2')),
        `${method} ${path}`,
      ).to.equal(true);
      expect(operation.responses['500']?.description, `${method} ${path}`).to.include('INTERNAL');
      // Administrators have a token that does not expire.
      const isCaller = operation.security.some((scheme) => 'accessToken' in scheme);
      if (isCaller) expect(operation.responses['401']?.description).to.include('TOKEN_EXPIRED');
    }
  });

  it('is shown by a page whose parts are all served here', async () => {
    const { body, headers } = await world.ask<string>('GET', '/v1/docs');
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
    const parts = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(parts).to.have.length(4);
    for (const part of parts) expect((await fetch(world.url + part)).status, part).to.equal(200);
    expect(body).to.not.match(/<script>|\son\w+=/);
  });
});
