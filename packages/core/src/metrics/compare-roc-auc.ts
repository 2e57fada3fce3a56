import { requireLength } from './checks.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { requireLevel } from './intervals.ts';
import { descendingOrder, type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { rocAucOfRanked } from './roc-auc.ts';

export interface RocAucComparison {
  readonly first: number;
  readonly second: number;
  /** First less second, with its interval and standard error. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  readonly z: number;
  /** Two-sided p-value of "both rank equally well". */
  readonly pValue: number;
}

/**
 * DeLong's paired test of two score vectors of the same rows.
 *
 * Rankings that place every row alike differ by 0 with no width and p = 1. Where the variance cannot be told (a class
 * with a single row) or is 0 beside a difference (both rankings place all rows of each class alike, as perfect against
 * constant scores), ends, z and p are NaN: compare by `bootstrapDifference`. Throws `bad-option`, and as `rankScores`.
 */
export function compareRocAuc(
  rows: Omit<ScoredRows, 'scores'> & {
    readonly first: Float64Array;
    readonly second: Float64Array;
    readonly level?: number;
  },
): RocAucComparison {
  const { first, second, truth, positive = 1, weights, level = 0.95 } = rows;
  requireLevel(level);
  requireLength('second', second.length, first.length);
  const sides = [first, second].map((scores) => rankScores({ scores, truth, positive, weights }));
  const areas = sides.map((ranked) => rocAucOfRanked(ranked)) as [number, number];
  return comparisonOf(areas, differenceVariance(rows, sides[0]!, areas[0] - areas[1]), level);
}

/** The test from both areas and the variance of their difference. */
export function comparisonOf(
  areas: readonly [first: number, second: number],
  variance: number,
  level: number,
): RocAucComparison {
  const difference = areas[0] - areas[1];
  const standardError = Math.sqrt(variance);
  const told = variance > 0 || (variance === 0 && difference === 0);
  const half = normalQuantile(0.5 + level / 2) * standardError;
  const z = variance > 0 ? difference / standardError : told ? 0 : Number.NaN;
  return Object.freeze({
    first: areas[0],
    second: areas[1],
    difference,
    low: told ? difference - half : Number.NaN,
    high: told ? difference + half : Number.NaN,
    standardError,
    z,
    pValue: told ? 2 * normalCdf(-Math.abs(z)) : Number.NaN,
  });
}

function differenceVariance(
  rows: { first: Float64Array; second: Float64Array; truth: Int32Array } & Pick<ScoredRows, 'positive' | 'weights'>,
  { positives, negatives }: RankedScores,
  difference: number,
): number {
  if (positives <= 1 || negatives <= 1) return Number.NaN;
  const { truth, positive = 1, weights } = rows;
  const first = placements({ ...rows, scores: rows.first }, positives, negatives);
  const second = placements({ ...rows, scores: rows.second }, positives, negatives);
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let row = 0; row < truth.length; row++) {
    const gap = first[row]! - second[row]! - difference;
    const term = (weights ? weights[row]! : 1) * gap * gap;
    if (truth[row] === positive) ofPositives += term;
    else ofNegatives += term;
  }
  const variance = ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
  // Rankings that place all rows alike leave nothing but rounding.
  return variance < 1e-30 ? 0 : variance;
}

/** For each row the share of the other class that it is on the right side of, ties half. */
function placements(rows: ScoredRows, positives: number, negatives: number): Float64Array {
  const { scores, truth, positive = 1, weights } = rows;
  const order = descendingOrder(scores);
  const placed = new Float64Array(scores.length);
  let hitsAbove = 0;
  let alarmsAbove = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    let hits = 0;
    let alarms = 0;
    const score = scores[order[start]!];
    for (end = start; end < order.length && scores[order[end]!] === score; end++) {
      const weight = weights ? weights[order[end]!]! : 1;
      if (truth[order[end]!] === positive) hits += weight;
      else alarms += weight;
    }
    for (let i = start; i < end; i++) {
      placed[order[i]!] =
        truth[order[i]!] === positive
          ? (negatives - alarmsAbove - alarms / 2) / negatives
          : (hitsAbove + hits / 2) / positives;
    }
    hitsAbove += hits;
    alarmsAbove += alarms;
  }
  return placed;
}
