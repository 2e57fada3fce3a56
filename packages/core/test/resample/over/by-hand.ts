import type { Dataset } from '../../../src/data/dataset.ts';
import type { Matrix } from '../../../src/data/matrix.ts';
import { rowAt } from '../data.ts';

/** What the methods' tests work out from definitions, by sorting all distances. */

export const euclidean = (a: readonly number[], b: readonly number[]) =>
  Math.sqrt(a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0));

/** The rows, in order of (distance, row), nearest to a row that is not among them, or that leaves itself out. */
export function nearestByHand(
  { X, y }: Dataset & { readonly X: Matrix },
  row: number,
  k: number,
  within: 'all' | 'same' | 'other' = 'all',
): number[] {
  const at = rowAt(X, row);
  return [...y.codes.keys()]
    .filter((other) => other !== row)
    .filter((other) => within === 'all' || (y.codes[other] === y.codes[row]) === (within === 'same'))
    .map((other) => ({ other, distance: euclidean(at, rowAt(X, other)) }))
    .sort((a, b) => a.distance - b.distance || a.other - b.other)
    .slice(0, k)
    .map(({ other }) => other);
}

/** Mean and variance (divisor n) of numbers. */
export function moments(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

/** The new rows of a result as an array of rows. */
export function newRows(X: Matrix, originals: number): number[][] {
  return Array.from({ length: X.rows - originals }, (_, i) => rowAt(X, originals + i));
}
