import type { BinaryCounts } from './confusion.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';

/** Counts at every distinct score from high to low, parallel arrays; the first threshold is infinity, predict none. */
export interface ThresholdSweep {
  readonly thresholds: Float64Array;
  readonly tp: Float64Array;
  readonly fp: Float64Array;
  readonly fn: Float64Array;
  readonly tn: Float64Array;
}

export interface BestThreshold {
  /** Predict positive iff score >= threshold; infinity where it is best to predict none. */
  readonly threshold: number;
  /** The objective there; NaN if it is NaN everywhere. */
  readonly value: number;
  readonly counts: BinaryCounts;
}

/** A number to be made large, from the counts of one threshold; NaN is never chosen. Must not keep its argument. */
export type CountsObjective = (counts: BinaryCounts) => number;

/**
 * The best of all thresholds for any function of the four counts, in O(n log n) with one sort: every distinct score and
 * predicting none are tried, so no grid can miss the optimum.
 *
 * Of equal values the highest threshold wins, the one with the fewest positive predictions. The threshold that is
 * returned lies halfway between the chosen score and the next lower one, so that a new score a little below falls on the
 * likelier side; rounded so that it decides every score of the sweep exactly as the chosen score does. At the lowest
 * score it is that score. Throws as `rankScores`.
 */
export function bestThreshold(rows: ScoredRows & { readonly objective: CountsObjective }): BestThreshold {
  return bestThresholdOfRanked(rankScores(rows), rows.objective);
}

/** The same from ranked scores. */
export function bestThresholdOfRanked(ranked: RankedScores, objective: CountsObjective): BestThreshold {
  const counts = { tp: 0, fp: 0, fn: ranked.positives, tn: ranked.negatives };
  let best = -1;
  let value = objective(counts);
  for (let group = 0; group < ranked.thresholds.length; group++) {
    counts.tp = ranked.truePositives[group]!;
    counts.fp = ranked.falsePositives[group]!;
    counts.fn = ranked.positives - counts.tp;
    counts.tn = ranked.negatives - counts.fp;
    const candidate = objective(counts);
    if (candidate > value || (Number.isNaN(value) && !Number.isNaN(candidate))) {
      value = candidate;
      best = group;
    }
  }
  return Object.freeze({ threshold: placedThreshold(ranked.thresholds, best), value, counts: countsAt(ranked, best) });
}

/** Counts at all distinct thresholds and at predicting none. */
export function sweepCounts(ranked: RankedScores): ThresholdSweep {
  const size = ranked.thresholds.length + 1;
  const sweep = {
    thresholds: new Float64Array(size),
    tp: new Float64Array(size),
    fp: new Float64Array(size),
    fn: new Float64Array(size),
    tn: new Float64Array(size),
  };
  for (let i = 0; i < size; i++) {
    const counts = countsAt(ranked, i - 1);
    sweep.thresholds[i] = i === 0 ? Number.POSITIVE_INFINITY : ranked.thresholds[i - 1]!;
    sweep.tp[i] = counts.tp;
    sweep.fp[i] = counts.fp;
    sweep.fn[i] = counts.fn;
    sweep.tn[i] = counts.tn;
  }
  return Object.freeze(sweep);
}

/**
 * At most `points` points of a sweep, both ends kept, spread evenly along tp/P + fp/N: the few positive rows get half of
 * the points, so a curve of a rare class keeps its shape. `points` must be at least 2.
 */
export function thinSweep(sweep: ThresholdSweep, points: number): ThresholdSweep {
  const kept = evenlyAlong(sweep, points);
  const pick = (values: Float64Array) => Float64Array.from(kept, (index) => values[index]!);
  return Object.freeze({
    thresholds: pick(sweep.thresholds),
    tp: pick(sweep.tp),
    fp: pick(sweep.fp),
    fn: pick(sweep.fn),
    tn: pick(sweep.tn),
  });
}

function evenlyAlong({ tp, fp }: ThresholdSweep, points: number): Int32Array {
  const last = tp.length - 1;
  if (tp.length <= points) return Int32Array.from(tp, (_, index) => index);
  const positives = tp[last]! || 1;
  const negatives = fp[last]! || 1;
  const way = (index: number) => tp[index]! / positives + fp[index]! / negatives;
  const step = way(last) / (points - 1);
  const kept = [0];
  for (let index = 1; index < last && kept.length < points - 1; index++) {
    if (way(index) >= kept.length * step) kept.push(index);
  }
  kept.push(last);
  return Int32Array.from(kept);
}

/** Counts where the scores from group `group` up are predicted positive; -1 is none. */
export function countsAt(ranked: RankedScores, group: number): BinaryCounts {
  const tp = group < 0 ? 0 : ranked.truePositives[group]!;
  const fp = group < 0 ? 0 : ranked.falsePositives[group]!;
  return { tp, fp, fn: ranked.positives - tp, tn: ranked.negatives - fp };
}

/** The threshold that decides like the score of a group, halfway to the next lower score; infinity for -1, none. */
export function placedThreshold(thresholds: Float64Array, group: number): number {
  if (group < 0) return Number.POSITIVE_INFINITY;
  const chosen = thresholds[group]!;
  return group === thresholds.length - 1 ? chosen : midpointAbove(thresholds[group + 1]!, chosen);
}

/** A number m with lower < m <= upper, halfway as far as the floats between them allow. */
export function midpointAbove(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return middle > lower && middle <= upper ? middle : upper;
}
