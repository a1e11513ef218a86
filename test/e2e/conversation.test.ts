import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { WarrenClient } from '../../client/mod.js';
import { createNodeClient } from '../../client/node.js';
import type { Cluster } from '../../scripts/cluster/cluster.js';
import { startCluster } from '../../scripts/cluster/start.js';
import { missingPackages } from '../../scripts/services/packages.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { ChatWindow, type Account } from '../support/chat-window.js';
import { Gate } from '../support/gate.js';
import { skippedTitle } from '../support/products.js';

const ALICE: Account = { username: 'alice', displayName: '앨리스', password: 'a burrow of one' };
const BOB: Account = { username: 'bob', displayName: '밥', password: 'a burrow of two' };
const CAROL: Account = { username: 'carol', displayName: '캐럴', password: 'a burrow of three' };
const GROUP = '토끼굴 모임';
const HISTORY = 150;

const TITLE = 'two windows on two nodes';
const chromium = browserPath();
const reason = whyNot();
if (chromium === undefined || reason !== undefined) {
  describe(TITLE, () => it(skippedTitle('hold a conversation', reason ?? 'no Chromium is installed')));
} else {
  describe(TITLE, function () {
    this.timeout(120_000);
    let folder: string;
    let cluster: Cluster;
    let browser: Browser;
    let alice: ChatWindow;
    let bob: ChatWindow;
    let carol: WarrenClient;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'warren-e2e-'));
      cluster = await startCluster({ folder, nodes: 3, ports: 'free', runtime: 'source', external: {} });
      browser = await launchBrowser(chromium);
      carol = await connect(cluster.url, (client) => client.signUp({ ...CAROL, locale: 'ko' }));
      alice = await ChatWindow.open(browser, cluster.url, { colorScheme: 'light' });
      bob = await ChatWindow.open(browser, cluster.url, { colorScheme: 'dark', locale: 'en-US' });
      await alice.takePicture('1-welcome');
      await alice.signUp(ALICE);
      await bob.signUp(BOB);
    });

    after(async () => {
      await carol.close();
      await browser.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('are on different nodes', async () => {
      const nodes = [await alice.online(), await bob.online()];
      expect(nodes[0]).to.match(/^server\d$/);
      expect(nodes[1])
        .to.match(/^server\d$/)
        .and.not.to.equal(nodes[0]);
    });

    it('write to each other', async () => {
      await alice.startConversation([BOB]);
      await alice.send('안녕하세요! 잘 들리나요?');
      await alice.hasSent('안녕하세요! 잘 들리나요?');
      await bob.openChannel(ALICE.displayName);
      await bob.message('안녕하세요! 잘 들리나요?').waitFor();
      await bob.send('네, 다른 노드에서도 아주 잘 들려요. 🐰');
      await alice.message('다른 노드에서도').waitFor();
      await alice.takePicture('2-direct-message');
      expect(await alice.message('다른 노드에서도').count()).to.equal(1);
    });

    it('show that the other one has read it', async () => {
      await alice.message('잘 들리나요?').getByTitle('읽음').waitFor();
      await alice.takePicture('2-read');
    });

    it('show what was written as text, with links that are safe', async () => {
      await bob.send('<img src=x onerror="document.title=1"> javascript:alert(1) https://example.com/a?b=1.');
      const shown = alice.message('onerror');
      await shown.waitFor();
      expect(await shown.locator('img').count()).to.equal(0);
      const links = shown.locator('.message-text a');
      expect(await links.count()).to.equal(1);
      expect(await links.getAttribute('href')).to.equal('https://example.com/a?b=1');
    });

    it('do not send the Enter that ends a Korean syllable', async () => {
      await alice.composer.focus();
      const keyboard = await alice.page.context().newCDPSession(alice.page);
      await keyboard.send('Input.imeSetComposition', { text: '한', selectionStart: 1, selectionEnd: 1 });
      await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
      await keyboard.send('Input.insertText', { text: '한글' });
      expect(await alice.composer.inputValue()).to.equal('한글');
      await alice.composer.press('Enter');
      await bob.message('한글').waitFor();
      expect(await alice.composer.inputValue()).to.equal('');
    });

    it('see edits, reactions and deletions', async () => {
      await alice.send('세 시에 만나요');
      await alice.hasSent('세 시에 만나요');
      await alice.composer.press('ArrowUp');
      await alice.page.getByRole('textbox', { name: '메시지 수정' }).fill('네 시에 만나요');
      await alice.page.keyboard.press('Enter');
      const edited = bob.message('네 시에 만나요');
      await edited.waitFor();
      await edited.hover();
      await edited.getByRole('button', { name: 'Add reaction' }).click();
      await bob.page.getByRole('dialog', { name: 'Emoji' }).getByRole('button', { name: '🎉' }).click();
      await alice.message('네 시에').getByRole('button', { name: /🎉 1/ }).waitFor();
      await alice.message('네 시에').hover();
      await alice.message('네 시에').getByRole('button', { name: '삭제' }).click();
      await alice.page.getByRole('dialog').getByRole('button', { name: '삭제' }).click();
      await bob.message('This message was deleted.').waitFor();
    });

    it('talk in a group, on a second device of one of them too', async () => {
      await alice.startConversation([BOB, CAROL], GROUP);
      await alice.send('모두 안녕하세요!');
      await bob.openChannel(GROUP);
      await bob.message('모두 안녕하세요!').waitFor();
      const laptop = await connect(cluster.url, (client) => client.logIn(ALICE));
      await sendHistory([carol, laptop]);
      await laptop.close();
      await bob.message(`${HISTORY}.`).waitFor();
      await alice.message(`${HISTORY}.`).waitFor();
    });

    it('get older messages on scrolling up, without losing their place', async () => {
      await bob.page.reload();
      await bob.message(`${HISTORY}.`).waitFor();
      const gate = new Gate();
      await bob.page.route('**/messages?*', (route) => gate.opened.then(() => route.continue()));
      await bob.list.evaluate((list) => (list.scrollTop = 0));
      const oldest = bob.page.getByTestId('message').first();
      await bob.page.getByText('Loading older messages…').waitFor();
      const shown = bob.page.locator(`[data-message-id="${(await oldest.getAttribute('data-message-id')) ?? ''}"]`);
      const before = await topOf(shown);
      gate.open();
      await bob.page.waitForFunction(() => (document.querySelector('[data-testid=message-list]')?.scrollTop ?? 0) > 800);
      // The place of the "loading" line above it, and of the name it no longer needs.
      expect(await topOf(shown)).to.be.closeTo(before, 100);
      await bob.scrollToBeginning();
      await bob.message('모두 안녕하세요!').waitFor();
      await bob.takePicture('3-history-dark');
    });

    it('count what arrives out of sight, and lead back to it', async () => {
      await alice.send('새 소식이 있어요');
      await bob.page.getByTestId('to-latest').filter({ hasText: '1 new message' }).click();
      await bob.message('새 소식이 있어요').waitFor();
      await bob.page.getByTestId('to-latest').waitFor({ state: 'detached' });
    });

    it('mark a channel in which something new waits', async () => {
      await bob.openChannel(ALICE.displayName);
      await alice.send('또 하나요');
      await bob.channel(GROUP).getByText('(unread)').waitFor({ state: 'attached' });
      await bob.openChannel(GROUP);
      await bob.channel(GROUP).getByText('(unread)').waitFor({ state: 'detached' });
    });

    it('stay logged in over a reload', async () => {
      await bob.page.reload();
      await bob.online();
      await bob.message('또 하나요').waitFor();
      expect(await bob.page.getByTestId('login-form').count()).to.equal(0);
    });

    it('go on after the node of one of them was killed, with every message once', async () => {
      const node = await bob.online();
      cluster.kill(node, 'SIGKILL');
      await alice.send('노드가 죽어도 전해집니다');
      await bob.onlineElsewhere(node);
      await bob.message('노드가 죽어도 전해집니다').waitFor();
      await bob.send('I am on another node now');
      await alice.message('I am on another node now').waitFor();
      expect(await bob.message('노드가 죽어도 전해집니다').count()).to.equal(1);
      await alice.takePicture('4-group');
    });

    it('find a conversation by the keyboard alone', async () => {
      await alice.page.keyboard.press('Control+k');
      await alice.page.getByTestId('switcher').waitFor();
      await alice.takePicture('5-switcher');
      await alice.page.keyboard.type(BOB.displayName);
      await alice.page.getByRole('option', { name: BOB.displayName, selected: true }).waitFor();
      await alice.page.keyboard.press('Enter');
      await alice.page.getByRole('heading', { level: 1, name: BOB.displayName }).waitFor();
    });

    it('are told in their language what is wrong with a login, on a phone too', async () => {
      const phone = await ChatWindow.open(browser, cluster.url, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
      await phone.logIn({ ...ALICE, password: 'not this one' });
      await phone.page.getByRole('alert').filter({ hasText: '올바르지 않습니다' }).waitFor();
      await phone.logIn(ALICE);
      await phone.page.getByTestId('open-drawer').click();
      await phone.openChannel(GROUP);
      await phone.message('I am on another node now').waitFor();
      await phone.takePicture('6-phone');
      expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).to.equal(390);
      await phone.close();
    });

    it('ran without an error or a broken policy in the page', () => {
      expect([...alice.complaints, ...bob.complaints]).to.deep.equal([]);
    });
  });
}

