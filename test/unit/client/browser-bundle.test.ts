import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../../..');

/** What a module imports once its types are erased. */
function runtimeImports(file: string): string[] {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions });
  return ts.preProcessFile(outputText).importedFiles.map(({ fileName }) => fileName);
}

function reachable(entry: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [join(ROOT, entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(relative(ROOT, file))) continue;
    files.add(relative(ROOT, file));
    for (const name of runtimeImports(file)) {
      if (name.startsWith('.')) queue.push(join(dirname(file), name.replace(/\.js$/, '.ts')));
      else packages.add(name);
    }
  }
  return { files, packages };
}

describe('client: what a browser gets', () => {
  it('needs no package and nothing of Node', () => {
    expect([...reachable('client/mod.ts').packages]).to.deep.equal([]);
  });

  it('takes nothing but the SDK, the protocol constants and the domain', () => {
    const { files } = reachable('client/mod.ts');
    const outside = [...files].filter((file) => !file.startsWith('client/'));
    expect(outside.every((file) => existsSync(join(ROOT, file)))).to.equal(true);
    expect(outside.every((file) => /^shared\/(domain|protocol)\//.test(file))).to.equal(true);
    expect(outside).to.include('shared/protocol/close-codes.ts');
  });
});
