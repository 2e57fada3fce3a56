import { type Matrix, matrix } from '../../data/matrix.ts';
import { weightedQuantiles } from '../../metrics/weighted-quantile.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { checkWord } from '../options.ts';

/** Whether distances are taken on the columns as given, or divided by their standard deviation or interquartile range. */
export type DistanceScale = 'none' | 'standard' | 'robust';

/** A named scale, or what each column is divided by: numbers above 0. */
export type AskedScale = DistanceScale | readonly number[];

/** Throws `bad-option`. */
export function checkScale(scale: AskedScale | undefined, columns: number): void {
  if (!Array.isArray(scale)) {
    checkWord('scale', scale, distanceScales);
    return;
  }
  const fits = scale.length === columns && scale.every((divisor) => Number.isFinite(divisor) && divisor > 0);
  if (fits) return;
  throw new CounterweightError('bad-option', `scale must be a word or ${columns} numbers above 0, one a column`);
}

const distanceScales: readonly DistanceScale[] = Object.freeze(['none', 'standard', 'robust']);

/**
 * Puts rows on the scale on which distances are taken, which is that of the original rows. `standard`: population standard
 * deviation. `robust`: interquartile range, or the standard deviation of columns that have the same value at both quartiles
 * (indicators, mostly zeros). Columns that do not vary stay as they are. `none` copies nothing.
 */
export function distanceScale(original: Matrix, scale: AskedScale): (rows: Matrix) => Matrix {
  if (scale === 'none') return (rows) => rows;
  const divisors = typeof scale === 'string' ? divisorsOf(original, scale) : Float64Array.from(scale);
  return ({ rows, columns, data }) => {
    const scaled = new Float64Array(data.length);
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, at++) scaled[at] = data[at]! / divisors[j]!;
    return matrix(scaled, rows, columns);
  };
}

function divisorsOf(original: Matrix, scale: 'standard' | 'robust'): Float64Array {
  const { columns } = original;
  const divisors = new Float64Array(columns);
  const column = new Float64Array(original.rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < original.rows; i++) column[i] = original.data[i * columns + j]!;
    divisors[j] = (scale === 'robust' && quartileRange(column)) || deviation(column) || 1;
  }
  return divisors;
}

function quartileRange(values: Float64Array): number {
  const [low, high] = weightedQuantiles(values, undefined, Float64Array.of(0.25, 0.75));
  return high! - low!;
}

/** Population standard deviation, 0 for a constant; in units of the largest value, whose square might overflow. */
export function deviation(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  let mean = 0;
  for (const value of values) mean += value / largest / values.length;
  let squares = 0;
  for (const value of values) squares += (value / largest - mean) ** 2;
  const root = Math.sqrt(squares / values.length);
  // What rounding leaves of a constant column is no spread.
  return root > 1e-14 ? root * largest : 0;
}
