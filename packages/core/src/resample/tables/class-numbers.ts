import { medianInPlace } from '../../data/encode/standardise.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { quoted } from '../../data/quoted.ts';
import type { NumericColumn } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/** Squares of sums of larger numbers leave the range of float64. */
const LARGEST = 1e150;

/**
 * Columns of numbers of some rows, for distances: a missing number is the median of its column in these rows (0 where all are
 * missing). Deviations are population standard deviations of what is there, 0 where nothing is.
 * Throws `distance-overflow` beyond 1e150.
 */
export function classNumbers(
  columns: readonly NumericColumn[],
  rows: Int32Array,
): { numeric: Matrix; deviations: Float64Array } {
  const data = new Float64Array(rows.length * columns.length);
  const deviations = new Float64Array(columns.length);
  const present = new Float64Array(rows.length);
  columns.forEach(({ name, values }, j) => {
    let count = 0;
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i]!]!;
      data[i * columns.length + j] = value;
      if (!Number.isNaN(value)) present[count++] = value;
      if (Math.abs(value) > LARGEST) throw tooLarge(name, rows[i]!);
    }
    const there = present.subarray(0, count);
    deviations[j] = deviationOf(there);
    if (count === rows.length) return;
    const fill = count === 0 ? 0 : medianInPlace(there);
    for (let at = j; at < data.length; at += columns.length) if (Number.isNaN(data[at])) data[at] = fill;
  });
  return { numeric: matrix(data, rows.length, columns.length), deviations };
}

/** Two passes, the second taking back what rounding left in the mean; exactly 0 for equal values. */
function deviationOf(values: Float64Array): number {
  if (values.length === 0) return 0;
  const first = values[0]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - first;
  const mean = sum / values.length;
  let squares = 0;
  let drift = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = values[i]! - first - mean;
    squares += gap * gap;
    drift += gap;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (drift / values.length) ** 2));
}

/** The error for a missing number that a method has no place for. */
export function missingValue(method: string, column: string, row: number): CounterweightError {
  return new CounterweightError(
    'missing-value',
    `${method} needs numbers: column ${quoted(column)} misses one in row ${row}; fill it in or leave the column out`,
    { column, row },
  );
}

function tooLarge(column: string, row: number): CounterweightError {
  return new CounterweightError(
    'distance-overflow',
    `the number in row ${row}, column ${quoted(column)} is too large for its square to be a number; scale the column first`,
    { column, row },
  );
}
