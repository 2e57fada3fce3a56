import { classGeometricMean } from './class-geometric-mean.ts';
import type { BinaryCounts } from './confusion.ts';
import { recall, specificity } from './count-ratios.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface IndexBalancedAccuracyOptions extends UndefinedOption {
  /** Weight of the dominance recall - specificity, default 0.1. */
  readonly alpha?: number;
  /** Whether the score is squared first, default true. */
  readonly squared?: boolean;
  /** What is corrected; default the geometric mean of recall and specificity. */
  readonly score?: (counts: BinaryCounts) => number;
}

/**
 * Index balanced accuracy (García, Mollineda and Sánchez, 2009): (1 + α (recall - specificity)) × score², which prefers,
 * of equal scores, the one that serves the positive class better.
 *
 * Undefined unless both sides have rows. True negatives are sums of weights like the rest (imbalanced-learn 0.14 counts
 * rows there, so its values with weights differ).
 */
export function indexBalancedAccuracy(counts: BinaryCounts, options: IndexBalancedAccuracyOptions = {}): number {
  const { alpha = 0.1, squared = true, score = classGeometricMean } = options;
  const base = score(counts);
  const value = (1 + alpha * (recall(counts) - specificity(counts))) * (squared ? base * base : base);
  return Number.isNaN(value) ? undefinedValue(options) : value;
}
