import type { Matrix } from '../data/matrix.ts';
import { symmetricEigen } from '../neighbors/symmetric-eigen.ts';
import type { Work } from '../runtime/work.ts';
import { deviationsOf } from './moments.ts';
import { GROUP, placed, rowScores } from './row-slabs.ts';

/** A map to uncorrelated coordinates of variance 1: z = axes (x - location). */
export interface Whitening {
  readonly location: Float64Array;
  /** `rank × columns`. */
  readonly axes: Float64Array;
  readonly rank: number;
}

/** Directions with less than this share of the largest variance (of columns brought to variance 1) are rounding. */
const LEAST_SHARE = 1e-12;

/** Whitening by a covariance; directions without variance are left out. Throws `distance-overflow`. */
export function whitening(location: Float64Array, covariance: Float64Array): Whitening {
  const columns = location.length;
  const deviations = deviationsOf(covariance, columns);
  // Correlations first, so that the units of columns decide nothing.
  const factors = deviations.map((deviation) => (deviation > 0 ? 1 / deviation : 0));
  const correlations = covariance.map(
    (value, at) => value * factors[Math.floor(at / columns)]! * factors[at % columns]!,
  );
  const { values, vectors } = symmetricEigen(correlations, columns);
  const least = Math.max(values[0]!, 0) * LEAST_SHARE * columns;
  const rank = values.filter((value) => value > least).length;
  const axes = new Float64Array(rank * columns);
  for (let k = 0; k < rank; k++) {
    const size = 1 / Math.sqrt(values[k]!);
    for (let j = 0; j < columns; j++) axes[k * columns + j] = vectors[k * columns + j]! * factors[j]! * size;
  }
  return { location, axes, rank };
}

/** Squared length of each row after whitening: its squared Mahalanobis distance. */
export function squaredDistances(work: Work, { location, axes, rank }: Whitening, X: Matrix): Promise<Float64Array> {
  const rest = [placed(work, location), placed(work, axes), rank];
  return rowScores(work, X, { kernel: 'whitenedSquares', scratch: GROUP * X.columns + GROUP, rest });
}

/** The rows in the coordinates of the whitening, `rows × rank`. */
export function whitened({ location, axes, rank }: Whitening, { rows, columns, data }: Matrix): Matrix {
  const out = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < rank; k++) {
      let z = 0;
      for (let j = 0; j < columns; j++) z += axes[k * columns + j]! * (data[i * columns + j]! - location[j]!);
      out[i * rank + k] = z;
    }
  }
  return { kind: 'dense', rows, columns: rank, data: out };
}
