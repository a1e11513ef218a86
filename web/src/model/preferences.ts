import { effect } from '@preact/signals';
import { browserLocale, isLocale, locale, type Locale } from '../i18n/text.js';
import { readKept, writeKept } from './kept.js';
import { saveLocale } from './session.js';

const KEY = 'locale';

/** Before somebody is logged in: what was chosen here last, else the browser's language. */
export function startPreferences(): void {
  const kept = readKept(KEY);
  locale.value = isLocale(kept) ? kept : browserLocale(navigator.languages);
  effect(() => {
    document.documentElement.lang = locale.value;
  });
}

/** For this page at once, for this browser, and for the profile when somebody is logged in. */
export function chooseLocale(language: Locale): void {
  locale.value = language;
  writeKept(KEY, language);
  saveLocale(language);
}
