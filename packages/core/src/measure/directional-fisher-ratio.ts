import type { ClassMeasure } from './class-measure.ts';
import { meanOverPairs, type PairOptions } from './class-pairs.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues } from './difficulty-input.ts';
import { pivotedCholesky } from './pivoted-cholesky.ts';

/** A direction of so little scatter (in units of the columns' own) counts as having none. */
const NO_SCATTER = 1e-12;
/** A difference of means along such a direction, above this many standard deviations of a column, separates the classes. */
const SEPARATED = 1e-6;

/**
 * F1v (Lorena et al. 2019): `1 / (1 + r)` with Fisher's ratio along the direction that makes it largest. With pooled scatter
 * `W = p_a cov_a + p_b cov_b` (covariances divided by n) and the difference of means v, that ratio is `v' W^+ v`. One against
 * one, then means; a class's value is the mean over its pairs.
 *
 * Where the means differ along a direction in which neither class varies, the ratio is infinite and F1v is 0; a
 * pseudo-inverse leaves such directions out and calls these, the easiest of sets, the hardest.
 * Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export function directionalFisherRatio(data: DifficultyInput, options: PairOptions = {}): ClassMeasure {
  checkDifficultyInput(data);
  const values = denseValues(data.X);
  const { columns } = data.X;
  return meanOverPairs(data.y, options.seed, (a, b) => {
    const value = 1 / (1 + directionalRatio(values, columns, a, b));
    return { value, a: value, b: value };
  });
}

function directionalRatio(values: Float64Array, columns: number, a: Int32Array, b: Int32Array): number {
  const meanA = columnMeans(values, columns, a);
  const meanB = columnMeans(values, columns, b);
  const scatter = new Float64Array(columns * columns);
  addScatter(scatter, values, columns, a, meanA);
  addScatter(scatter, values, columns, b, meanB);
  const rows = a.length + b.length;
  const deviations = Float64Array.from(meanA, (_, f) => Math.sqrt(scatter[f * columns + f]! / rows));
  const varying = Array.from(deviations.keys()).filter((f) => deviations[f]! > 0);
  for (let f = 0; f < columns; f++) {
    const size = Math.max(Math.abs(meanA[f]!), Math.abs(meanB[f]!));
    if (!(deviations[f]! > 0) && Math.abs(meanA[f]! - meanB[f]!) > 1e-14 * size) return Number.POSITIVE_INFINITY;
  }
  // In units of each column's standard deviation, W is a correlation matrix and no column drowns another.
  const size = varying.length;
  const correlations = new Float64Array(size * size);
  const difference = new Float64Array(size);
  for (const [i, f] of varying.entries()) {
    difference[i] = (meanA[f]! - meanB[f]!) / deviations[f]!;
    for (const [j, g] of varying.entries()) {
      correlations[i * size + j] =
        scatter[Math.max(f, g) * columns + Math.min(f, g)]! / (rows * deviations[f]! * deviations[g]!);
    }
  }
  return quadraticForm(correlations, difference);
}

/** `v' A^- v` for a positive semi-definite A, or infinity where v has a part outside the range of A. */
function quadraticForm(A: Float64Array, v: Float64Array): number {
  const size = v.length;
  const { rank, order } = pivotedCholesky(A, size, NO_SCATTER);
  const solved = new Float64Array(rank);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    let rest = v[order[i]!]!;
    for (let j = 0; j < Math.min(i, rank); j++) rest -= A[i * size + j]! * solved[j]!;
    if (i < rank) {
      solved[i] = rest / A[i * size + i]!;
      sum += solved[i]! ** 2;
    } else if (Math.abs(rest) > SEPARATED) return Number.POSITIVE_INFINITY;
  }
  return sum;
}

function columnMeans(values: Float64Array, columns: number, rows: Int32Array): Float64Array {
  const origin = values.slice(rows[0]! * columns, (rows[0]! + 1) * columns);
  const sums = new Float64Array(columns);
  for (const row of rows) for (let f = 0; f < columns; f++) sums[f]! += values[row * columns + f]! - origin[f]!;
  return sums.map((sum, f) => origin[f]! + sum / rows.length);
}

/** Adds the lower triangle of the sum of products of deviations. */
function addScatter(
  scatter: Float64Array,
  values: Float64Array,
  columns: number,
  rows: Int32Array,
  means: Float64Array,
): void {
  const deviations = new Float64Array(columns);
  for (const row of rows) {
    for (let f = 0; f < columns; f++) deviations[f] = values[row * columns + f]! - means[f]!;
    for (let f = 0; f < columns; f++) {
      const deviation = deviations[f]!;
      if (deviation === 0) continue;
      for (let g = 0, at = f * columns; g <= f; g++, at++) scatter[at]! += deviation * deviations[g]!;
    }
  }
}
