import { clopperPearsonInterval } from './clopper-pearson.ts';
import { normalQuantile } from './distributions.ts';
import { requireLevel } from './intervals.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { rocAucOfRanked } from './roc-auc.ts';

export interface RocAucInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Square root of DeLong's variance; NaN where a class has a single row. */
  readonly standardError: number;
  /** `delong`, or what stood in for it. */
  readonly method: 'delong' | 'disjoint-pairs' | 'trivial';
}

export interface RocAucIntervalOptions {
  /** Default 0.95. */
  readonly level?: number;
  /** `identity` (default): value ± z × error, cut to 0 .. 1. `logit`: symmetric on the logit, which stays inside. */
  readonly scale?: 'identity' | 'logit';
}

/**
 * ROC-AUC with DeLong's interval (DeLong, DeLong and Clarke-Pearson, 1988; by the ranks of Sun and Xu, 2014).
 *
 * Where the variance is 0, at an area of 0 or 1, DeLong's interval would be a point: instead the smaller class is paired
 * off with rows of the other, and min(P, N) independent pairs all in order give the exact interval of Clopper and
 * Pearson (`disjoint-pairs`). Where a class has a single row no variance can be told: 0 .. 1 (`trivial`). All NaN where a
 * class has no rows. Weights count copies of rows. Throws `bad-option`, and as `rankScores`.
 */
export function rocAucInterval(rows: ScoredRows & RocAucIntervalOptions): RocAucInterval {
  requireLevel(rows.level ?? 0.95);
  return rocAucIntervalOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function rocAucIntervalOfRanked(ranked: RankedScores, options: RocAucIntervalOptions = {}): RocAucInterval {
  const { level = 0.95, scale = 'identity' } = options;
  requireLevel(level);
  const { positives, negatives } = ranked;
  const value = rocAucOfRanked(ranked);
  if (Number.isNaN(value)) {
    return { value, low: Number.NaN, high: Number.NaN, standardError: Number.NaN, method: 'delong' };
  }
  if (positives <= 1 || negatives <= 1) {
    return { value, low: 0, high: 1, standardError: Number.NaN, method: 'trivial' };
  }
  const standardError = Math.sqrt(deLongVarianceOfRanked(ranked));
  if (value <= 0 || value >= 1) {
    const pairs = Math.floor(Math.min(positives, negatives));
    return {
      value,
      ...clopperPearsonInterval(Math.round(value) * pairs, pairs, level),
      standardError,
      method: 'disjoint-pairs',
    };
  }
  return {
    value,
    ...around(value, standardError, normalQuantile(0.5 + level / 2), scale),
    standardError,
    method: 'delong',
  };
}

/** DeLong's variance of the area; NaN unless each class has more than one row (weight). */
export function deLongVarianceOfRanked(ranked: RankedScores): number {
  const { truePositives, falsePositives, positives, negatives } = ranked;
  if (positives <= 1 || negatives <= 1) return Number.NaN;
  const area = rocAucOfRanked(ranked);
  let ofPositives = 0;
  let ofNegatives = 0;
  let hitsAbove = 0;
  let alarmsAbove = 0;
  for (let group = 0; group < truePositives.length; group++) {
    const hits = truePositives[group]! - hitsAbove;
    const alarms = falsePositives[group]! - alarmsAbove;
    ofPositives += hits * ((negatives - alarmsAbove - alarms / 2) / negatives - area) ** 2;
    ofNegatives += alarms * ((hitsAbove + hits / 2) / positives - area) ** 2;
    hitsAbove = truePositives[group]!;
    alarmsAbove = falsePositives[group]!;
  }
  return ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
}

function around(value: number, error: number, z: number, scale: 'identity' | 'logit') {
  if (scale === 'identity') return { low: Math.max(0, value - z * error), high: Math.min(1, value + z * error) };
  const logit = Math.log(value / (1 - value));
  const half = (z * error) / (value * (1 - value));
  return { low: 1 / (1 + Math.exp(half - logit)), high: 1 / (1 + Math.exp(-half - logit)) };
}
