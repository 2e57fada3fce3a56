import { CounterweightError } from '../runtime/errors.ts';
import type { Dataset, NumericRows } from './dataset.ts';
import { described } from './described.ts';
import type { ClassLabel, Labels } from './labels.ts';
import { counted, quoted } from './quoted.ts';

const HOW = 'matrix() makes one of numbers, fitEncoder one of a table';

/**
 * Throws `bad-rows` unless X is a matrix or sparse rows of the library, as plain arrays and tables are not. Looks at the
 * shape alone; `hint` says what to do instead.
 */
export function requireNumericRows(X: unknown, hint = HOW): asserts X is NumericRows {
  const { kind, rows, columns, data, values, indices, offsets } = (X ?? {}) as Record<string, unknown>;
  const isSized = isCount(rows) && isCount(columns);
  if (kind === 'dense' && isSized && isTyped<Float64Array>(data, 'Float64Array')) {
    if (data.length === rows * columns) return;
    const message = `a ${rows} x ${columns} matrix needs ${rows * columns} values, got ${data.length}`;
    throw new CounterweightError('shape-mismatch', message);
  }
  const isSparse = isTyped<Float64Array>(values, 'Float64Array') && isTyped<Int32Array>(indices, 'Int32Array');
  if (kind === 'csr' && isSized && isSparse && isTyped<Int32Array>(offsets, 'Int32Array')) {
    if (offsets.length === rows + 1) return;
    throw new CounterweightError(
      'shape-mismatch',
      `${rows} sparse rows need ${rows + 1} offsets, got ${offsets.length}`,
    );
  }
  const got = kind === 'table' ? 'a table' : described(X);
  throw new CounterweightError(
    'bad-rows',
    `X must be a matrix, as matrix() makes it, or a sparse one, got ${got}; ${hint}`,
  );
}

/** Whether a value is such an array, also of another realm. */
function isTyped<T>(value: unknown, name: 'Float64Array' | 'Int32Array'): value is T {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Throws `bad-labels` unless there are codes and classes, as where labels are an array of names, and for a class that is named
 * twice.
 */
export function requireLabels(
  labels: unknown,
  hint = 'labelsFromColumn makes them of a column',
): asserts labels is Labels {
  const { codes, classes } = (labels ?? {}) as Partial<Labels>;
  if (!ArrayBuffer.isView(codes) || !Array.isArray(classes)) {
    throw new CounterweightError(
      'bad-labels',
      `labels must be { codes: Int32Array, classes: [...] }, one code a row, got ${described(labels)}; ${hint}`,
    );
  }
  if (new Set(classes).size === classes.length) return;
  const twice = classes.find((label, code) => classes.indexOf(label) !== code) as ClassLabel;
  throw new CounterweightError('bad-labels', `the classes name ${shown(twice)} twice; one name is one class`, {
    class: twice,
  });
}

/** Throws `bad-labels` unless all classes are strings or all are finite numbers. */
function requireOneType(classes: readonly unknown[]): void {
  const first = classes[0];
  const valid = (label: unknown) => (typeof first === 'string' ? typeof label === 'string' : Number.isFinite(label));
  const odd = classes.findIndex((label) => !valid(label));
  if (odd < 0) return;
  const beside = odd > 0 ? `, the first ${shown(first)}` : '';
  const message = `classes are all strings or all finite numbers; class ${odd} is ${shown(classes[odd])}${beside}`;
  throw new CounterweightError('bad-labels', message);
}

function shown(label: unknown): string {
  if (typeof label === 'string') return quoted(label);
  return typeof label === 'number' || typeof label === 'boolean' ? String(label) : described(label);
}

/**
 * Throws `bad-rows`, `bad-labels` and `no-columns` for what no learner can take, and `shape-mismatch` unless labels and weights
 * have one entry a row. Costs nothing a row.
 */
export function checkDataset(data: Dataset): void {
  const { X, y, weights } = ((data as Dataset | null | undefined) ?? {}) as Partial<Dataset>;
  requireNumericRows(X);
  requireLabels(y);
  requireOneType(y.classes);
  if (X.columns === 0) throw new CounterweightError('no-columns', 'the rows have no columns to learn from');
  const entries = [['labels', y.codes] as const, ['weights', weights] as const];
  for (const [what, values] of entries) {
    if (values === undefined || values.length === X.rows) continue;
    const count = (values as { readonly length?: number } | null)?.length;
    throw new CounterweightError('shape-mismatch', `${counted(X.rows, 'row')} have ${count ?? 'no'} ${what}`);
  }
}

/** Throws `bad-rows`, and `column-mismatch` unless the rows have as many columns as those that a model was fitted on. */
export function checkColumnCount(X: NumericRows, columns: number, model = 'the model'): void {
  requireNumericRows(X);
  if (X.columns === columns) return;
  throw new CounterweightError(
    'column-mismatch',
    `${model} was fitted on ${columns} columns, the rows have ${X.columns}`,
  );
}
