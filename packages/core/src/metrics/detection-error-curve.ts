import type { RankedScores } from './ranked-scores.ts';

/** Parallel arrays by ascending threshold. */
export interface DetectionErrorCurve {
  readonly falsePositiveRate: Float64Array;
  readonly falseNegativeRate: Float64Array;
  readonly thresholds: Float64Array;
}

/**
 * The detection error trade-off (Martin et al., 1997): both error rates at every distinct score, to be drawn on normal
 * deviate axes. From the highest threshold that misses none to the last without false positives, infinity where there
 * is none such, as in scikit-learn 1.9. A rate is NaN throughout where its class has no rows.
 */
export function detectionErrorCurve(ranked: RankedScores): DetectionErrorCurve {
  const { thresholds, truePositives, falsePositives, positives, negatives } = ranked;
  const all = thresholds.length;
  let first = -1;
  while (first + 1 < all && falsePositives[first + 1] === 0) first++;
  let last = Math.max(0, first);
  while (last < all - 1 && truePositives[last]! < positives) last++;
  const groups = Int32Array.from({ length: all === 0 ? 0 : last - first + 1 }, (_, i) => last - i);
  return {
    falsePositiveRate: Float64Array.from(groups, (group) => (group < 0 ? 0 : falsePositives[group]!) / negatives),
    falseNegativeRate: Float64Array.from(
      groups,
      (group) => (positives - (group < 0 ? 0 : truePositives[group]!)) / positives,
    ),
    thresholds: Float64Array.from(groups, (group) => (group < 0 ? Number.POSITIVE_INFINITY : thresholds[group]!)),
  };
}
