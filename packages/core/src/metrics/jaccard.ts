import type { BinaryCounts } from './confusion.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

/** Jaccard index, also critical success index: tp / (tp + fp + fn). Undefined where nothing was there and nothing was predicted. */
export function jaccard({ tp, fp, fn }: BinaryCounts, options?: UndefinedOption): number {
  return ratio(tp, tp + fp + fn, options);
}
