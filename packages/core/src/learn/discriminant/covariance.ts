import type { NumericRows } from '../../data/dataset.ts';
import { classMeans } from '../class-means.ts';
import { eachRow } from '../each-row.ts';
import type { TrainingRows } from '../logistic-data.ts';

/** How far a covariance is drawn towards a multiple of the unit matrix: not, by Ledoit and Wolf's estimate, or by a share. */
export type CovarianceShrinkage = 'none' | 'auto' | number;

/** Weighted first and second moments of each class. */
export interface ClassMoments {
  readonly columns: number;
  /** Sum of the weights of each class. */
  readonly sums: Float64Array;
  /** `classes × columns`. */
  readonly means: Float64Array;
  /** Of each class the sum of w (x - mean)(x - mean)', `columns × columns`. */
  readonly scatters: readonly Float64Array[];
  /** Of each class the sum of w (sum_j ((x_j - mean_j) / deviation_j)²)², which Ledoit and Wolf's estimate needs; 0 unless asked for. */
  readonly fourths: Float64Array;
}

/** Reads the rows twice, or three times with `wantsFourths`; `breathe` is called now and then. */
export async function classMoments(
  X: NumericRows,
  training: TrainingRows,
  sums: Float64Array,
  wantsFourths: boolean,
  breathe: () => Promise<void>,
): Promise<ClassMoments> {
  const { columns } = X;
  const classes = sums.length;
  const visitRows = eachRow(X, training, breathe, columns * (1 + columns / 4));
  const { origin, means } = await classMeans(X, training, sums, visitRows);
  const scatters = Array.from({ length: classes }, () => new Float64Array(columns * columns));
  const row = new Float64Array(columns);
  await visitRows((cells, start, label, weight) => {
    const scatter = scatters[label]!;
    for (let j = 0; j < columns; j++) row[j] = cells[start + j]! - origin[j]! - means[label * columns + j]!;
    for (let j = 0; j < columns; j++) {
      const x = weight * row[j]!;
      if (x !== 0) for (let l = 0, at = j * columns; l <= j; l++, at++) scatter[at]! += x * row[l]!;
    }
  });
  const fourths = new Float64Array(classes);
  if (wantsFourths) {
    const precisions = inverseVariances(scatters, sums, columns);
    await visitRows((cells, start, label, weight) => {
      let square = 0;
      for (let j = 0, at = label * columns; j < columns; j++, at++) {
        square += (cells[start + j]! - origin[j]! - means[at]!) ** 2 * precisions[at]!;
      }
      fourths[label]! += weight * square * square;
    });
  }
  for (const scatter of scatters) mirror(scatter, columns);
  for (let at = 0; at < means.length; at++) means[at]! += origin[at % columns]!;
  return { columns, sums, means, scatters, fourths };
}

function inverseVariances(scatters: readonly Float64Array[], sums: Float64Array, columns: number): Float64Array {
  const inverse = new Float64Array(sums.length * columns);
  for (let k = 0; k < sums.length; k++) {
    for (let j = 0; j < columns; j++) {
      const variance = scatters[k]![j * columns + j]! / sums[k]!;
      inverse[k * columns + j] = variance > 0 ? 1 / variance : 1;
    }
  }
  return inverse;
}

function mirror(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) for (let l = 0; l < j; l++) matrix[l * size + j] = matrix[j * size + l]!;
}

/**
 * Covariance of one class (divisor: its weight), shrunk. A share s gives (1 - s) C + s mean(diag C) I in the columns' own
 * units; `auto` works in units of the class's deviations, as scikit-learn does.
 */
export function shrunkCovariance(moments: ClassMoments, k: number, shrinkage: CovarianceShrinkage): Float64Array {
  const { columns, sums, scatters } = moments;
  const covariance = scatters[k]!.map((value) => value / sums[k]!);
  if (shrinkage === 'none') return covariance;
  if (shrinkage !== 'auto') return shrunk(covariance, columns, shrinkage);
  const deviations = Float64Array.from({ length: columns }, (_, j) => Math.sqrt(covariance[j * columns + j]!) || 1);
  const correlation = covariance.map(
    (value, at) => value / deviations[Math.floor(at / columns)]! / deviations[at % columns]!,
  );
  const share = ledoitWolf(correlation, columns, sums[k]!, moments.fourths[k]!);
  return shrunk(correlation, columns, share).map(
    (value, at) => value * deviations[Math.floor(at / columns)]! * deviations[at % columns]!,
  );
}

function shrunk(covariance: Float64Array, columns: number, share: number): Float64Array {
  const mean = trace(covariance, columns) / columns;
  return covariance.map((value, at) => (1 - share) * value + (at % (columns + 1) === 0 ? share * mean : 0));
}

/**
 * Share of shrinkage that minimises the expected squared error (Ledoit and Wolf, "A well-conditioned estimator for
 * large-dimensional covariance matrices", 2004), for n rows of covariance C and the sum `fourth` of |x|⁴.
 */
function ledoitWolf(covariance: Float64Array, columns: number, n: number, fourth: number): number {
  if (columns <= 1) return 0;
  let squares = 0;
  for (const value of covariance) squares += value * value;
  const mean = trace(covariance, columns) / columns;
  const spread = (squares - columns * mean * mean) / columns;
  const noise = Math.min(spread, (fourth / n - squares) / (columns * n));
  return noise > 0 ? noise / spread : 0;
}

function trace(matrix: Float64Array, columns: number): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += matrix[j * (columns + 1)]!;
  return sum;
}
