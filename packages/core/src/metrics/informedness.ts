import type { BinaryCounts } from './confusion.ts';
import { precision, recall, specificity } from './count-ratios.ts';
import { ratio, type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Share of the rows predicted negative that are: tn / (tn + fn). */
export function negativePredictiveValue({ fn, tn }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(tn, tn + fn, options);
}

/** Youden's J (1950): recall + specificity - 1. Undefined unless both classes have rows. */
export function informedness(counts: BinaryCounts, options?: UndefinedOption): number {
  return defined(recall(counts) + specificity(counts) - 1, options);
}

/**
 * Informedness of the reverse question (Powers, 2011): precision + negative predictive value - 1. Undefined unless both
 * classes were predicted. Its geometric mean with the informedness is Matthews' correlation.
 */
export function markedness(counts: BinaryCounts, options?: UndefinedOption): number {
  return defined(precision(counts) + negativePredictiveValue(counts) - 1, options);
}

function defined(value: number, options: UndefinedOption | undefined): number {
  return Number.isNaN(value) ? undefinedValue(options) : value;
}
