import { CounterweightError } from '../runtime/errors.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

export interface DiscountedGainOptions extends UndefinedOption {
  /** How many rows from the top count; default all. */
  readonly k?: number;
}

/**
 * Normalised discounted cumulative gain of the positive rows (Järvelin and Kekäläinen, 2002): Σ 1 / log2(1 + rank) over the
 * positive rows among the first k, over what the best ranking gets.
 *
 * Free of the order of the rows: rows of one score share the mean of their places (McSherry and Najork, 2008), as in
 * scikit-learn. Ranks count copies of rows, so weights must be whole numbers. Undefined without positive rows. Throws
 * `bad-option`, `bad-weights`, and as `rankScores`.
 */
export function normalisedDiscountedGain(rows: ScoredRows & DiscountedGainOptions): number {
  const part = rows.weights?.findIndex((weight) => !Number.isInteger(weight)) ?? -1;
  if (part >= 0) {
    throw new CounterweightError('bad-weights', `ranks need whole numbers for weights, got ${rows.weights![part]}`, {
      row: part,
    });
  }
  const ranked = rankScores(rows);
  const total = ranked.positives + ranked.negatives;
  const { k = total } = rows;
  if (rows.k !== undefined && (!Number.isInteger(k) || k < 1)) {
    throw new CounterweightError('bad-option', `k must be a positive whole number, got ${k}`);
  }
  const discounts = cumulativeDiscounts(Math.min(k, total));
  const best = discounts[Math.min(ranked.positives, discounts.length - 1)]!;
  return ratio(gainOf(ranked, discounts), best, rows);
}

function gainOf({ truePositives, falsePositives }: RankedScores, discounts: Float64Array): number {
  let gain = 0;
  let hitsAbove = 0;
  let above = 0;
  for (let group = 0; group < truePositives.length && above < discounts.length - 1; group++) {
    const hits = truePositives[group]! - hitsAbove;
    const upTo = truePositives[group]! + falsePositives[group]!;
    const places = discounts[Math.min(upTo, discounts.length - 1)]! - discounts[above]!;
    gain += (hits / (upTo - above)) * places;
    hitsAbove = truePositives[group]!;
    above = upTo;
  }
  return gain;
}

/** Entry r is the sum of the discounts of ranks 1 .. r. */
function cumulativeDiscounts(ranks: number): Float64Array {
  const sums = new Float64Array(ranks + 1);
  for (let rank = 1; rank <= ranks; rank++) sums[rank] = sums[rank - 1]! + 1 / Math.log2(rank + 1);
  return sums;
}
