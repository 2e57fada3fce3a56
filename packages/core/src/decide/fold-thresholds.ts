import type { BinaryCounts } from '../metrics/confusion.ts';
import { studentQuantile } from '../metrics/distributions.ts';
import type { ScoredRows } from '../metrics/ranked-scores.ts';
import { type BestThreshold, bestThreshold, type CountsObjective } from '../metrics/threshold-sweep.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** One fold's part. */
export interface FoldThreshold {
  readonly fold: number;
  /** The best threshold on this fold's rows. */
  readonly own: BestThreshold;
  /** The best threshold on all other folds. */
  readonly others: number;
  /** The objective of that threshold on this fold's rows, which had no say in it. */
  readonly heldOutValue: number;
}

export interface FoldThresholds {
  /** The best threshold on all rows together: the one to use. Its value is optimistic. */
  readonly pooled: BestThreshold;
  readonly folds: readonly FoldThreshold[];
  /** Mean, standard deviation and 95 % t interval of the folds' own thresholds that are finite; NaN of too few. */
  readonly mean: number;
  readonly standardDeviation: number;
  readonly low: number;
  readonly high: number;
  /** In how many folds it was best to predict none. */
  readonly infinite: number;
  /** The objective of the counts summed over the folds, each decided by the threshold of the others: not optimistic. */
  readonly heldOutValue: number;
}

/**
 * The best threshold on out-of-fold scores, with its spread: on each fold alone, and on the other folds with its value
 * on this one. A wide spread says that the threshold, and any metric that hangs on it, will not hold.
 *
 * `folds` has one fold number a row. Throws `bad-option` with fewer than two folds, and as `rankScores`.
 */
export function foldThresholds(
  rows: ScoredRows & { readonly folds: Int32Array; readonly objective: CountsObjective; readonly level?: number },
): FoldThresholds {
  const { folds, objective, level = 0.95 } = rows;
  const pooled = bestThreshold(rows);
  if (folds.length !== rows.scores.length) {
    throw new CounterweightError(
      'shape-mismatch',
      `folds must have ${rows.scores.length} entries, got ${folds.length}`,
    );
  }
  const numbers = [...new Set(folds)].sort((a, b) => a - b);
  if (numbers.length < 2) {
    throw new CounterweightError('bad-option', `thresholds by fold need at least two folds, got ${numbers.length}`);
  }
  const sum = { tp: 0, fp: 0, fn: 0, tn: 0 };
  const made = numbers.map((fold) => {
    const own = subset(rows, (row) => folds[row] === fold);
    const others = bestThreshold({ ...subset(rows, (row) => folds[row] !== fold), objective }).threshold;
    const counts = countsAtThreshold(own, others);
    for (const cell of ['tp', 'fp', 'fn', 'tn'] as const) sum[cell] += counts[cell];
    return { fold, own: bestThreshold({ ...own, objective }), others, heldOutValue: objective(counts) };
  });
  const finite = made.map((one) => one.own.threshold).filter(Number.isFinite);
  return Object.freeze({
    pooled,
    folds: made,
    ...spread(finite, level),
    infinite: made.length - finite.length,
    heldOutValue: objective(sum),
  });
}

function subset(rows: ScoredRows, isKept: (row: number) => boolean): ScoredRows {
  const kept = Int32Array.from(rows.scores.keys()).filter(isKept);
  return {
    scores: Float64Array.from(kept, (row) => rows.scores[row]!),
    truth: kept.map((row) => rows.truth[row]!),
    positive: rows.positive,
    weights: rows.weights && Float64Array.from(kept, (row) => rows.weights![row]!),
  };
}

function countsAtThreshold({ scores, truth, weights, positive = 1 }: ScoredRows, threshold: number): BinaryCounts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let row = 0; row < scores.length; row++) {
    const isFlagged = scores[row]! >= threshold;
    const cell = truth[row] === positive ? (isFlagged ? 'tp' : 'fn') : isFlagged ? 'fp' : 'tn';
    counts[cell] += weights ? weights[row]! : 1;
  }
  return counts;
}

function spread(values: readonly number[], level: number) {
  const count = values.length;
  if (count === 0) return { mean: Number.NaN, standardDeviation: Number.NaN, low: Number.NaN, high: Number.NaN };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, standardDeviation: Number.NaN, low: Number.NaN, high: Number.NaN };
  const standardDeviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const half = (studentQuantile(0.5 + level / 2, count - 1) * standardDeviation) / Math.sqrt(count);
  return { mean, standardDeviation, low: mean - half, high: mean + half };
}
