import type { Matrix } from '../data/matrix.ts';
import { requireLength } from './checks.ts';

/** 1 where the score reaches the threshold, else 0. */
export function thresholdDecisions(scores: Float64Array, threshold: number): Int32Array {
  const decisions = new Int32Array(scores.length);
  for (let row = 0; row < scores.length; row++) decisions[row] = scores[row]! >= threshold ? 1 : 0;
  return decisions;
}

/**
 * The class with the largest weight times probability in each row; the lowest code of equals. Without weights the most
 * likely class. Throws `shape-mismatch` unless there is one weight a class.
 */
export function weightedDecisions(probabilities: Matrix, weights?: ArrayLike<number>): Int32Array {
  const { data, rows, columns } = probabilities;
  if (weights) requireLength('weights', weights.length, columns);
  const decisions = new Int32Array(rows);
  for (let row = 0, start = 0; row < rows; row++, start += columns) {
    let best = 0;
    let top = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < columns; label++) {
      const value = weights ? data[start + label]! * weights[label]! : data[start + label]!;
      if (value > top) {
        top = value;
        best = label;
      }
    }
    decisions[row] = best;
  }
  return decisions;
}
