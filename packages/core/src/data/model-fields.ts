import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { ClassLabel } from './labels.ts';

/** Reads fields of plain data that may be anything; each reader throws `bad-model` with the field that is wrong. */
export interface ModelFields {
  /** The field itself, whatever it is. */
  any(name: string): unknown;
  /** Throws unless the field is one of these values. */
  oneOf<T extends string | number | boolean>(name: string, ...values: readonly T[]): T;
  number(name: string): number;
  /** A whole number from 0. */
  count(name: string): number;
  /** Finite numbers, of the length if one is given. */
  numbers(name: string, length?: number): Float64Array;
  list(name: string): readonly unknown[];
  /** Two or more distinct labels of one type. */
  classes(name: string): readonly ClassLabel[];
  notices(name: string): readonly Notice[];
  /** Throws `bad-model` for this field unless `valid`. */
  require(name: string, valid: boolean): void;
}

/** `what` names the model in messages. Throws `bad-model` unless `json` is an object. */
export function modelFields(json: unknown, what: string): ModelFields {
  const fail = (name: string): never => {
    throw new CounterweightError('bad-model', `${what}: field "${name}" is missing or wrong`, { field: name });
  };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CounterweightError('bad-model', `${what}: expected an object`);
  }
  const fields = json as Record<string, unknown>;
  const any = (name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  const checked = <T>(name: string, valid: (value: unknown) => value is T): T => {
    const value = any(name);
    return valid(value) ? value : fail(name);
  };
  return {
    any,
    oneOf: (name, ...values) => {
      const found = values.find((value) => value === any(name));
      return found === undefined ? fail(name) : found;
    },
    number: (name) => checked(name, isFiniteNumber),
    count: (name) => checked(name, isCount),
    numbers: (name, length) => Float64Array.from(checked(name, (value) => isNumbers(value, length))),
    list: (name) => checked(name, (value): value is unknown[] => Array.isArray(value)),
    classes: (name) => Object.freeze([...checked(name, isClasses)]),
    notices: (name) => Object.freeze([...checked(name, isNotices)]),
    require: (name, valid) => {
      if (!valid) fail(name);
    },
  };
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNumbers(value: unknown, length?: number): value is number[] {
  return (
    Array.isArray(value) && (length === undefined || value.length === length) && value.every((v) => Number.isFinite(v))
  );
}

function isClasses(value: unknown): value is ClassLabel[] {
  if (!Array.isArray(value) || value.length < 2 || new Set(value).size !== value.length) return false;
  return value.every((item) => typeof item === 'string') || value.every((item) => Number.isFinite(item));
}

function isNotices(value: unknown): value is Notice[] {
  if (!Array.isArray(value)) return false;
  return value.every((notice) => {
    const { code, severity, message } = (notice ?? {}) as Record<string, unknown>;
    return typeof code === 'string' && typeof message === 'string' && (severity === 'info' || severity === 'warning');
  });
}
