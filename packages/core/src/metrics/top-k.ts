import { CounterweightError } from '../runtime/errors.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

export interface TopKOptions extends UndefinedOption {
  /** How many rows (weight, where rows have weights) are taken from the top; above 0, at most all. */
  readonly k: number;
}

/**
 * Share of positive rows among the k with the highest scores.
 *
 * Free of the order of the rows: where the cut goes through a group of equal scores, it takes what a random choice among
 * them gives on average, (TP above + (k - n above) × positives tied / n tied) / k. Throws `bad-option`, and as `rankScores`.
 */
export function precisionAtK(rows: ScoredRows & TopKOptions): number {
  return positivesAtTop(rankScores(rows), rows.k) / rows.k;
}

/** Share of the positive rows that are among the k with the highest scores, ties as in `precisionAtK`. */
export function recallAtK(rows: ScoredRows & TopKOptions): number {
  const ranked = rankScores(rows);
  return ratio(positivesAtTop(ranked, rows.k), ranked.positives, rows);
}

/** The positive rows expected among the first k. */
export function positivesAtTop(ranked: RankedScores, k: number): number {
  const { truePositives, falsePositives, positives, negatives } = ranked;
  const total = positives + negatives;
  if (!(k > 0 && k <= total)) {
    throw new CounterweightError('bad-option', `k must lie above 0 and at most at the ${total} rows, got ${k}`);
  }
  const group = firstGroupReaching(ranked, k);
  const hitsAbove = group === 0 ? 0 : truePositives[group - 1]!;
  const above = group === 0 ? 0 : hitsAbove + falsePositives[group - 1]!;
  const hits = truePositives[group]! - hitsAbove;
  const tied = truePositives[group]! + falsePositives[group]! - above;
  return hitsAbove + ((k - above) * hits) / tied;
}

function firstGroupReaching({ truePositives, falsePositives }: RankedScores, k: number): number {
  let low = 0;
  let high = truePositives.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (truePositives[middle]! + falsePositives[middle]! >= k) high = middle;
    else low = middle + 1;
  }
  return low;
}
