import { locale, t, type Locale } from './text.js';

type Style = 'time' | 'full' | 'day';
const FORMATS: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  time: { hour: 'numeric', minute: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  day: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
};
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Formatters are expensive to make and there are six at most. */
function formatter(style: Style, language: Locale): Intl.DateTimeFormat {
  const key = `${language}:${style}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language, FORMATS[style]);
  formatters.set(key, made);
  return made;
}

/** "10:30 AM", "오전 10:30" */
export function timeText(iso: string): string {
  return formatter('time', locale.value).format(new Date(iso));
}

export function fullTimeText(iso: string): string {
  return formatter('full', locale.value).format(new Date(iso));
}

/** "Today", "Yesterday", or the date with its weekday, in the reader's time zone. */
export function dayText(iso: string, now: Date): string {
  const date = new Date(iso);
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return t('messages.today');
  if (days === 1) return t('messages.yesterday');
  return formatter('day', locale.value).format(date);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