/** What is missing for a run, or undefined. */
function whyNot(): string | undefined {
  const missing = missingPackages(['rabbitmq', 'redis', 'mariadb', 'nginx']);
  if (missing.length > 0) return `${missing.join(', ')} not installed`;
  return existsSync(join('web', 'dist', 'index.html')) ? undefined : 'the page is not built: npm run build:web';
}

async function connect(baseUrl: string, enter: (client: WarrenClient) => Promise<unknown>): Promise<WarrenClient> {
  const client = createNodeClient({ baseUrl });
  await enter(client);
  await client.connect();
  return client;
}

const LINES = [
  '당근은 어디에 두었나요?',
  '창고 왼쪽 선반에 있어요.',
  '고마워요, 찾았어요!',
  '오늘 저녁은 다 같이 먹어요.',
  '좋아요, 여섯 시에 봬요.',
];

/** More than two pages of messages, by turns. */
async function sendHistory(clients: readonly WarrenClient[]): Promise<void> {
  const { channels } = await (clients[0] as WarrenClient).api.listChannels();
  const group = channels.find((channel) => channel.name === GROUP);
  if (group === undefined) throw new Error('the group is not among the channels');
  for (let n = 1; n <= HISTORY; n++) {
    const sender = clients[n % clients.length] as WarrenClient;
    await sender.send(group.id, `${LINES[n % LINES.length] ?? ''} ${n}.`).acked;
  }
}

/** Pixels from the window's upper edge. */
async function topOf(element: { boundingBox(): Promise<{ readonly y: number } | null> }): Promise<number> {
  return (await element.boundingBox())?.y ?? Number.NaN;
}
