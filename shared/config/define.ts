import { z } from 'zod';

/**
 * One schema per process: each key with its type, default, doc line and whether it is a secret. `readConfig` is the one
 * reader of the environment; it names every bad key at once. docs/reference/config.md is generated from these.
 */
export interface ConfigKey<T> {
  readonly doc: string;
  readonly schema: z.ZodType<T, string>;
  /** As it would be written in the environment; a key without one is required. */
  readonly fallback?: string | undefined;
  readonly secret: boolean;
}

type KeyOptions = Partial<Pick<ConfigKey<unknown>, 'fallback' | 'secret'>>;

export function text(doc: string, options: KeyOptions = {}): ConfigKey<string> {
  return { doc, schema: z.string(), secret: false, ...options };
}

/** A string that must match the pattern. */
export function pattern(doc: string, options: KeyOptions & { readonly matches: RegExp }): ConfigKey<string> {
  const { matches, ...rest } = options;
  return { doc, schema: z.string().regex(matches, `must match ${matches.source}`), secret: false, ...rest };
}

export function integer(doc: string, options: KeyOptions & { readonly min: number; readonly max: number }): ConfigKey<number> {
  const { min, max, ...rest } = options;
  const inRange = (value: number): boolean => value >= min && value <= max;
  const schema = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).refine(inRange, `must be from ${min} to ${max}`);
  return { doc, schema, secret: false, ...rest };
}

export function choice<const T extends readonly string[]>(doc: string, options: KeyOptions & { readonly of: T }): ConfigKey<T[number]> {
  const { of, ...rest } = options;
  return { doc, schema: z.string().pipe(z.enum(of as unknown as [T[number], ...T[number][]])), secret: false, ...rest };
}

/** A comma-separated list; empty by default. */
export function list(doc: string, options: KeyOptions = {}): ConfigKey<readonly string[]> {
  const split = (value: string): string[] =>
    value
      .split(',')
      .map((v) => v.trim())
      .filter((v) => v !== '');
  return { doc, schema: z.string().transform(split), secret: false, fallback: '', ...options };
}

export type ConfigSchema = Readonly<Record<string, ConfigKey<unknown>>>;
export type ConfigOf<S extends ConfigSchema> = { readonly [K in keyof S]: S[K] extends ConfigKey<infer T> ? T : never };

export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`bad configuration:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** @throws ConfigError naming every bad or missing key; never a value of a secret. */
export function readConfig<S extends ConfigSchema>(schema: S, environment: Readonly<Record<string, string | undefined>>): ConfigOf<S> {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(schema)) {
    const given = environment[name];
    const raw = given === undefined || given === '' ? key.fallback : given;
    if (raw === undefined) {
      problems.push(`${name} is required: ${key.doc}`);
      continue;
    }
    const parsed = key.schema.safeParse(raw);
    if (parsed.success) config[name] = parsed.data;
    else problems.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config as ConfigOf<S>;
}
