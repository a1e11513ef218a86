import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseEndpoints } from '../../../scripts/gateway/endpoints.js';
import { readConfig, type ConfigSchema } from '../../../shared/config/define.js';
import { API_CONFIG, SERVER_CONFIG, WORKER_CONFIG } from '../../../shared/config/schemas.js';

interface ComposeService {
  readonly image: string;
  readonly hostname: string;
  readonly build?: { readonly dockerfile: string; readonly target: string; readonly args?: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const composeText = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
const exampleNames = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]!);

const SCHEMAS: Readonly<Record<string, ConfigSchema>> = { server: SERVER_CONFIG, api: API_CONFIG, worker: WORKER_CONFIG };
/** `server` of `dist/server/main.js`. */
const kindOf = (service: ComposeService): string | undefined => /^dist\/(\w+)\/main\.js$/.exec(service.command?.at(-1) ?? '')?.[1];
const apps = services.flatMap(([name, service]) => {
  const kind = kindOf(service);
  return kind === undefined ? [] : [{ name, service, kind, schema: SCHEMAS[kind]!, environment: service.environment ?? {} }];
});

/** As Docker does it: `${NAME:-default}`, `${NAME:?message}`; secrets get a stand-in that is long enough. */
function interpolate(value: string): string {
  return value.replace(
    /\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}/g,
    (_, name: string, fallback?: string) => fallback ?? `${name.toLowerCase()}${'x'.repeat(32)}`,
  );
}

describe('docker-compose.yml', () => {
  it('has three chat servers, two API instances and a worker, called by their host names', () => {
    expect(apps.map(({ name }) => name)).to.deep.equal(['server1', 'server2', 'server3', 'api1', 'api2', 'worker1']);
    for (const [name, service] of services) expect(service.hostname).to.equal(name);
  });

  it('runs programs that exist', () => {
    for (const { service } of apps) expect(existsSync(service.command!.at(-1)!.replace('dist/', '').replace('.js', '.ts'))).to.equal(true);
  });

  for (const { name, schema, environment } of apps) {
    it(`gives ${name} only variables that it reads, with values that it accepts`, () => {
      expect(Object.keys(environment).filter((key) => !(key in schema))).to.deep.equal([]);
      const values = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, interpolate(value)]));
      expect(() => readConfig(schema, values)).not.to.throw();
    });
  }

  it('gives each chat server its own id, and its address with that id', () => {
    for (const { name, kind, environment } of apps.filter((app) => app.kind === 'server')) {
      expect(kind).to.equal('server');
      expect(environment['SERVER_ID']).to.equal(name);
      expect(interpolate(environment['PUBLIC_WS_URL']!)).to.equal(`ws://localhost:8080/ws?server=${name}`);
    }
  });

  it('asks each process on its own port whether it is ready, at a path that it serves', () => {
    for (const { service, environment } of apps)
      expect(service.healthcheck?.test.join(' ')).to.contain(`http://127.0.0.1:${environment['PORT'] ?? ''}/readyz'`);
    expect(readFileSync('shared/runtime/ops-http.ts', 'utf8')).to.contain("'/readyz'");
    expect(readFileSync('api/routes/system-routes.ts', 'utf8')).to.contain("'/readyz'").and.to.contain("'/healthz'");
  });

  it('points the gateway at every process, on the port it listens on', () => {
    const args = compose.services['gateway']!.build!.args!;
    const seats = (kind: string): readonly object[] =>
      apps.filter((app) => app.kind === kind).map(({ name, environment }) => ({ name, address: `${name}:${environment['PORT'] ?? ''}` }));
    expect(parseEndpoints(args['SERVERS']!)).to.deep.equal(seats('server'));
    expect(parseEndpoints(args['APIS']!)).to.deep.equal(seats('api'));
  });

  it('publishes the port that the gateway listens on', () => {
    expect(/--listen (\d+)/.exec(dockerfile)?.[1]).to.equal('8080');
    expect(compose.services['gateway']!.ports!.map(interpolate)).to.deep.equal(['8080:8080']);
    expect(compose.services['gateway']!.healthcheck!.test.join(' ')).to.contain('http://127.0.0.1:8080/healthz');
  });

  it('waits for services that exist and tell their health', () => {
    for (const [name, service] of services) {
      expect(service.healthcheck, `health check of ${name}`).to.not.equal(undefined);
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services, `what ${name} waits for`).to.have.property(needed);
        expect(condition).to.equal('service_healthy');
      }
    }
  });

  it('names the hosts of services in its URLs', () => {
    for (const { environment } of apps) {
      const hosts = ['AMQP_URL', 'REDIS_URL', 'SQL_URL', 'MESSAGES_URL'].map((key) => new URL(interpolate(environment[key]!)).hostname);
      expect(hosts).to.deep.equal(['rabbitmq', 'redis', 'mysql', 'mongodb']);
    }
  });

  it('declares its volumes', () => {
    const used = services.flatMap(([, service]) => (service.volumes ?? []).map((volume) => volume.split(':')[0]));
    expect(used.sort()).to.deep.equal(Object.keys(compose.volumes).sort());
  });

  it('takes its secrets from .env: all that are there, and no others', () => {
    const required = new Set([...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map((match) => match[1]!));
    expect([...required].sort()).to.deep.equal([...exampleNames].sort());
    expect([...composeText.matchAll(/\$\{([A-Z_]+)\}/g)].map((match) => match[1])).to.deep.equal([]);
  });
});

describe('deploy/Dockerfile', () => {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map((match) => match[1]!);

  it('has the targets that docker-compose.yml builds', () => {
    for (const [, { build }] of services) {
      if (build === undefined) continue;
      expect(existsSync(build.dockerfile)).to.equal(true);
      expect(stages).to.include(build.target);
    }
  });

  it('copies what exists, from the checkout or from a stage before', () => {
    for (const [, from, sources] of dockerfile.matchAll(/^COPY (?:--from=(\S+) )?(.+) \S+$/gm)) {
      if (from === undefined) for (const source of sources!.split(' ')) expect(existsSync(source), source).to.equal(true);
      else expect(stages).to.include(from);
    }
  });

  it('copies every folder that the build compiles', () => {
    const { include } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8')) as { readonly include: readonly string[] };
    for (const folder of include) expect(dockerfile).to.contain(`COPY ${folder} ${folder}\n`);
  });
});
