import { CounterweightError } from '../../runtime/errors.ts';
import { type EncodedLayout, type Encoder, encoderFromPlans } from './encoder.ts';
import type { ColumnPlan, DatePart, Standardisation } from './plan.ts';

/**
 * An encoder as `toJSON` wrote it. Everything is checked first: throws `bad-model`, saying which part is wrong, for
 * anything that a fitted encoder could not have written.
 */
export function encoderFromJSON(json: unknown): Encoder {
  const root = record(json, 'encoder');
  if (root['kind'] !== 'encoder' || root['version'] !== 1) fail('encoder', 'an encoder of version 1');
  const layout = oneOf<EncodedLayout>(root['layout'], ['dense', 'csr'], 'encoder.layout');
  const columns = list(root['columns'], 'encoder.columns');
  if (columns.length === 0) fail('encoder.columns', 'at least one column');
  const plans = columns.map((column, index) => planFrom(column, `encoder.columns[${index}]`));
  if (new Set(plans.map(({ name }) => name)).size < plans.length) fail('encoder.columns', 'different column names');
  return encoderFromPlans(plans, layout);
}

function planFrom(json: unknown, at: string): ColumnPlan {
  const plan = record(json, at);
  const type = oneOf(plan['type'], ['numeric', 'boolean', 'categorical', 'date-time', 'text'] as const, `${at}.type`);
  const kind = type === 'text' ? 'categorical' : type;
  if (plan['kind'] !== kind) fail(`${at}.kind`, `"${kind}"`);
  const name = string(plan['name'], `${at}.name`);
  const missing = boolean(plan['missing'], `${at}.missing`);
  switch (type) {
    case 'numeric':
      return { type, kind: 'numeric', name, missing, value: standardisation(plan['value'], `${at}.value`) };
    case 'boolean':
      return {
        type,
        kind: 'boolean',
        name,
        missing,
        value: boolean(plan['value'], `${at}.value`),
        fill: boolean(plan['fill'], `${at}.fill`),
      };
    case 'categorical':
      return {
        type,
        kind: 'categorical',
        name,
        missing,
        levels: ascendingStrings(plan['levels'], `${at}.levels`),
        rare: boolean(plan['rare'], `${at}.rare`),
      };
    case 'date-time':
      return {
        type,
        kind: 'date-time',
        name,
        missing,
        value: standardisation(plan['value'], `${at}.value`),
        parts: dateParts(plan['parts'], `${at}.parts`),
      };
    case 'text': {
      const tokens = ascendingStrings(plan['tokens'], `${at}.tokens`);
      const idf = list(plan['idf'], `${at}.idf`).map((value, index) => positive(value, `${at}.idf[${index}]`));
      if (idf.length !== tokens.length) fail(`${at}.idf`, `${tokens.length} numbers`);
      return { type, kind: 'categorical', name, missing, tokens, idf };
    }
  }
}

function standardisation(json: unknown, at: string): Standardisation | null {
  if (json === null) return null;
  const value = record(json, at);
  return {
    fill: finite(value['fill'], `${at}.fill`),
    scale: positive(value['scale'], `${at}.scale`),
    centre: finite(value['centre'], `${at}.centre`),
    deviation: positive(value['deviation'], `${at}.deviation`),
  };
}

function dateParts(json: unknown, at: string): DatePart[] {
  const all: readonly DatePart[] = ['month', 'weekday', 'hour'];
  const parts = list(json, at).map((part, index) => oneOf(part, all, `${at}[${index}]`));
  if (new Set(parts).size < parts.length) fail(at, 'different parts');
  return parts;
}

function ascendingStrings(json: unknown, at: string): string[] {
  const strings = list(json, at).map((value, index) => string(value, `${at}[${index}]`));
  if (strings.some((value, index) => index > 0 && !(strings[index - 1]! < value)))
    fail(at, 'different strings in order');
  return strings;
}

function record(json: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) fail(at, 'an object');
  return json as Record<string, unknown>;
}

function list(json: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(json)) fail(at, 'a list');
  return json as unknown[];
}

function string(json: unknown, at: string): string {
  if (typeof json !== 'string') fail(at, 'a string');
  return json as string;
}

function boolean(json: unknown, at: string): boolean {
  if (typeof json !== 'boolean') fail(at, 'true or false');
  return json as boolean;
}

function finite(json: unknown, at: string): number {
  if (typeof json !== 'number' || !Number.isFinite(json)) fail(at, 'a finite number');
  return json as number;
}

function positive(json: unknown, at: string): number {
  const value = finite(json, at);
  if (!(value > 0)) fail(at, 'a positive number');
  return value;
}

function oneOf<T extends string>(json: unknown, allowed: readonly T[], at: string): T {
  if (!allowed.includes(json as T)) fail(at, allowed.map((value) => `"${value}"`).join(' or '));
  return json as T;
}

function fail(at: string, expected: string): never {
  throw new CounterweightError('bad-model', `the model is damaged: ${at} should be ${expected}`, { at });
}
