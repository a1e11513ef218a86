import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { screenshotPath } from './browser.js';

export interface Account {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
}

const WITHIN_MS = 20_000;

/** A browser window of its own storage with the web client in it, as a person uses it. */
export class ChatWindow {
  readonly page: Page;
  /** What the page reported as broken: uncaught errors, and anything its security policy refused. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WITHIN_MS);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) this.complaints.push(line.text());
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatWindow> {
    const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 }, ...options });
    const window = new ChatWindow(await context.newPage());
    await window.page.goto(url);
    return window;
  }

  get composer(): Locator {
    return this.page.getByTestId('composer');
  }

  get list(): Locator {
    return this.page.getByTestId('message-list');
  }

  async signUp(account: Account): Promise<void> {
    await this.page.getByTestId('login-form').waitFor();
    await this.page.getByRole('button', { name: /계정 만들기|Create an account/ }).click();
    const form = this.page.getByTestId('signup-form');
    await form.locator('[name=username]').fill(account.username);
    await form.locator('[name=displayName]').fill(account.displayName);
    await form.locator('[name=password]').fill(account.password);
    await form.locator('[name=password]').press('Enter');
    await this.online();
  }

  async logIn(account: Account): Promise<void> {
    const form = this.page.getByTestId('login-form');
    await form.locator('[name=username]').fill(account.username);
    await form.locator('[name=password]').fill(account.password);
    await form.locator('[name=password]').press('Enter');
  }

  /** Resolves with the chat server that the page says it is on. */
  async online(): Promise<string> {
    const line = this.page.locator('[data-testid=status-line][data-state=online]');
    await line.waitFor({ state: 'attached' });
    const [server] = /server\d+|dev/.exec((await line.textContent()) ?? '') ?? [];
    return server ?? '';
  }

  /** Resolves when the page is on another server than that one. */
  async onlineElsewhere(server: string): Promise<void> {
    const line = this.page.locator('[data-testid=status-line][data-state=online]').filter({ hasNotText: server });
    await line.waitFor({ state: 'attached' });
  }

  /** Starts a conversation with these people: one gives the direct message, several a group. */
  async startConversation(people: readonly Account[], groupName?: string): Promise<void> {
    await this.page.getByRole('button', { name: /^(새 메시지|New message)$/ }).click();
    const dialog = this.page.getByRole('dialog');
    for (const { username } of people) {
      await dialog.getByRole('searchbox').fill(username);
      await dialog
        .getByTestId('person')
        .filter({ hasText: `@${username}` })
        .click();
    }
    if (groupName !== undefined) await dialog.locator('[name=groupName]').fill(groupName);
    await dialog.getByRole('button', { name: /대화 시작|Start conversation/ }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  channel(name: string): Locator {
    return this.page.getByTestId('channel-item').filter({ hasText: name });
  }

  async openChannel(name: string): Promise<void> {
    await this.channel(name).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Up, page by page, until there is nothing older. */
  async scrollToBeginning(): Promise<void> {
    await this.page.waitForFunction(() => {
      const list = document.querySelector('[data-testid=message-list]');
      if (list !== null) list.scrollTop = 0;
      return list?.querySelector('.beginning') != null;
    });
  }

  message(text: string): Locator {
    return this.page.getByTestId('message').filter({ hasText: text });
  }

  /** Resolves when the message is there for good: the server has it. */
  async hasSent(text: string): Promise<void> {
    await this.page.locator('[data-testid=message][data-status=sent]').filter({ hasText: text }).waitFor();
  }

  async takePicture(name: string): Promise<void> {
    await this.page.screenshot({ path: screenshotPath(name) });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
