import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { browserPath, launchBrowser } from '../support/browser.js';
import { browserModules } from '../support/browser-modules.js';
import { ChatWorld } from '../support/chat-world.js';
import { HostileProxy, type Hostility } from '../support/hostile-proxy.js';
import { describeWith, skippedTitle } from '../support/products.js';

/** The SDK's own way to the server, dialled until a pong has come by it; the transport that it ended with. */
const DIAL = `
import { TransportChoice, TRANSPORTS } from '/client/fallback-choice.js';
import { createLadder } from '/client/fallback-ladder.js';
import { platformTimers, Schedule } from '/client/schedule.js';
import { createMemoryStorage, Keep } from '/client/storage.js';
const choice = new TransportChoice({ allowed: TRANSPORTS, keep: new Keep(createMemoryStorage(), () => undefined) });
window.dial = async (token) => {
  const schedule = new Schedule({ now: Date.now, random: Math.random, timers: platformTimers });
  const Socket = createLadder({ choice, WebSocket, fetch: (url, init) => fetch(url, init), schedule });
  const dialOnce = () => new Promise((resolve) => {
    const socket = new Socket('ws://' + location.host + '/ws?server=server1');
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'connect', version: 1, token })));
    socket.addEventListener('message', ({ data }) => {
      if (data.includes('"pong"')) resolve(true);
      else if (data.includes('"hello"')) socket.send('{"type":"ping"}');
    });
    socket.addEventListener('close', () => resolve(false));
    socket.addEventListener('error', () => undefined);
  });
  while (!(await dialOnce()));
  return choice.current;
};`;

const chromium = browserPath();

describeWith('amqp', 'the SDK in a browser behind a bad proxy', () => {
  describeWith('redis', 'on a chat server', () => {
    if (chromium === undefined) {
      it(skippedTitle('finds another way', 'Chromium is not installed'));
      return;
    }
    let world: ChatWorld;
    let proxy: HostileProxy;
    let browser: Browser;
    let page: Page;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
      proxy = await new HostileProxy(world.servers[0]!.url.replace(/^ws/, 'http'), { upgrades: 'pass', answers: 'pass' }).start();
      const modules = ['client/fallback-choice.ts', 'client/fallback-ladder.ts', 'client/schedule.ts', 'client/storage.ts'].map(
        browserModules,
      );
      for (const [path, body] of modules.flatMap((scripts) => [...scripts])) proxy.pages.set(path, { type: 'text/javascript', body });
      proxy.pages.set('/', { type: 'text/html', body: `<!doctype html><title>SDK</title><script type="module">${DIAL}</script>` });
      browser = await launchBrowser(chromium);
      page = await browser.newPage();
    });
    after(async () => {
      await browser.close();
      await proxy.stop();
      await world.stop();
    });

    const cases: readonly (readonly [title: string, hostility: Hostility, transport: string])[] = [
      ['that does no harm: a WebSocket', { upgrades: 'pass', answers: 'pass' }, 'websocket'],
      ['that refuses upgrades: streaming', { upgrades: 'refuse', answers: 'pass' }, 'streaming'],
      ['that refuses upgrades and holds answers back: polling', { upgrades: 'refuse', answers: 'buffer' }, 'polling'],
    ];
    for (const [title, hostility, transport] of cases)
      it(title, async () => {
        proxy.hostility = hostility;
        await page.goto(proxy.url);
        await page.waitForFunction('window.dial !== undefined');
        const token = world.token(await world.user('alice'));
        expect(await page.evaluate(`window.dial(${JSON.stringify(token)})`)).to.equal(transport);
      }).timeout(60_000);
  });
});
