import { type Matrix, matrix } from '../data/matrix.ts';
import { sortedOrder } from '../data/sorted-order.ts';
import { type CalibrationScores, randomnessFor, requireClassProbabilities, visitScores } from './calibration-scores.ts';
import { firstAbove, firstAtLeast } from './rank-rule.ts';

/** Calibration scores in ascending order, with the class of each. */
export interface RankedCalibration {
  readonly sorted: Float64Array;
  readonly codes: Int32Array;
}

export function rankedCalibration(scores: Float64Array, codes: Int32Array): RankedCalibration {
  const order = sortedOrder(scores);
  return {
    sorted: Float64Array.from(order, (row) => scores[row]!),
    codes: Int32Array.from(order, (row) => codes[row]!),
  };
}

/** Weight of the calibration rows from each place on: `out[i]` is the sum from the i-th smallest score to the largest. */
export function weightFrom({ codes }: RankedCalibration, weightOfClass: Float64Array): Float64Array {
  const out = new Float64Array(codes.length + 1);
  for (let at = codes.length - 1; at >= 0; at--) out[at] = out[at + 1]! + weightOfClass[codes[at]!]!;
  return out;
}

/**
 * Weighted p-value of a score: the weight of the calibration rows that score at least as high plus the label's own, over
 * the weight of all. With v >= 0 ties count v times. Tibshirani, Barber, Candès, Ramdas (2019).
 */
export function weightedPValue(
  sorted: Float64Array,
  from: Float64Array,
  score: number,
  own: number,
  v: number,
): number {
  const first = firstAtLeast(sorted, score, 0, sorted.length);
  const scale = from[0]! + own;
  // Without any weight there is nothing that speaks against the label.
  if (!(scale > 0)) return v < 0 ? 1 : v;
  if (v < 0) return (from[first]! + own) / scale;
  const above = firstAbove(sorted, score, first, sorted.length);
  return (from[above]! + v * (from[first]! - from[above]! + own)) / scale;
}

/** Scores of every class for all rows, checked. */
export function allScores(calibration: CalibrationScores, probabilities: Matrix, u: Float64Array | undefined): Matrix {
  const { classes, score, seed } = calibration;
  requireClassProbabilities(probabilities, classes);
  score.requireClasses(classes.length);
  const numbers = randomnessFor(score, probabilities, seed, u);
  const out = new Float64Array(probabilities.rows * classes.length);
  visitScores(score, probabilities, numbers, (scores, begin, end) => {
    out.set(scores.subarray(0, (end - begin) * classes.length), begin * classes.length);
  });
  return matrix(out, probabilities.rows, classes.length);
}
