import { expect } from 'chai';
import { Connections, describeStomp } from '../support/stomp-service.js';
import { wireFrame } from '../support/stomp-wire.js';

const VERSIONS: readonly (readonly [offered: string | undefined, agreed: string | undefined])[] = [
  ['1.0,1.1,1.2', '1.2'],
  ['1.0,1.1', '1.1'],
  ['1.1, 1.2', '1.2'],
  ['1.2,2.0', '1.2'],
  ['1.0', undefined],
  [undefined, undefined],
];

describeStomp('STOMP: connecting', (service) => {
  const connections = new Connections(service);

  for (const [offered, agreed] of VERSIONS)
    it(`agrees on ${agreed ?? '1.0, without saying so,'} when ${offered ?? 'nothing'} is offered`, async () => {
      const wire = await connections.open();
      wire.send('CONNECT', { 'accept-version': offered, passcode: service().alice.token });
      const { headers } = await wire.next('CONNECTED');
      expect(headers['version']).to.equal(agreed);
      expect(headers['user-name']).to.equal(service().alice.userId);
      expect(headers).to.have.property('session');
    });

  it('names what it speaks when nothing fits, and closes', async () => {
    const wire = await connections.open();
    wire.send('CONNECT', { 'accept-version': '0.9,3.0', passcode: service().alice.token });
    const { headers } = await wire.next('ERROR');
    expect(headers).to.include({ code: 'UNSUPPORTED_VERSION', version: '1.0,1.1,1.2' });
    expect(await wire.closed).to.equal(4505);
  });

  for (const [protocols, chosen] of [
    [['v10.stomp', 'v11.stomp', 'v12.stomp'], 'v12.stomp'],
    [['v10.stomp', 'v11.stomp'], 'v11.stomp'],
    [['chat', 'v10.stomp'], 'v10.stomp'],
    [[], ''],
  ] as const)
    it(`takes ${chosen === '' ? 'no subprotocol' : chosen} of [${protocols.join(', ')}]`, async () => {
      expect((await connections.open(protocols)).protocol).to.equal(chosen);
    });

  const credentials: readonly (readonly [title: string, headers: () => Promise<Readonly<Record<string, string>>>])[] = [
    ['a bearer token', () => Promise.resolve({ Authorization: `Bearer ${service().alice.token}` })],
    ['a bearer token with other capitals', () => Promise.resolve({ authorization: `bearer ${service().alice.token}` })],
    ['a token as the passcode', () => Promise.resolve({ login: 'alice', passcode: service().alice.token })],
    ['a ticket', async () => ({ ticket: await service().alice.ticket() })],
    ['a ticket as the passcode', async () => ({ login: 'alice', passcode: await service().alice.ticket() })],
  ];
  for (const [title, headers] of credentials)
    it(`lets in who has ${title}`, async () => {
      const wire = await connections.open();
      wire.send('STOMP', { 'accept-version': '1.2', host: 'chat.test', ...(await headers()) });
      expect((await wire.next('CONNECTED')).headers).to.include({ 'user-name': service().alice.userId });
    });

  it('takes a ticket once', async () => {
    const passcode = await service().alice.ticket();
    const first = await connections.open();
    first.send('CONNECT', { 'accept-version': '1.2', passcode });
    await first.next('CONNECTED');
    const second = await connections.open();
    second.send('CONNECT', { 'accept-version': '1.2', passcode });
    expect(await second.errorCode()).to.equal('TOKEN_INVALID');
    expect(await second.closed).to.equal(4500);
  });

  for (const [title, headers, code] of [
    ['no credentials', {}, 'UNAUTHENTICATED'],
    ['a token that is none', { Authorization: 'Bearer a.b.c' }, 'TOKEN_INVALID'],
    ['a guest of RabbitMQ', { login: 'guest', passcode: 'guest' }, 'TOKEN_INVALID'],
  ] as const)
    it(`refuses ${title}`, async () => {
      const wire = await connections.open();
      wire.send('CONNECT', { 'accept-version': '1.2', ...headers });
      expect(await wire.errorCode()).to.equal(code);
      expect(await wire.closed).to.equal(4500);
    });

  it('refuses whatever comes before CONNECT', async () => {
    const wire = await connections.open();
    wire.send('SEND', { destination: '/app/channels.0' }, 'hi');
    expect(await wire.errorCode()).to.equal('UNAUTHENTICATED');
    expect(await wire.closed).to.equal(4500);
  });

  it('refuses what does not wait for CONNECTED', async () => {
    const wire = await connections.open();
    const connect = wireFrame('CONNECT', { 'accept-version': '1.2', passcode: service().alice.token });
    wire.write(connect + wireFrame('SEND', { destination: '/app/channels.0' }, 'hi'));
    expect(await wire.errorCode()).to.equal('INVALID_INPUT');
  });

  it('refuses a second CONNECT', async () => {
    const wire = await connections.connect(service().alice);
    wire.send('CONNECT', { 'accept-version': '1.2', passcode: service().alice.token });
    expect(await wire.errorCode()).to.equal('INVALID_INPUT');
    expect(await wire.closed).to.equal(4503);
  });

  it('offers heart-beats since 1.1', async () => {
    const wire = await connections.open();
    wire.send('CONNECT', { 'accept-version': '1.1', 'heart-beat': '0,0', passcode: service().alice.token });
    expect((await wire.next('CONNECTED')).headers['heart-beat']).to.match(/^\d+,\d+$/);
  });

  it('refuses heart-beats that are none', async () => {
    const wire = await connections.open();
    wire.send('CONNECT', { 'accept-version': '1.2', 'heart-beat': 'often', passcode: service().alice.token });
    expect(await wire.errorCode()).to.equal('INVALID_INPUT');
  });

  it('understands a frame that comes byte by byte, with carriage returns, as text or binary', async () => {
    const wire = await connections.open();
    for (const byte of `\r\nCONNECT\r\naccept-version:1.2\r\npasscode:${service().alice.token}\r\n\r\n\0`) wire.write(byte);
    await wire.next('CONNECTED');
    const bytes = Buffer.from(wireFrame('DISCONNECT', { receipt: '1' }));
    for (const byte of bytes) wire.write(Buffer.of(byte));
    expect((await wire.next('RECEIPT')).headers).to.include({ 'receipt-id': '1' });
  });

  it('answers DISCONNECT with its receipt, and closes', async () => {
    const wire = await connections.connect(service().alice);
    expect((await wire.ask('DISCONNECT')).headers['receipt-id']).to.equal('ask-1');
    expect(await wire.closed).to.equal(1000);
  });

  it('DISCONNECT waits for the sends before it', async () => {
    const channelId = await service().channel(service().alice);
    const wire = await connections.connect(service().alice);
    const sends = Array.from({ length: 20 }, (_, n) =>
      wireFrame('SEND', { destination: `/app/channels.${channelId}`, receipt: `${n}` }, 'x'),
    );
    wire.write(sends.join('') + wireFrame('DISCONNECT', { receipt: 'bye' }));
    await wire.closed;
    const receipts = wire.frames.map(({ headers }) => headers['receipt-id']);
    expect(receipts).to.have.length(21);
    expect(receipts.at(-1)).to.equal('bye');
  });
});
