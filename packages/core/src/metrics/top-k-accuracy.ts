import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { requireCodes, requireFinite, requireLength, requireWeights } from './checks.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import { weightedMean } from './probability-losses.ts';
import type { UndefinedOption } from './undefined-value.ts';

/**
 * Share of rows whose true class is among the k classes with the highest scores; with k = 1 the accuracy of the best.
 *
 * Free of the order of the classes: where the cut goes through a group of equal scores, a row counts with the chance that
 * a random choice among them has (scikit-learn lets the higher code win). Throws `bad-option`, `bad-scores`, `bad-labels`,
 * `bad-weights`, `shape-mismatch`.
 */
export function topKAccuracy(rows: ClassScoredRows & UndefinedOption & { readonly k: number }): number {
  const { probabilities, truth, weights, k } = rows;
  const { data, columns } = probabilities;
  if (!Number.isInteger(k) || k < 1 || k > columns) {
    throw new CounterweightError('bad-option', `k must be a whole number from 1 to the ${columns} classes, got ${k}`);
  }
  requireLength('truth', truth.length, probabilities.rows);
  requireCodes('truth', truth, columns);
  requireWeights(weights, truth.length);
  requireFinite('probabilities', data);
  return weightedMean(topKChances(probabilities, truth, k), weights, rows);
}

/** For each row the chance that its true class is among its k classes with the highest scores, ties drawn at random. */
export function topKChances({ data, rows, columns }: Matrix, truth: Int32Array, k: number): Float64Array {
  const chances = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = data[row * columns + truth[row]!]!;
    let above = 0;
    let tied = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      if (data[at]! > own) above++;
      else if (data[at] === own) tied++;
    }
    chances[row] = Math.min(1, Math.max(0, (k - above) / tied));
  }
  return chances;
}
