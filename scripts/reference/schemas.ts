import { z } from 'zod';
import type { DeclaredField } from './interfaces.js';

/** The part of JSON Schema that our frames use. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** The fields of an object schema, as a client writes them, with their limits. */
export function readFields(schema: z.ZodType): readonly DeclaredField[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const required = new Set(json.required);
  return Object.entries(json.properties ?? {}).map(([name, field]) => ({
    name,
    optional: !required.has(name),
    type: describeType(field),
    doc: [describeLimits(field), field.description ?? ''].filter((text) => text !== '').join('; '),
  }));
}

function describeType(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(describeType).join(' | ');
  if (schema.type === 'array') return `${describeType(schema.items ?? {})}[]`;
  if (schema.type !== 'object') return schema.type ?? 'any';
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `${name}${required.has(name) ? '' : '?'}: ${describeType(field)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

function describeLimits(schema: Schema): string {
  const limits = [
    schema.maxLength === undefined ? '' : `up to ${group(schema.maxLength)} characters`,
    schema.maxItems === undefined ? '' : `up to ${group(schema.maxItems)}`,
    schema.maximum === undefined || schema.maximum > 1_000_000_000 ? '' : `${group(schema.minimum ?? 0)} to ${group(schema.maximum)}`,
  ];
  return limits.filter((text) => text !== '').join(', ');
}

function group(value: number): string {
  return value.toLocaleString('en-US');
}
