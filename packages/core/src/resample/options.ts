import { requireLabels, requireNumericRows } from '../data/check-dataset.ts';
import { checkOptionNames } from '../data/check-option-names.ts';
import type { Dataset, NumericRows, Rows } from '../data/dataset.ts';
import { described } from '../data/described.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { numpyRandom } from '../runtime/numpy-random.ts';
import { randomStream } from '../runtime/random.ts';
import { PLAIN_LABELS } from './class-counts.ts';
import type { Compat } from './sampling-strategy.ts';

/** Throws `bad-option` for an option that the method does not have, an unknown `compat`, or a seed out of range. */
export function checkOptions(
  method: string,
  options: { readonly seed?: number | undefined; readonly compat?: Compat | undefined },
  known: readonly string[],
): void {
  checkOptionNames(method, options, known);
  if (options.compat !== undefined && options.compat !== 'imbalanced-learn') {
    throw new CounterweightError(
      'bad-option',
      `compat can be "imbalanced-learn" only, got "${String(options.compat)}"`,
    );
  }
  const seed = options.seed ?? 0;
  if (options.compat === undefined) randomStream(seed);
  else numpyRandom(seed);
}

/** Throws `bad-option` unless the value is true, false or left out. */
export function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') {
    throw new CounterweightError('bad-option', `${name} must be true or false, got ${String(value)}`);
  }
}

/** Throws `bad-option` unless the value is a whole number of at least `least`, or left out. */
export function checkWhole(name: string, value: unknown, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return;
  throw new CounterweightError(
    'bad-option',
    `${name} must be a whole number of at least ${least}, got ${String(value)}`,
  );
}

/** Throws `bad-option` unless the value is one of the words, or left out. */
export function checkWord(name: string, value: unknown, words: readonly string[]): void {
  if (value === undefined || words.includes(value as string)) return;
  throw new CounterweightError('bad-option', `${name} must be one of ${words.join(', ')}, got ${String(value)}`);
}

/**
 * Throws `bad-rows` and `bad-labels` where rows or labels are not of the library's own kind, as are plain arrays, and
 * `shape-mismatch` unless the labels, weights and groups have one entry a row.
 */
export function checkShapes(data: Dataset<Rows>, takes: 'numbers' | 'table' = 'numbers'): void {
  const { X, y, weights, groups } = (data as Dataset<Rows> | undefined) ?? ({} as Partial<Dataset<Rows>>);
  requireRows(X, takes);
  requireLabels(y, PLAIN_LABELS);
  for (const [what, entries] of [
    ['labels', y.codes],
    ['weights', weights],
    ['groups', groups],
  ] as const) {
    if (entries && entries.length !== X.rows) {
      throw new CounterweightError('shape-mismatch', `${X.rows} rows but ${entries.length} ${what}`);
    }
  }
}

function requireRows(X: Rows | undefined, takes: 'numbers' | 'table'): asserts X is Rows {
  const kind = X?.kind;
  const plain = 'fitResample takes plain arrays and records';
  if (takes === 'numbers') {
    requireNumericRows(X, kind === 'table' ? 'createTableResampler gives the method for tables' : plain);
    return;
  }
  if (kind === 'table') return;
  const isNumbers = kind === 'dense' || kind === 'csr';
  const hint = isNumbers ? 'createResampler gives the method for numbers' : plain;
  const got = isNumbers ? 'a matrix' : described(X);
  throw new CounterweightError('bad-rows', `X must be a table, { kind: 'table', rows, columns }, got ${got}; ${hint}`);
}

/** Throws `not-finite` at the first cell that is NaN or infinite. Columns are named by their index. */
export function checkFinite(X: NumericRows, method: string): void {
  const values = X.kind === 'dense' ? X.data : X.values;
  if (allFinite(values)) return;
  const cell = values.findIndex((value) => !Number.isFinite(value));
  throw notFinite(X, cell, values[cell]!, method);
}

/** 0 · x is 0 for finite x and NaN else. Four sums, so that one addition need not wait for the last. */
function allFinite(values: Float64Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}

function notFinite(X: NumericRows, cell: number, value: number, method: string): CounterweightError {
  let row = 0;
  let column = 0;
  if (X.kind === 'dense') {
    row = Math.floor(cell / X.columns);
    column = cell % X.columns;
  } else {
    while (X.offsets[row + 1]! <= cell) row++;
    column = X.indices[cell]!;
  }
  return new CounterweightError(
    'not-finite',
    `${method} needs finite numbers: row ${row}, column ${column} is ${value}; impute or drop it first`,
    { row, column: String(column) },
  );
}
