import type { ClassScoredRows } from './one-vs-rest.ts';
import { logLosses, requireClassProbabilities, weightedMean } from './probability-losses.ts';
import type { UndefinedOption } from './undefined-value.ts';

/**
 * Mean of -ln p(true class), 0 is best. Probabilities are clipped to 2^-52 .. 1 - 2^-52 and not renormalised, as in
 * scikit-learn 1.9; so one certain mistake costs 36, not infinity.
 *
 * Throws `bad-scores` outside 0 .. 1, `bad-labels`, `bad-weights`, `shape-mismatch`.
 */
export function logLoss(rows: ClassScoredRows & UndefinedOption): number {
  requireClassProbabilities(rows);
  return weightedMean(logLosses(rows.probabilities, rows.truth), rows.weights, rows);
}
