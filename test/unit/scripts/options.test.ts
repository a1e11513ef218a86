import { expect } from 'chai';
import { externalUrls, parseCommandLine } from '../../../scripts/cluster/options.js';

describe('the command line of start-cluster.sh', () => {
  it('has defaults for everything', () => {
    const { nodes, port, publicUrl, flags } = parseCommandLine([]);
    expect({ nodes, port, publicUrl, flags: [...flags] }).to.deep.equal({ nodes: 3, port: 8080, publicUrl: undefined, flags: [] });
  });

  it('takes nodes, port, public address and flags', () => {
    const line = parseCommandLine(['--nodes', '5', '--port=9000', '--public-url', 'http://chat.example.com/', '--reset', '--yes']);
    expect(line).to.deep.include({ nodes: 5, port: 9000, publicUrl: 'http://chat.example.com' });
    expect([...line.flags]).to.deep.equal(['reset', 'yes']);
  });

  for (const [args, message] of [
    [['--nodes', '0'], '--nodes takes a whole number from 1 to 32, not 0'],
    [['--nodes', 'many'], '--nodes takes'],
    [['--port', '70000'], '--port takes'],
    [['--public-url', 'chat.example.com'], '--public-url takes an address'],
    [['--colour'], '--colour'],
  ] as const) {
    it(`refuses ${args.join(' ')} with a sentence`, () => {
      expect(() => parseCommandLine(args)).to.throw(message);
    });
  }
});

describe('services of the user’s own', () => {
  it('are none by default', () => {
    expect(Object.values(externalUrls({ AMQP_URL: '' })).filter((url) => url !== undefined)).to.deep.equal([]);
  });

  it('are taken under their common names', () => {
    const urls = externalUrls({ MYSQL_URL: 'mysql://db/warren', MONGO_URL: 'mongodb://store/warren' });
    expect(urls).to.deep.include({ sql: 'mysql://db/warren', messages: 'mongodb://store/warren' });
  });

  it('prefer the names of the configuration reference', () => {
    expect(externalUrls({ MYSQL_URL: 'mysql://a/b', SQL_URL: 'sqlite:c' }).sql).to.equal('sqlite:c');
  });
});
