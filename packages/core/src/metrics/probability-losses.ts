import type { Matrix } from '../data/matrix.ts';
import { requireCodes, requireLength, requireProbabilities, requireWeights } from './checks.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Throws unless the rows hold probabilities, one column a class, beside valid truth and weights. */
export function requireClassProbabilities({ probabilities, truth, weights }: ClassScoredRows): void {
  requireLength('truth', truth.length, probabilities.rows);
  requireCodes('truth', truth, probabilities.columns);
  requireWeights(weights, truth.length);
  requireProbabilities('probabilities', probabilities.data);
}

/** Brier's loss of each row: (p - y)² of the positive class, or Σ_k (p_k - [y = k])² over all classes with null. */
export function brierLosses(probabilities: Matrix, truth: Int32Array, positive: number | null): Float64Array {
  const { data, rows, columns } = probabilities;
  const losses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let loss = 0;
    for (let label = positive ?? 0; label <= (positive ?? columns - 1); label++) {
      const gap = data[start + label]! - (truth[row] === label ? 1 : 0);
      loss += gap * gap;
    }
    losses[row] = loss;
  }
  return losses;
}

/** -ln of the probability of each row's true class, clipped to eps .. 1 - eps with eps = 2^-52. */
export function logLosses(probabilities: Matrix, truth: Int32Array): Float64Array {
  const { data, rows, columns } = probabilities;
  const losses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const probability = data[row * columns + truth[row]!]!;
    losses[row] = -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
  }
  return losses;
}

/** Σ w x / Σ w; undefined where the weights sum to 0. */
export function weightedMean(values: Float64Array, weights?: Float64Array, options?: UndefinedOption): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? weights[row]! : 1;
    sum += weight * values[row]!;
    total += weight;
  }
  return total === 0 ? undefinedValue(options) : sum / total;
}
