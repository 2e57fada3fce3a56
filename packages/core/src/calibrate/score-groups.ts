import { sortWithPayload } from '../metrics/float-order.ts';
import type { ScoreGroups } from './venn-abers-geometry.ts';

/**
 * Rows grouped by distinct score, ascending; rows of weight 0 are left out and -0 is 0.
 * `labels` are 0 or 1 a row, `scores` finite, `weights` finite and at least 0: checked by the caller.
 */
export function groupScores(scores: Float64Array, labels: ArrayLike<number>, weights?: Float64Array): ScoreGroups {
  const keys = scores.map((score) => score + 0);
  const order = new Int32Array(keys.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  sortWithPayload(keys, order);
  const distinct = new Float64Array(keys.length);
  const totals = new Float64Array(keys.length);
  const positives = new Float64Array(keys.length);
  let group = -1;
  for (let i = 0; i < keys.length; i++) {
    const row = order[i]!;
    const weight = weights ? weights[row]! : 1;
    if (weight === 0) continue;
    if (group < 0 || keys[i] !== distinct[group]) distinct[++group] = keys[i]!;
    totals[group] = totals[group]! + weight;
    if (labels[row] === 1) positives[group] = positives[group]! + weight;
  }
  return {
    scores: distinct.slice(0, group + 1),
    weights: totals.slice(0, group + 1),
    positives: positives.slice(0, group + 1),
  };
}

/** Both groupings as one; equal scores are added up. */
export function mergeGroups(a: ScoreGroups, b: ScoreGroups): ScoreGroups {
  const length = a.scores.length + b.scores.length;
  const scores = new Float64Array(length);
  const weights = new Float64Array(length);
  const positives = new Float64Array(length);
  let made = 0;
  for (let i = 0, j = 0; i < a.scores.length || j < b.scores.length; made++) {
    const left = i < a.scores.length ? a.scores[i]! : Number.POSITIVE_INFINITY;
    const right = j < b.scores.length ? b.scores[j]! : Number.POSITIVE_INFINITY;
    scores[made] = Math.min(left, right);
    if (left <= right) {
      weights[made] = a.weights[i]!;
      positives[made] = a.positives[i++]!;
    }
    if (right <= left) {
      weights[made] = weights[made]! + b.weights[j]!;
      positives[made] = positives[made]! + b.positives[j++]!;
    }
  }
  return {
    scores: scores.slice(0, made),
    weights: weights.slice(0, made),
    positives: positives.slice(0, made),
  };
}
