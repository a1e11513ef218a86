import { signal } from '@preact/signals';
import { errorText } from '../i18n/text.js';
import { problemOf } from './problem.js';

export interface Notice {
  readonly id: number;
  readonly text: string;
}

const SHOWN = 3;
const SHOW_MS = 6000;
let count = 0;

/** What the page tells people in passing, newest last. */
export const notices = signal<readonly Notice[]>([]);

export function notify(text: string): void {
  const notice = { id: ++count, text };
  notices.value = [...notices.value, notice].slice(-SHOWN);
  setTimeout(() => dismissNotice(notice.id), SHOW_MS);
}

export function dismissNotice(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Runs an action of a button that has no place of its own for an error. */
export function attempt(work: Promise<unknown>): void {
  work.catch((error: unknown) => notify(errorText(problemOf(error).code)));
}

/** The same for what fails at once; false when it did. */
export function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    notify(errorText(problemOf(error).code));
    return false;
  }
}
