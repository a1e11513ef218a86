import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(text);
}

/** `20,1` */
export function wholeNumbers(text: string): readonly number[] {
  return text.split(',').map(wholeNumber);
}

export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(text) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
