import { CounterweightError } from '../runtime/errors.ts';
import type { BinaryCounts } from './confusion.ts';
import { recall, specificity } from './count-ratios.ts';
import { ratio, type UndefinedOption, undefinedValue } from './undefined-value.ts';

/**
 * The precision that the same recall and false positive rate give where a share `prevalence` of the rows is positive:
 * TPR π / (TPR π + FPR (1 - π)). At the rows' own prevalence it is their precision.
 *
 * Makes precisions comparable between tables that were balanced, filtered or sampled differently. Undefined where a
 * class has no rows or nothing is predicted positive. Throws `bad-option` unless `prevalence` lies in 0 .. 1.
 */
export function prevalenceAdjustedPrecision(
  counts: BinaryCounts,
  prevalence: number,
  options?: UndefinedOption,
): number {
  if (!(prevalence >= 0 && prevalence <= 1)) {
    throw new CounterweightError('bad-option', `prevalence must lie in 0 .. 1, got ${prevalence}`);
  }
  const hits = recall(counts) * prevalence;
  const alarms = (1 - specificity(counts)) * (1 - prevalence);
  return Number.isNaN(hits + alarms) ? undefinedValue(options) : ratio(hits, hits + alarms, options);
}
