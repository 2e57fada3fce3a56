import { byCodeUnit } from '../../data/by-code-unit.ts';
import { quoted } from '../../data/quoted.ts';
import type { Column } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/** A column of a table for values of one kind, and the way back from its cells to such values. */
export interface ReadColumn {
  readonly column: Column;
  /** The value of a cell of a column that was made from this one; null for a missing cell. */
  valueOf(column: Column, row: number): unknown;
}

type Kind = 'number' | 'bigint' | 'string' | 'boolean' | 'date' | 'other';

const kindOf = (value: unknown): Kind => {
  if (value instanceof Date) return 'date';
  const type = typeof value;
  return type === 'number' || type === 'bigint' || type === 'string' || type === 'boolean' ? type : 'other';
};

const isMissing = (value: unknown) => value === null || value === undefined || Number.isNaN(value);

/**
 * Reads a column of values: numbers, bigints (which must be exact as numbers), strings, truth values or dates; null, undefined and
 * NaN are missing cells. Undefined for a column that holds anything else, which can only ride along. Throws `mixed-column` for
 * values of several kinds, `not-finite` for infinite numbers and invalid dates, `inexact-number` for bigints beyond 2^53.
 */
export function readColumn(name: string, values: readonly unknown[]): ReadColumn | undefined {
  const start = values.findIndex((value) => !isMissing(value));
  const kind = start < 0 ? 'number' : kindOf(values[start]);
  if (kind === 'other') return undefined;
  for (let row = start + 1; start >= 0 && row < values.length; row++) {
    if (isMissing(values[row]) || kindOf(values[row]) === kind) continue;
    if (kindOf(values[row]) === 'other') return undefined;
    throw new CounterweightError(
      'mixed-column',
      `column ${quoted(name)} holds a ${kind} in row ${start} and a ${kindOf(values[row])} in row ${row}; make them of one kind`,
      { column: name, row },
    );
  }
  switch (kind) {
    case 'string':
      return strings(name, values);
    case 'boolean':
      return truths(name, values);
    case 'date':
      return {
        column: numbersOf('date-time', name, values, (value) => (value as Date).getTime()),
        valueOf: (column, row) => presentOr(column, row, (value) => new Date(value)),
      };
    default:
      return {
        column: numbersOf('numeric', name, values, (value, row) => exactNumber(name, value, row)),
        valueOf: (column, row) =>
          presentOr(column, row, (value) => (kind === 'bigint' ? BigInt(Math.round(value)) : value)),
      };
  }
}

/** Reads a column of points in time, as dates or as milliseconds since 1970; they come back as they were. */
export function readDates(name: string, values: readonly unknown[]): ReadColumn | undefined {
  const read = readColumn(
    name,
    values.map((value) => (typeof value === 'number' ? new Date(value) : value)),
  );
  if (!values.some((value) => typeof value === 'number')) return read;
  return read && { ...read, valueOf: (column, row) => (read.valueOf(column, row) as Date | null)?.getTime() ?? null };
}

function exactNumber(name: string, value: unknown, row: number): number {
  if (typeof value === 'number') return value;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new CounterweightError(
    'inexact-number',
    `column ${quoted(name)} holds ${String(value)} in row ${row}, which no float64 holds exactly; leave the column out or make it text`,
    { column: name, row },
  );
}

function numbersOf(
  kind: 'numeric' | 'date-time',
  name: string,
  values: readonly unknown[],
  read: (value: unknown, row: number) => number,
): Column {
  const cells = Float64Array.from(values, (value, row) => {
    if (isMissing(value)) return Number.NaN;
    const number = read(value, row);
    if (Number.isFinite(number)) return number;
    const message = `column ${quoted(name)} holds ${String(value)} in row ${row}; only finite numbers and valid dates have a place`;
    throw new CounterweightError('not-finite', message, { column: name, row });
  });
  return { kind, name, values: cells };
}

function presentOr(column: Column, row: number, read: (value: number) => unknown): unknown {
  const value = (column as { values: Float64Array }).values[row]!;
  return Number.isNaN(value) ? null : read(value);
}

function strings(name: string, values: readonly unknown[]): ReadColumn {
  const dictionary = [...new Set(values.filter((value) => !isMissing(value)) as string[])].sort(byCodeUnit);
  const codeOf = new Map<unknown, number>(dictionary.map((value, code) => [value, code]));
  return {
    column: {
      kind: 'categorical',
      name,
      codes: Int32Array.from(values, (value) => codeOf.get(value) ?? -1),
      dictionary,
    },
    valueOf: (column, row) => dictionary[(column as { codes: Int32Array }).codes[row]!] ?? null,
  };
}

function truths(name: string, values: readonly unknown[]): ReadColumn {
  return {
    column: {
      kind: 'boolean',
      name,
      values: Int8Array.from(values, (value) => (isMissing(value) ? -1 : Number(value))),
    },
    valueOf: (column, row) => {
      const value = (column as { values: Int8Array }).values[row]!;
      return value < 0 ? null : value === 1;
    },
  };
}
