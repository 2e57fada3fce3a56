import type { RankedScores } from './ranked-scores.ts';
import { ratio } from './undefined-value.ts';

/**
 * Parallel arrays in scikit-learn's order: thresholds ascending, so recall descends; the last point (precision 1,
 * recall 0) has no threshold, so `thresholds` is one shorter.
 */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly thresholds: Float64Array;
}

/** Precision and recall at every distinct score. Without positive rows recall is 1 throughout, as in scikit-learn. */
export function precisionRecallCurve(ranked: RankedScores): PrecisionRecallCurve {
  const { truePositives, falsePositives, positives } = ranked;
  const groups = ranked.thresholds.length;
  const precision = new Float64Array(groups + 1);
  const recall = new Float64Array(groups + 1);
  const thresholds = new Float64Array(groups);
  for (let i = 0; i < groups; i++) {
    const group = groups - 1 - i;
    const hits = truePositives[group]!;
    thresholds[i] = ranked.thresholds[group]!;
    precision[i] = hits / (hits + falsePositives[group]!);
    recall[i] = ratio(hits, positives, { undefinedAs: 1 });
  }
  precision[groups] = 1;
  return { precision, recall, thresholds };
}
