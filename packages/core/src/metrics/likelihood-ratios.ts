import type { BinaryCounts } from './confusion.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

/**
 * How much a positive prediction multiplies the odds of the positive class: recall / (1 - specificity).
 *
 * Undefined without false positives, where it would be infinite or 0 / 0, and where a class has no rows.
 */
export function positiveLikelihoodRatio({ tp, fp, fn, tn }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(tp * (fp + tn), fp * (tp + fn), options);
}

/** How much a negative prediction multiplies those odds: (1 - recall) / specificity. Undefined without true negatives. */
export function negativeLikelihoodRatio({ tp, fp, fn, tn }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(fn * (fp + tn), tn * (tp + fn), options);
}
