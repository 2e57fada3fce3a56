import { CounterweightError } from '../runtime/errors.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { positivesAtTop } from './top-k.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

/** Parallel arrays, one entry a distinct score from high to low. */
export interface GainsCurve {
  readonly thresholds: Float64Array;
  /** Share of the rows from this score on. */
  readonly rows: Float64Array;
  /** Share of the positive rows among them: the gain. */
  readonly gain: Float64Array;
  /** Gain over share of rows: how many times more positives than a random choice finds. */
  readonly lift: Float64Array;
}

/** The cumulative gains and lift curves; gains are NaN without positive rows. */
export function gainsCurve(ranked: RankedScores): GainsCurve {
  const { thresholds, truePositives, falsePositives, positives, negatives } = ranked;
  const rows = truePositives.map((hits, group) => (hits + falsePositives[group]!) / (positives + negatives));
  const gain = truePositives.map((hits) => hits / positives);
  return {
    thresholds: Float64Array.from(thresholds),
    rows,
    gain,
    lift: gain.map((value, group) => value / rows[group]!),
  };
}

export interface GainOptions extends UndefinedOption {
  /** Share of the rows that is taken from the top, in (0, 1]. */
  readonly share: number;
}

/** Share of the positive rows in the top `share` of the rows, ties as in `precisionAtK`. Throws `bad-option`. */
export function gainAt(rows: ScoredRows & GainOptions): number {
  const { share } = rows;
  if (!(share > 0 && share <= 1)) {
    throw new CounterweightError('bad-option', `share must lie above 0 and at most at 1, got ${share}`);
  }
  const ranked = rankScores(rows);
  if (ranked.positives === 0) return ratio(0, 0, rows);
  const total = ranked.positives + ranked.negatives;
  return positivesAtTop(ranked, Math.min(share * total, total)) / ranked.positives;
}

/** How many times more positive rows the top `share` holds than a random choice of as many rows. Throws `bad-option`. */
export function liftAt(rows: ScoredRows & GainOptions): number {
  const gain = gainAt({ ...rows, undefinedAs: Number.NaN });
  return Number.isNaN(gain) ? ratio(0, 0, rows) : gain / rows.share;
}
