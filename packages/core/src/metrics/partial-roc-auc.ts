import { CounterweightError } from '../runtime/errors.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface PartialRocAucOptions extends UndefinedOption {
  /** The area is taken over false positive rates from 0 to this, which lies in (0, 1]. */
  readonly maxFpr: number;
  /** Default true: on McClish's scale, where chance is 0.5 and perfection 1. False gives the bare area, at most `maxFpr`. */
  readonly standardised?: boolean;
}

/**
 * Area under the left part of the ROC curve, where few negative rows are flagged: 0.5 (1 + (A - m²/2) / (m - m²/2))
 * with m = `maxFpr` (McClish, 1989). The curve is a straight line between distinct scores.
 *
 * Undefined where a class has no rows. Throws `bad-option`, and as `rankScores`.
 */
export function partialRocAuc(rows: ScoredRows & PartialRocAucOptions): number {
  return partialRocAucOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function partialRocAucOfRanked(ranked: RankedScores, options: PartialRocAucOptions): number {
  const { maxFpr, standardised = true } = options;
  if (!(maxFpr > 0 && maxFpr <= 1)) {
    throw new CounterweightError('bad-option', `maxFpr must lie above 0 and at most at 1, got ${maxFpr}`);
  }
  if (ranked.positives === 0 || ranked.negatives === 0) return undefinedValue(options);
  const area = areaUpTo(ranked, maxFpr * ranked.negatives) / ranked.positives / ranked.negatives;
  const chance = (maxFpr * maxFpr) / 2;
  return standardised ? 0.5 * (1 + (area - chance) / (maxFpr - chance)) : area;
}

/** Unnormalised area over false positives from 0 to `limit`. */
function areaUpTo({ truePositives, falsePositives }: RankedScores, limit: number): number {
  let area = 0;
  let hits = 0;
  let alarms = 0;
  for (let group = 0; group < truePositives.length && alarms < limit; group++) {
    const width = Math.min(falsePositives[group]!, limit) - alarms;
    const whole = falsePositives[group]! - alarms;
    const height = truePositives[group]! - hits;
    if (whole > 0) area += width * (hits + (height * width) / whole / 2);
    hits = truePositives[group]!;
    alarms = falsePositives[group]!;
  }
  return area;
}
