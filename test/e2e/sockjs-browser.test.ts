import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { browserPath, launchBrowser } from '../support/browser.js';
import { ChatWorld } from '../support/chat-world.js';
import { HostileProxy } from '../support/hostile-proxy.js';
import { WHOLE_CONVERSATION, type Conversation } from '../support/official-sockjs.js';
import { describeWith, skippedTitle } from '../support/products.js';
import { PING, serviceOf } from '../support/sockjs-service.js';
import { NO_GATEWAY, WorldGateway } from '../support/world-gateway.js';

const SCRIPT = readFileSync('node_modules/sockjs-client/dist/sockjs.js');
const PAGE = '<!doctype html><html><head><title>SockJS</title><script src="/sockjs.js"></script></head><body></body></html>';
/** By each the official client has to get through, on a page of the server's own origin and on one of another. */
const SAME_ORIGIN = ['websocket', 'xhr-streaming', 'eventsource', 'htmlfile', 'xhr-polling', 'jsonp-polling'];
const CROSS_ORIGIN = [...SAME_ORIGIN.filter((name) => name !== 'htmlfile'), 'iframe-eventsource', 'iframe-htmlfile', 'iframe-xhr-polling'];

const chromium = browserPath();

describeWith('amqp', 'the official sockjs-client in a browser', () => {
  describeWith('redis', 'on a chat server', () => {
    if (chromium === undefined) {
      it(skippedTitle('talks by every transport', 'Chromium is not installed'));
      return;
    }
    let world: ChatWorld;
    let site: HostileProxy;
    let browser: Browser;
    let page: Page;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
      site = await new HostileProxy(new URL(base()).origin, { upgrades: 'pass', answers: 'pass' }).start();
      site.pages.set('/', { type: 'text/html', body: PAGE });
      site.pages.set('/sockjs.js', { type: 'text/javascript', body: SCRIPT });
      browser = await launchBrowser(chromium);
    });
    after(async () => {
      await browser.close();
      await site.stop();
      await world.stop();
    });
    beforeEach(async () => {
      site.hostility = { upgrades: 'pass', answers: 'pass' };
      page = await browser.newPage();
    });
    afterEach(() => page.close());

    const base = (): string => serviceOf(world, 0).base;
    const connectFrame = (): Promise<string> => serviceOf(world, 0).connectFrame();

    for (const transport of SAME_ORIGIN)
      it(`talks by ${transport} on its own origin`, async () => {
        await page.goto(site.url);
        const talk = await converseInPage(page, `${site.url}/sockjs`, await connectFrame(), transport);
        expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
      });

    for (const transport of CROSS_ORIGIN)
      it(`talks by ${transport} from another origin`, async () => {
        await page.goto(site.url);
        const talk = await converseInPage(page, base(), await connectFrame(), transport);
        expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
      });

    if (NO_GATEWAY !== undefined) it(skippedTitle('talks through the gateway', NO_GATEWAY));
    else {
      let gateway: WorldGateway;
      before(async () => {
        gateway = await WorldGateway.start(world);
      });
      after(() => gateway.stop());

      for (const transport of CROSS_ORIGIN)
        it(`talks by ${transport} through the gateway`, async () => {
          await page.goto(site.url);
          const talk = await converseInPage(page, `${gateway.origin}/sockjs`, await connectFrame(), transport);
          expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
        });
    }

    it('finds another way where upgrades are refused', async () => {
      site.hostility = { upgrades: 'refuse', answers: 'pass' };
      await page.goto(site.url);
      const talk = await converseInPage(page, `${site.url}/sockjs`, await connectFrame());
      expect(talk).to.deep.equal({ transport: 'xhr-streaming', frames: WHOLE_CONVERSATION, code: 1000 });
    });

    it('finds another way where upgrades are refused and answers are held back', async () => {
      site.hostility = { upgrades: 'refuse', answers: 'buffer' };
      await page.goto(site.url);
      const talk = await converseInPage(page, `${site.url}/sockjs`, await connectFrame());
      expect(talk).to.deep.include({ frames: WHOLE_CONVERSATION, code: 1000 });
      expect(talk.transport).to.match(/polling$/);
    }).timeout(60_000);
  });
});

interface PageSocket {
  transport: string;
  onopen: () => void;
  onmessage: (event: { data: string }) => void;
  onclose: (event: { code: number }) => void;
  send(data: string): void;
  close(): void;
}
type PageSockJS = new (url: string, protocols: undefined, options: object) => PageSocket;

function converseInPage(page: Page, url: string, connectFrame: string, transport?: string): Promise<Conversation> {
  const options = { timeout: 5_000, ...(transport === undefined ? {} : { transports: [transport] }) };
  return page.evaluate(
    (given) => {
      const SockJS = (globalThis as unknown as { SockJS: PageSockJS }).SockJS;
      const socket = new SockJS(given.url, undefined, given.options);
      const frames: string[] = [];
      let used = '';
      return new Promise<Conversation>((resolve) => {
        socket.onopen = () => {
          used = socket.transport;
          socket.send(given.connectFrame);
        };
        socket.onmessage = ({ data }) => {
          for (const line of data.split('\n')) frames.push((JSON.parse(line) as { type: string }).type);
          if (frames.length < given.rounds) socket.send(given.ping);
          else socket.close();
        };
        socket.onclose = ({ code }) => resolve({ transport: used, frames, code });
      });
    },
    { url, options, connectFrame, ping: PING, rounds: WHOLE_CONVERSATION.length },
  );
}
