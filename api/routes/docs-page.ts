import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ChatError } from '../../shared/errors/chat-error.js';

/** The docs page: Swagger UI from its package, without a script in the page, so that the content security policy stays strict. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Warren API</title>
    <link rel="icon" type="image/png" href="/v1/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/v1/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/v1/docs/swagger-ui-bundle.js"></script>
    <script src="/v1/docs/start.js"></script>
  </body>
</html>
`;

const START_SCRIPT = `SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false });\n`;

const FILES = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript', 'favicon-32x32.png': 'image/png' } as const;
type DocsFile = keyof typeof FILES;

export const DOCS_ASSETS = ['start.js', 'swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/** @throws ChatError NOT_FOUND when the package's files are not installed. */
export async function readDocsAsset(
  name: (typeof DOCS_ASSETS)[number],
): Promise<{ readonly type: string; readonly data: string | Uint8Array }> {
  if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', data: START_SCRIPT };
  return { type: name.endsWith('.png') ? FILES[name] : `${FILES[name]}; charset=utf-8`, data: await readPackageFile(name) };
}

async function readPackageFile(name: DocsFile): Promise<Uint8Array> {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    return await readFile(join(folder, name));
  } catch (error) {
    throw new ChatError('NOT_FOUND', { cause: error });
  }
}
