import type { BinaryCounts } from './confusion.ts';
import { recall, specificity } from './count-ratios.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Geometric mean of one class against the rest: sqrt(recall × specificity). Undefined unless both sides have rows. */
export function classGeometricMean(counts: BinaryCounts, options?: UndefinedOption): number {
  const product = recall(counts) * specificity(counts);
  return Number.isNaN(product) ? undefinedValue(options) : Math.sqrt(product);
}
