import { requireClass } from './checks.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import { brierLosses, requireClassProbabilities, weightedMean } from './probability-losses.ts';
import type { UndefinedOption } from './undefined-value.ts';

/**
 * Brier score (1950), 0 is best. With `positive`: the mean of (p - y)² for that class, from 0 to 1. With null: the mean
 * of Σ_k (p_k - [y = k])², from 0 to 2; with two classes that is twice the first. So does scikit-learn 1.9.
 *
 * Throws `bad-scores` outside 0 .. 1, `bad-labels`, `bad-weights`, `shape-mismatch`, `bad-option`.
 */
export function brierScore(rows: ClassScoredRows & { readonly positive: number | null } & UndefinedOption): number {
  requireClassProbabilities(rows);
  if (rows.positive !== null) requireClass(rows.positive, rows.probabilities.columns);
  return weightedMean(brierLosses(rows.probabilities, rows.truth, rows.positive), rows.weights, rows);
}
