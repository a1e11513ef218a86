import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../../scripts/services/binaries.js';

/** Kept after a run, for people to look at. */
const SCREENSHOTS = join('.warren', 'test', 'screenshots');
/** Without a sandbox for containers that run as root, and without calls home. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'];

/** The installed Chromium, or undefined. */
export function browserPath(): string | undefined {
  return findProgram('chromium', 'chromium-browser', 'google-chrome');
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

/** Where the picture of that name goes. */
export function screenshotPath(name: string): string {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return join(SCREENSHOTS, `${name}.png`);
}
