import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** A TypeScript module and all that it imports, as scripts of a browser: by the paths that their imports lead to. */
export function browserModules(entry: string): ReadonlyMap<string, string> {
  const scripts = new Map<string, string>();
  const queue = [entry];
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const path = `/${file.replace(/\.ts$/, '.js')}`;
    if (scripts.has(path)) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'), { compilerOptions });
    scripts.set(path, outputText);
    for (const { fileName } of ts.preProcessFile(outputText).importedFiles)
      queue.push(posix.join(posix.dirname(file), fileName).replace(/\.js$/, '.ts'));
  }
  return scripts;
}
