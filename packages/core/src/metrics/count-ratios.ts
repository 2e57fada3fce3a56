import type { BinaryCounts } from './confusion.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

/** Share of the rows predicted positive that are: tp / (tp + fp). */
export function precision({ tp, fp }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(tp, tp + fp, options);
}

/** Share of the positive rows that were found, also sensitivity: tp / (tp + fn). */
export function recall({ tp, fn }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(tp, tp + fn, options);
}

/**
 * Share of the negative rows that were left alone: tn / (tn + fp).
 *
 * tn is a sum of weights like the other three, so this stays in 0 .. 1 with weights (imbalanced-learn 0.14 takes the
 * number of rows there and leaves the range).
 */
export function specificity({ fp, tn }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(tn, tn + fp, options);
}

/**
 * Weighted harmonic mean of precision and recall: (1 + b²) tp / ((1 + b²) tp + b² fn + fp); van Rijsbergen, 1979.
 *
 * `beta` 0 is the precision, infinity the recall. Taken from the counts, so it is 0, not undefined, where nothing was found but there was something to find.
 */
export function fBeta({ tp, fp, fn }: BinaryCounts, beta: number, options?: UndefinedOption): number {
  if (beta === Number.POSITIVE_INFINITY) return ratio(tp, tp + fn, options);
  const squared = beta * beta;
  return ratio((1 + squared) * tp, (1 + squared) * tp + squared * fn + fp, options);
}
