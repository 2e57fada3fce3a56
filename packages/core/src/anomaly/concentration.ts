import type { Matrix } from '../data/matrix.ts';
import { valueOfRank } from '../data/value-of-rank.ts';
import { columnMeans, covarianceOf } from './moments.ts';

/** A centre and covariance of some of the rows. */
export interface Scatter {
  readonly location: Float64Array;
  readonly covariance: Float64Array;
  /** Lower triangle L of LL' = covariance. */
  readonly factor: Float64Array;
  readonly logDeterminant: number;
  /** Whether the rows lay in a plane, so that a ridge was added. */
  readonly flat: boolean;
}

/** Added to the variances where rows lie in a plane; the data have variance about 1. */
const RIDGE = 1e-9;

export function scatterOf(rows: Matrix, kept: Int32Array): Scatter {
  const location = columnMeans(rows, kept);
  const covariance = covarianceOf(rows, location, kept);
  const factor = choleskyOf(covariance, rows.columns);
  if (factor)
    return { location, covariance, factor, logDeterminant: logDeterminant(factor, rows.columns), flat: false };
  for (let j = 0; j < rows.columns; j++) covariance[j * rows.columns + j]! += RIDGE;
  const ridged = choleskyOf(covariance, rows.columns)!;
  return { location, covariance, factor: ridged, logDeterminant: logDeterminant(ridged, rows.columns), flat: true };
}

/** One C-step: the `support` rows nearest by the scatter, and theirs. Its determinant is never larger. */
export function concentrate(rows: Matrix, scatter: Scatter, support: number): Scatter {
  return scatterOf(rows, nearestRows(distancesBy(rows, scatter), support));
}

/** C-steps at most: subsets are finite, so that they end by themselves, mostly in ten or so (Rousseeuw & Van Driessen 1999). */
const STEPS = 200;
/** A log-determinant that falls by less, relative to it, falls by rounding alone. */
const ROUNDING = 1e-12;

/** C-steps until the determinant falls no more. */
export function concentrateFully(rows: Matrix, start: Scatter, support: number): Scatter {
  let best = start;
  for (let step = 0; step < STEPS; step++) {
    const next = concentrate(rows, best, support);
    if (!(next.logDeterminant < best.logDeterminant - ROUNDING * Math.abs(best.logDeterminant))) return best;
    best = next;
  }
  return best;
}

/** Squared distances of all rows from the centre. */
export function distancesBy({ rows, columns, data }: Matrix, { location, factor }: Scatter): Float64Array {
  const distances = new Float64Array(rows);
  const z = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let j = 0; j < columns; j++) {
      let rest = data[i * columns + j]! - location[j]!;
      const line = j * columns;
      for (let k = 0; k < j; k++) rest -= factor[line + k]! * z[k]!;
      const value = rest / factor[line + j]!;
      z[j] = value;
      squares += value * value;
    }
    distances[i] = squares;
  }
  return distances;
}

/** The rows with the smallest distances, ascending; of equal ones the first. */
function nearestRows(distances: Float64Array, count: number): Int32Array {
  const limit = valueOfRank(distances.slice(), count - 1);
  let below = 0;
  for (const distance of distances) if (distance < limit) below++;
  let ties = count - below;
  const kept = new Int32Array(count);
  for (let i = 0, at = 0; i < distances.length && at < count; i++) {
    if (distances[i]! < limit || (distances[i] === limit && ties-- > 0)) kept[at++] = i;
  }
  return kept;
}

/** Lower triangle; undefined unless clearly positive definite. */
function choleskyOf(matrix: Float64Array, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= factor[i * size + k]! * factor[j * size + k]!;
      if (i > j) factor[i * size + j] = rest / factor[j * size + j]!;
      else if (rest > 1e-13 * matrix[i * size + i]! && rest > 1e-300) factor[i * size + i] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return factor;
}

function logDeterminant(factor: Float64Array, size: number): number {
  let sum = 0;
  for (let j = 0; j < size; j++) sum += 2 * Math.log(factor[j * size + j]!);
  return sum;
}
