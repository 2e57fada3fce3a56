import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';

/** Rows of the largest class over rows of the smallest; classes without rows are passed over. NaN-free: 1 without rows. */
export function imbalanceRatio(labels: Labels): number {
  const counts = classCounts(labels).filter((count) => count > 0);
  return counts.length === 0 ? 1 : Math.max(...counts) / Math.min(...counts);
}

/** Share of the rows in each class, in the order of `labels.classes`; all 0 without rows. */
export function classShares(labels: Labels): Float64Array {
  const rows = Math.max(1, labels.codes.length);
  return Float64Array.from(classCounts(labels), (count) => count / rows);
}
