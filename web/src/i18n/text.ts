import { signal } from '@preact/signals';
import { en, type TextKey } from './en.js';
import { ko } from './ko.js';

export type { TextKey };
export type Locale = 'en' | 'ko';
export const LOCALES: readonly Locale[] = ['ko', 'en'];

const TEXTS: Readonly<Record<Locale, Readonly<Record<TextKey, string>>>> = { en, ko };

/** The language of the page. Components that read a text follow it. */
export const locale = signal<Locale>('en');

export function isLocale(value: unknown): value is Locale {
  return value === 'en' || value === 'ko';
}

/** The first of the browser's languages that there is a translation for. */
export function browserLocale(languages: readonly string[]): Locale {
  const known = languages.map((language) => language.slice(0, 2).toLowerCase()).find(isLocale);
  return known ?? 'en';
}

type Values = Readonly<Record<string, string | number>>;

/** The text in the page's language, with `{name}` replaced by the value of that name. */
export function t(key: TextKey, values?: Values): string {
  const text = TEXTS[locale.value][key];
  if (values === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

/** A counted text: `key.one` for one, `key` otherwise; `{count}` is the number in the page's notation. */
export function tCount(key: TextKey & ('channel.members' | 'messages.new' | 'message.readBy'), count: number): string {
  if (count === 1) return t(`${key}.one`);
  return t(key, { count: new Intl.NumberFormat(locale.value).format(count) });
}

/** What to tell people about an error of the API or the connection, by its code. */
export function errorText(code: string): string {
  const key = `error.${code}`;
  return key in en ? t(key as TextKey) : t('error.UNKNOWN');
}
