import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Work } from '../runtime/work.ts';
import { BLOCK_ROWS, overSlabs, placed } from './row-slabs.ts';

/** Mean of each column, of the rows `kept` if given. */
export function columnMeans({ rows, columns, data }: Matrix, kept?: Int32Array): Float64Array {
  const means = new Float64Array(columns);
  const count = kept ? kept.length : rows;
  for (let i = 0; i < count; i++) {
    const at = (kept ? kept[i]! : i) * columns;
    for (let j = 0; j < columns; j++) means[j]! += data[at + j]!;
  }
  for (let j = 0; j < columns; j++) means[j]! /= count;
  return means;
}

/** Covariance `columns × columns` with divisor n, about the given means, of the rows `kept` if given. */
export function covarianceOf({ rows, columns, data }: Matrix, means: Float64Array, kept?: Int32Array): Float64Array {
  const sums = new Float64Array(columns * columns);
  const centred = new Float64Array(columns);
  const count = kept ? kept.length : rows;
  for (let i = 0; i < count; i++) {
    const at = (kept ? kept[i]! : i) * columns;
    for (let j = 0; j < columns; j++) centred[j] = data[at + j]! - means[j]!;
    for (let j = 0; j < columns; j++) {
      const value = centred[j]!;
      const line = j * columns;
      for (let k = 0; k <= j; k++) sums[line + k]! += value * centred[k]!;
    }
  }
  for (let j = 0; j < columns; j++) {
    for (let k = 0; k <= j; k++) {
      const value = sums[j * columns + k]! / count;
      sums[j * columns + k] = value;
      sums[k * columns + j] = value;
    }
  }
  return sums;
}

/** `covarianceOf` of all rows, by the kernels: sums of blocks, which are added in their order. */
export async function fullCovariance(work: Work, X: Matrix, means: Float64Array): Promise<Float64Array> {
  const { rows, columns } = X;
  const size = (columns * (columns + 1)) / 2;
  const sums = new Float64Array(size);
  const kernel = { kernel: 'productSums', scratch: BLOCK_ROWS * columns, rest: [placed(work, means)] };
  await overSlabs(work, X, kernel, size, (partials, _first, count) => {
    const end = Math.ceil(count / BLOCK_ROWS) * size;
    for (let at = 0; at < end; at += size) for (let i = 0; i < size; i++) sums[i]! += partials[at + i]!;
  });
  const covariance = new Float64Array(columns * columns);
  for (let j = 0, at = 0; j < columns; j++) {
    for (let k = 0; k <= j; k++, at++) {
      covariance[j * columns + k] = covariance[k * columns + j] = sums[at]! / rows;
    }
  }
  return covariance;
}

/** Standard deviations of columns, divisor n. Throws `distance-overflow` where squares leave the range of numbers. */
export function deviationsOf(covariance: Float64Array, columns: number): Float64Array {
  const deviations = Float64Array.from({ length: columns }, (_, j) => Math.sqrt(covariance[j * columns + j]!));
  if (deviations.every(Number.isFinite)) return deviations;
  throw new CounterweightError(
    'distance-overflow',
    'the squares of the cells are too large for a number; scale the features first',
  );
}
