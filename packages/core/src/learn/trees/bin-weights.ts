import { classWeights } from '../class-priors.ts';
import type { TrainingRows } from '../logistic-data.ts';

/** Factors are multiples of a power of 2, so that a row of weight 3 and three rows are the same sum. */
const GRID = 2 ** 20;

/**
 * Weights of the rows when columns are cut into bins of equal weight: a class counts with the square root of its rows, so that
 * bins are narrow where a rare class lies. Bins of equal numbers of rows would be cut where the common class lies, and the
 * threshold that parts a rare one from it can fall inside a single bin. Undefined where all rows weigh the same.
 */
export function binWeights(training: TrainingRows): Float64Array | undefined {
  const { labels, weights } = training;
  const totals = classWeights(training);
  let all = 0;
  for (const weight of weights) all += weight;
  const factors = totals.map((total) => Math.round(Math.sqrt(all / total) * GRID) / GRID);
  const found = weights.map((weight, i) => weight * factors[labels[i]!]!);
  return found.every((weight) => weight === found[0]) ? undefined : found;
}
