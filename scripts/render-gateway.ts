import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutRoot } from './cluster/options.js';
import { renderGateway } from './gateway/render.js';
import { parseEndpoints } from './gateway/endpoints.js';

// Writes the gateway's nginx configuration to standard output, for an image or a machine of its own; deploy/Dockerfile uses it.

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '' },
    apis: { type: 'string', default: '' },
    listen: { type: 'string', default: '8080' },
    resolver: { type: 'string' },
  },
});

const template = readFileSync(join(checkoutRoot(), 'nginx', 'warren.conf.template'), 'utf8');
process.stdout.write(
  renderGateway(template, {
    servers: parseEndpoints(values.servers),
    apis: parseEndpoints(values.apis),
    listen: values.listen.split(','),
    resolver: values.resolver,
    user: 'nginx',
    accessLog: '/dev/stdout',
    tempFolder: '/var/cache/nginx',
    mimeTypes: '/etc/nginx/mime.types',
  }),
);
