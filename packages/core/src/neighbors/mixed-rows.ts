import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** Squares of sums of larger numbers leave the range of float64. */
const LARGEST = 1e150;

/** Rows of numbers and categories. */
export interface MixedRows {
  readonly kind: 'mixed';
  readonly rows: number;
  /** NaN marks a missing value. */
  readonly numeric: Matrix;
  /** Code of each category, `rows × categories.length`; -1 marks a missing value. */
  readonly codes: Int32Array;
  /** How many codes each categorical column has. */
  readonly categories: readonly number[];
}

/**
 * Wraps rows of numbers and categories without copying. Throws `shape-mismatch` if lengths disagree, `not-finite` for an
 * infinite number, `distance-overflow` for one beyond 1e150, and `bad-codes` for a code outside -1 ... count - 1.
 */
export function mixedRows(parts: Omit<MixedRows, 'kind' | 'rows'>): MixedRows {
  const { numeric, codes, categories } = parts;
  const rows = numeric.columns > 0 || categories.length === 0 ? numeric.rows : codes.length / categories.length;
  if (numeric.rows !== rows || codes.length !== rows * categories.length) {
    const message = `there are ${numeric.rows} rows of numbers and ${codes.length} codes in ${categories.length} columns`;
    throw new CounterweightError('shape-mismatch', message);
  }
  const infinite = numeric.data.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (infinite >= 0) {
    const row = Math.floor(infinite / numeric.columns);
    const column = String(infinite % numeric.columns);
    throw new CounterweightError('not-finite', `the value in row ${row}, column ${column} is infinite`, {
      row,
      column,
    });
  }
  const far = numeric.data.findIndex((value) => Math.abs(value) > LARGEST);
  if (far >= 0) {
    const message = `the value in row ${Math.floor(far / numeric.columns)}, column ${far % numeric.columns} is too large for its square to be a number; scale the features first`;
    throw new CounterweightError('distance-overflow', message, { row: Math.floor(far / numeric.columns) });
  }
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= -1 && code < categories[i % categories.length]!) continue;
    const row = Math.floor(i / categories.length);
    throw new CounterweightError(
      'bad-codes',
      `row ${row} has code ${code} in categorical column ${i % categories.length}`,
      {
        row,
      },
    );
  }
  return Object.freeze({ kind: 'mixed', rows, numeric, codes, categories });
}

/** The named rows. */
export function pickMixed(X: MixedRows, picked: Int32Array): MixedRows {
  const { columns, data } = X.numeric;
  const width = X.categories.length;
  const numbers = new Float64Array(picked.length * columns);
  const codes = new Int32Array(picked.length * width);
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i]!;
    for (let j = 0; j < columns; j++) numbers[i * columns + j] = data[row * columns + j]!;
    for (let j = 0; j < width; j++) codes[i * width + j] = X.codes[row * width + j]!;
  }
  const numeric: Matrix = { kind: 'dense', rows: picked.length, columns, data: numbers };
  return { kind: 'mixed', rows: picked.length, numeric, codes, categories: X.categories };
}
