import type { RankedScores } from './ranked-scores.ts';

/** Parallel arrays, thresholds descending; the first point is (0, 0) at the threshold infinity. */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  readonly thresholds: Float64Array;
}

/**
 * The ROC curve by scikit-learn's rules. `dropIntermediate` (default true) leaves out points on a straight line between
 * their neighbours, by second differences; the picture and the area stay the same.
 *
 * A rate is NaN throughout where its class has no rows.
 */
export function rocCurve(ranked: RankedScores, options: { readonly dropIntermediate?: boolean } = {}): RocCurve {
  const kept = options.dropIntermediate === false ? allGroups(ranked) : corners(ranked);
  const size = kept.length + 1;
  const falsePositiveRate = new Float64Array(size);
  const truePositiveRate = new Float64Array(size);
  const thresholds = new Float64Array(size);
  thresholds[0] = Number.POSITIVE_INFINITY;
  falsePositiveRate[0] = 0 / ranked.negatives;
  truePositiveRate[0] = 0 / ranked.positives;
  for (let i = 0; i < kept.length; i++) {
    const group = kept[i]!;
    thresholds[i + 1] = ranked.thresholds[group]!;
    falsePositiveRate[i + 1] = ranked.falsePositives[group]! / ranked.negatives;
    truePositiveRate[i + 1] = ranked.truePositives[group]! / ranked.positives;
  }
  return { falsePositiveRate, truePositiveRate, thresholds };
}

function allGroups(ranked: RankedScores): Int32Array {
  return Int32Array.from({ length: ranked.thresholds.length }, (_, group) => group);
}

function corners(ranked: RankedScores): Int32Array {
  const { truePositives, falsePositives } = ranked;
  const groups = ranked.thresholds.length;
  if (groups <= 2) return allGroups(ranked);
  const kept = new Int32Array(groups);
  let size = 0;
  for (let group = 0; group < groups; group++) {
    const end = group === 0 || group === groups - 1;
    if (end || bends(truePositives, group) || bends(falsePositives, group)) kept[size++] = group;
  }
  return kept.slice(0, size);
}

function bends(values: Float64Array, at: number): boolean {
  return values[at + 1]! - values[at]! !== values[at]! - values[at - 1]!;
}
