import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { importsOf, readImports } from './imports.js';
import { DRIVERS, isInside, RULES, violation } from './rules.js';
import { sourceFiles } from './source-files.js';

describe('imports', () => {
  const files = sourceFiles();
  const imports = readImports(files);

  for (const { room } of RULES) {
    it(`of ${room} stay within what it may know`, () => {
      const broken = imports.filter(({ file }) => isInside(file, room)).map(violation);
      expect(broken.filter((text) => text !== undefined)).to.deep.equal([]);
    });
  }

  it('of the web client stay within itself, the SDK and packages', () => {
    const foreign = imports.filter(
      ({ file, target }) =>
        isInside(file, 'web') && /^(shared|server|api|worker|scripts)\//.test(target) && !/^shared\/(domain|protocol)\//.test(target),
    );
    expect(foreign).to.deep.equal([]);
  });

  it('of drivers happen in their adapters only', () => {
    const drivers = new Set(Object.values(DRIVERS).flat());
    const production = /^(shared|server|api|worker|client)\//;
    const outside = imports.filter(
      ({ file, target }) => drivers.has(target) && production.test(file) && !isInside(file, 'shared/adapters'),
    );
    expect(outside).to.deep.equal([]);
  });

  it('have a rule for every adapter', () => {
    expect(readdirSync('shared/adapters').sort()).to.deep.equal(Object.keys(DRIVERS).sort());
  });

  it('are found in every form', () => {
    const text =
      "import a from 'ws';\nimport './side.js';\nexport * from '../b.js';\nconst c = await import('@x/y/z');\nimport type {\n  D,\n} from 'node:fs';\n";
    expect(importsOf('server/chat/a.ts', text).map(({ target }) => target)).to.deep.equal([
      'ws',
      'server/chat/side',
      'server/b',
      '@x/y',
      'node:fs',
    ]);
  });

  it('that break a rule are noticed', () => {
    const bad: readonly (readonly [file: string, target: string])[] = [
      ['shared/protocol/frames.ts', 'node:fs'],
      ['shared/adapters/redis/directory.ts', 'shared/adapters/memory/directory'],
      ['shared/adapters/redis/directory.ts', 'shared/config/schemas'],
      ['server/chat/send-message.ts', 'server/session/session'],
      ['server/chat/send-message.ts', 'shared/adapters/redis/index'],
      ['server/chat/send-message.ts', 'ioredis'],
      ['api/use-cases/log-in.ts', 'express'],
      ['api/compose.ts', 'server/compose'],
      ['server/routing/deliver.ts', 'server/session/session-registry'],
      ['client/client.ts', 'shared/ports/index'],
    ];
    for (const [file, target] of bad) expect(violation({ file, target, typeOnly: false }), `${file} → ${target}`).not.to.equal(undefined);
  });
});
