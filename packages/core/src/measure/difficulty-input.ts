import { throwNotFinite } from '../data/check-rows.ts';
import type { NumericRows } from '../data/dataset.ts';
import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';

/**
 * Labelled numeric rows; a `Dataset` is one (its weights are not looked at). Distances are Euclidean on the columns as they
 * are: encode tables with the encoder, which standardises, or scale columns first.
 */
export interface DifficultyInput {
  readonly X: NumericRows;
  readonly y: Labels;
}

/** Beyond this, squares of differences and their sums overflow. */
const LARGEST = 1e140;

/**
 * Throws `shape-mismatch`, `one-class` unless two classes have rows, `not-finite` or `bad-sparse`, and `out-of-range` for a
 * value beyond 1e140.
 */
export function checkDifficultyInput({ X, y }: DifficultyInput): void {
  if (X.rows !== y.codes.length) {
    throw new CounterweightError('shape-mismatch', `there are ${X.rows} rows but ${y.codes.length} labels`);
  }
  const present = classCounts(y).filter((count) => count > 0).length;
  if (present < 2) {
    const message = `rows of two classes are needed to say how hard they are to tell apart, there are ${present}`;
    throw new CounterweightError('one-class', message, { classes: present });
  }
  if (X.kind === 'csr') throwNotFinite(X);
  const values = X.kind === 'dense' ? X.data : X.values;
  let at = 0;
  while (at < values.length && Math.abs(values[at]!) <= LARGEST) at++;
  if (at === values.length) return;
  throwNotFinite(X);
  const message = `the value ${values[at]} is too large to compute distances with; give its column another unit`;
  const where = X.kind === 'dense' ? { row: Math.floor(at / X.columns), column: String(at % X.columns) } : {};
  throw new CounterweightError('out-of-range', message, where);
}

/** Codes of the classes that have rows. */
export function presentClasses(y: Labels): number[] {
  return Array.from(classCounts(y).entries()).flatMap(([code, count]) => (count > 0 ? [code] : []));
}

/** Rows of each class in ascending order, in the order of the classes. */
export function rowsByClass(y: Labels): Int32Array[] {
  const rows = Array.from(classCounts(y), (count) => new Int32Array(count));
  const filled = new Int32Array(rows.length);
  for (let i = 0; i < y.codes.length; i++) {
    const code = y.codes[i]!;
    rows[code]![filled[code]!++] = i;
  }
  return rows;
}

/** Row-major values of dense or sparse rows, `rows × columns`; those of dense rows are not copied. */
export function denseValues(X: NumericRows): Float64Array {
  if (X.kind === 'dense') return X.data;
  const values = new Float64Array(X.rows * X.columns);
  for (let i = 0; i < X.rows; i++) {
    for (let e = X.offsets[i]!; e < X.offsets[i + 1]!; e++) values[i * X.columns + X.indices[e]!] = X.values[e]!;
  }
  return values;
}
