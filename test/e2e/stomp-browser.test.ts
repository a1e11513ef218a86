import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { ChannelId } from '../../shared/domain/ids.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { ChatWorld, type WorldUser } from '../support/chat-world.js';
import { HostileProxy } from '../support/hostile-proxy.js';
import { contentsOf, OfficialStomp, stompUrl } from '../support/official-stomp.js';
import { describeWith, skippedTitle } from '../support/products.js';

const SCRIPTS = {
  '/node_modules/sockjs-client/dist/sockjs.min.js': readFileSync('node_modules/sockjs-client/dist/sockjs.min.js'),
  '/node_modules/@stomp/stompjs/bundles/stomp.umd.min.js': readFileSync('node_modules/@stomp/stompjs/bundles/stomp.umd.min.js'),
};
const EXAMPLE = readFileSync('docs/guides/examples/stomp.html', 'utf8');

const chromium = browserPath();

describeWith('amqp', 'the official @stomp/stompjs in a browser', () => {
  describeWith('redis', 'on a chat server', () => {
    if (chromium === undefined) {
      it(skippedTitle('talks to one in Node', 'Chromium is not installed'));
      return;
    }
    let world: ChatWorld;
    let site: HostileProxy;
    let browser: Browser;
    let page: Page;
    let channelId: ChannelId;
    let alice: WorldUser;
    let bob: OfficialStomp;
    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
      site = await new HostileProxy(world.servers[0]!.url.replace(/^ws/, 'http'), { upgrades: 'pass', answers: 'pass' }).start();
      for (const [path, body] of Object.entries(SCRIPTS)) site.pages.set(path, { type: 'text/javascript', body });
      site.pages.set('/stomp.html', { type: 'text/html', body: EXAMPLE });
      browser = await launchBrowser(chromium);
    });
    after(async () => {
      await browser.close();
      await site.stop();
      await world.stop();
    });
    beforeEach(async () => {
      const users = await world.users('alice', 'bob');
      alice = users[0];
      channelId = await world.channel(...users);
      const headers = { Authorization: `Bearer ${world.token(users[1])}` };
      bob = await new OfficialStomp({ url: stompUrl(world.servers[1]!.url), headers }).connect();
      await bob.subscribe(`/topic/channels.${channelId}`);
      page = await browser.newPage();
      site.hostility = { upgrades: 'pass', answers: 'pass' };
    });
    afterEach(async () => {
      await page.close();
      await bob.stop();
    });

    /** The example page, joined: what it shows and what others are told have to agree. */
    async function converse(query = ''): Promise<void> {
      await page.goto(`${site.url}/stomp.html?host=${site.url}${query}`);
      await page.fill('#token', world.token(alice));
      await page.fill('#channel', channelId);
      await page.click('#join button');
      await page.waitForSelector('#state:has-text("connected"):not(:has-text("not"))');
      await page.fill('#text', '브라우저에서');
      await page.click('#say button');
      expect(contentsOf(await bob.until(1))).to.deep.equal(['브라우저에서']);
      await bob.send(channelId, 'from Node');
      await page.waitForSelector('li:has-text("from Node")');
      expect(await page.locator('#messages li').allTextContents()).to.deep.equal(['브라우저에서', 'from Node']);
    }

    it('talks through the example page, by SockJS', () => converse());

    it('talks through the example page where upgrades are refused', async () => {
      site.hostility = { upgrades: 'refuse', answers: 'pass' };
      await converse();
    });

    it('talks through the example page where answers are held back as well', async () => {
      site.hostility = { upgrades: 'refuse', answers: 'buffer' };
      await converse();
    }).timeout(60_000);

    it('talks through the example page, by a WebSocket', () => converse('&websocket=yes'));
  });
});
