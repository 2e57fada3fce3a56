import { requireLength, requireProbabilities, requireWeights } from './checks.ts';
import { loess } from './loess.ts';
import { weightedMean } from './probability-losses.ts';
import type { ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';
import { weightedQuantiles } from './weighted-quantile.ts';

export interface IntegratedCalibration {
  /** Integrated calibration index: the mean distance of smoothed outcome and probability. */
  readonly ici: number;
  /** Median distance. */
  readonly e50: number;
  /** 90th percentile of the distance. */
  readonly e90: number;
  readonly eMax: number;
  /** The smoothed outcome of each row, kept in 0 .. 1: the curve to draw over the probabilities. */
  readonly smoothed: Float64Array;
}

/**
 * ICI, E50, E90 and Emax (Austin and Steyerberg, 2019): distances between each probability and the outcome smoothed by
 * `loess` of degree 2 with span 0.75, by default with R's interpolated surface, so that R's `loess` gives the same.
 *
 * A local polynomial can leave 0 .. 1. As in the paper the distances are to what it gives; with `clip` to the nearest
 * probability, which is never farther. Weights count copies of rows; percentiles are linear between order statistics.
 * Undefined without rows. Throws `bad-scores`, `bad-weights`, `shape-mismatch`, `bad-option`.
 */
export function integratedCalibration(
  rows: ScoredRows &
    UndefinedOption & {
      readonly span?: number;
      readonly degree?: 1 | 2;
      readonly surface?: 'interpolate' | 'direct';
      /** Default false. */
      readonly clip?: boolean;
    },
): IntegratedCalibration {
  const { scores, truth, weights, positive = 1, span = 0.75, degree = 2, surface = 'interpolate', clip = false } = rows;
  requireLength('truth', truth.length, scores.length);
  requireProbabilities('scores', scores);
  requireWeights(weights, scores.length);
  const y = Float64Array.from(truth, (label) => Number(label === positive));
  const raw = loess({ x: scores, y, weights, span, degree, surface });
  const smoothed = raw.map((value) => Math.min(1, Math.max(0, value)));
  const gaps = (clip ? smoothed : raw).map((value, row) => Math.abs(value - scores[row]!));
  const [e50, e90, eMax] = weightedQuantiles(gaps, weights, Float64Array.of(0.5, 0.9, 1)) as unknown as number[];
  const distances = { ici: weightedMean(gaps, weights), e50: e50!, e90: e90!, eMax: eMax! };
  if (Number.isNaN(distances.ici)) {
    const nothing = undefinedValue(rows);
    return { ici: nothing, e50: nothing, e90: nothing, eMax: nothing, smoothed };
  }
  return Object.freeze({ ...distances, smoothed });
}
