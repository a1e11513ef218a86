import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { renderGateway, type GatewayPlan } from '../../../scripts/gateway/render.js';

const template = readFileSync('nginx/warren.conf.template', 'utf8');
const plan: GatewayPlan = {
  servers: [
    { name: 'server1', address: '127.0.0.1:9101' },
    { name: 'server2', address: '127.0.0.1:9102' },
  ],
  apis: [{ name: 'api1', address: '127.0.0.1:9201' }],
  listen: ['127.0.0.1:8080', '[::1]:8080'],
  accessLog: '/dev/stdout',
  tempFolder: '/var/tmp/warren',
  mimeTypes: '/etc/nginx/mime.types',
};

/** The lines of the block that begins with `head`, without indentation. */
function block(text: string, head: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const begin = lines.indexOf(`${head} {`);
  return lines.slice(begin + 1, lines.indexOf('}', begin));
}

describe('the gateway configuration', () => {
  const text = renderGateway(template, plan);

  it('leaves no placeholder behind', () => {
    expect(text).not.to.contain('${');
  });

  it('sends ?server=<name> to that server, and to the others only when it does not answer', () => {
    expect(block(text, 'map $arg_server $chat_upstream')).to.deep.equal([
      'default chat;',
      'server1 chat_server1;',
      'server2 chat_server2;',
    ]);
    expect(block(text, 'upstream chat_server2')).to.include.members([
      'server 127.0.0.1:9102 max_fails=1 fail_timeout=2s;',
      'server 127.0.0.1:9101 max_fails=1 fail_timeout=2s backup;',
    ]);
  });

  it('spreads a client without a known server over all of them', () => {
    const servers = block(text, 'upstream chat').filter((line) => line.startsWith('server '));
    expect(servers).to.have.lengthOf(2);
  });

  it('listens where it is told', () => {
    expect(text).to.contain('listen 127.0.0.1:8080;').and.to.contain('listen [::1]:8080;');
  });

  it('logs no query string and no header of the client', () => {
    const format = /log_format gateway ([^;]+);/.exec(text)?.[1] ?? '';
    expect(format).to.contain('$logged_path');
    expect(text).to.match(/map \$uri \$logged_path/);
    expect(format).not.to.match(/\$(request\b|request_uri|args|query_string|http_)/);
  });

  it('resolves names again and again where there is a resolver', () => {
    const docker = renderGateway(template, { ...plan, resolver: '127.0.0.11', servers: [{ name: 'server1', address: 'server1:9101' }] });
    expect(docker)
      .to.contain('resolver 127.0.0.11 valid=5s ipv6=off;')
      .and.to.contain('server server1:9101 max_fails=1 fail_timeout=2s resolve;');
  });

  it('refuses names, addresses and paths that could break out of their place', () => {
    const bad: readonly Partial<GatewayPlan>[] = [
      { servers: [{ name: 'server1; }', address: '127.0.0.1:1' }] },
      { apis: [{ name: 'api1', address: '127.0.0.1:1; return 200' }] },
      { tempFolder: '/tmp/a b' },
      { servers: [] },
    ];
    for (const part of bad) expect(() => renderGateway(template, { ...plan, ...part })).to.throw(Error);
  });

  it('refuses a template that names an unknown value', () => {
    expect(() => renderGateway('${NOT_THERE}', plan)).to.throw('NOT_THERE');
  });
});
