import { expect } from 'chai';
import { TransportChoice, TRANSPORT_KEY, TRANSPORTS, type TransportName } from '../../../client/fallback-choice.js';
import { fallbackUrl, parseSockJsFrame } from '../../../client/fallback-frames.js';
import { FallbackSocket } from '../../../client/fallback-socket.js';
import { createMemoryStorage, Keep } from '../../../client/storage.js';

describe('client: which transport', () => {
  const create = (storage = createMemoryStorage(), allowed: readonly TransportName[] = TRANSPORTS): TransportChoice =>
    new TransportChoice({ allowed, keep: new Keep(storage, () => undefined) });

  it('steps down when nothing comes in, and begins anew below the last', () => {
    const choice = create();
    const seen = TRANSPORTS.map(() => {
      const name = choice.current;
      choice.failed(name);
      return name;
    });
    expect(seen).to.deep.equal(['websocket', 'streaming', 'polling']);
    expect(choice.current).to.equal('websocket');
  });

  it('a transport that worked is given up after three failures in a row', () => {
    const choice = create();
    choice.worked('websocket');
    choice.failed('websocket');
    choice.failed('websocket');
    expect(choice.current).to.equal('websocket');
    choice.worked('websocket');
    for (let i = 0; i < 3; i++) choice.failed('websocket');
    expect(choice.current).to.equal('streaming');
  });

  it('the failure of another one than the current says nothing', () => {
    const choice = create();
    choice.failed('polling');
    expect(choice.current).to.equal('websocket');
  });

  it('what worked is kept, and begun with the next time', async () => {
    const storage = createMemoryStorage();
    create(storage).worked('polling');
    await Promise.resolve();
    const choice = create(storage);
    choice.restore(new Map(storage.entries() as Iterable<readonly [string, string]>));
    expect(choice.current).to.equal('polling');
  });

  it('nonsense in the storage changes nothing', () => {
    const choice = create();
    choice.restore(new Map([[TRANSPORT_KEY, 'pigeon']]));
    expect(choice.current).to.equal('websocket');
  });

  it('only allowed ones are used', () => {
    const choice = create(createMemoryStorage(), ['websocket']);
    choice.failed('websocket');
    expect(choice.current).to.equal('websocket');
    expect(choice.isLast).to.equal(true);
  });

  it('waits longer each time before it tries a WebSocket again, up to an hour', () => {
    const choice = create();
    expect(choice.climbMs).to.equal(undefined);
    choice.failed('websocket');
    choice.worked('streaming');
    const waits = Array.from({ length: 8 }, () => {
      const wait = choice.climbMs;
      choice.climbed('stuck');
      return wait;
    });
    expect(waits.map((wait) => (wait ?? 0) / 60_000)).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60]);
    choice.climbed('through');
    expect(choice.current).to.equal('websocket');
  });
});

describe('client: SockJS frames', () => {
  it('are told apart, and anything else is passed over', () => {
    expect(parseSockJsFrame('o')).to.deep.equal({ kind: 'open' });
    expect(parseSockJsFrame('h')).to.deep.equal({ kind: 'heartbeat' });
    expect(parseSockJsFrame('a["x","y"]')).to.deep.equal({ kind: 'messages', messages: ['x', 'y'] });
    expect(parseSockJsFrame('c[4001,"slow"]')).to.deep.equal({ kind: 'close', code: 4001, reason: 'slow' });
    for (const line of ['', 'hhhh', 'c["x"]', '<html>', 'c']) expect(parseSockJsFrame(line).kind, line).to.equal('unknown');
  });

  it('go to the same host and the same server', () => {
    const secure = fallbackUrl('wss://chat.test/ws?server=server2', 'abc');
    expect(secure('xhr')).to.equal('https://chat.test/sockjs/server2/abc/xhr?server=server2');
    expect(fallbackUrl('ws://localhost:9100/ws', 'abc')('xhr_send')).to.equal('http://localhost:9100/sockjs/000/abc/xhr_send');
  });
});

describe('client: a socket of requests', () => {
  interface Ask {
    readonly url: string;
    readonly body: string;
    readonly answer: (status: number, text: string) => void;
  }

  function open(): { readonly socket: FallbackSocket; readonly next: () => Promise<Ask>; readonly closed: Promise<number> } {
    const asks: Ask[] = [];
    let wake = (): void => undefined;
    const socket = new FallbackSocket('ws://chat.test/ws', {
      receive: 'polling',
      fetch: (url, init) =>
        new Promise((resolve) => {
          const answer = (status: number, text: string): void => resolve(new Response(status === 204 ? null : text, { status }));
          asks.push({ url, body: init.body as string, answer });
          wake();
        }),
    });
    const next = async (): Promise<Ask> => {
      while (asks.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return asks.shift() as Ask;
    };
    const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }: { code: number }) => resolve(code)));
    return { socket, next, closed };
  }

  it('sends messages one request after the other, what gathers meanwhile together', async () => {
    const { socket, next } = open();
    (await next()).answer(200, 'o\n');
    await next();
    socket.send('first');
    const first = await next();
    expect(first.body).to.equal('["first"]');
    socket.send('second');
    socket.send('third');
    first.answer(204, '');
    expect((await next()).body).to.equal('["second","third"]');
  });

  for (const [title, status, text] of [
    ['is refused', 503, ''],
    ['is answered by something else', 200, '<html>log in to the hotel</html>'],
    ['is answered by nothing', 200, ''],
  ] as const)
    it(`ends when its first request ${title}`, async () => {
      const { next, closed } = open();
      (await next()).answer(status, text);
      expect(await closed).to.equal(1006);
    });

  it('ends when the server has lost the session', async () => {
    const { next, closed } = open();
    (await next()).answer(200, 'o\n');
    (await next()).answer(200, 'o\n');
    expect(await closed).to.equal(1006);
  });

  it('ends when messages are refused', async () => {
    const { socket, next, closed } = open();
    (await next()).answer(200, 'o\n');
    await next();
    socket.send('x');
    (await next()).answer(404, '');
    expect(await closed).to.equal(1006);
  });

  it('ends with the code that the server gave', async () => {
    const { next, closed } = open();
    (await next()).answer(200, 'o\n');
    (await next()).answer(200, 'c[4008,"gone"]\n');
    expect(await closed).to.equal(4008);
  });
});
