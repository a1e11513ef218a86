import ts from 'typescript';

/** A field as its declaration says it. */
export interface DeclaredField {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly doc: string;
}

export interface DeclaredInterface {
  readonly name: string;
  readonly doc: string;
  readonly extends: readonly string[];
  readonly fields: readonly DeclaredField[];
}

/** The interfaces of a TypeScript source, with their comments: what is only a type has no schema to generate from. */
export function readInterfaces(source: string): ReadonlyMap<string, DeclaredInterface> {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
  return new Map(file.statements.filter(ts.isInterfaceDeclaration).map((node) => [node.name.text, readInterface(node, file)]));
}

function readInterface(node: ts.InterfaceDeclaration, file: ts.SourceFile): DeclaredInterface {
  return {
    name: node.name.text,
    doc: comment(node),
    extends: (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.getText(file))),
    fields: node.members.filter(ts.isPropertySignature).map((member) => readField(member, file)),
  };
}

function readField(member: ts.PropertySignature, file: ts.SourceFile): DeclaredField {
  return {
    name: member.name.getText(file),
    optional: member.questionToken !== undefined,
    type: (member.type?.getText(file) ?? 'unknown').replaceAll(/\breadonly /g, '').replaceAll(/ \| undefined$/g, ''),
    doc: comment(member),
  };
}

function comment(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return docs
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
