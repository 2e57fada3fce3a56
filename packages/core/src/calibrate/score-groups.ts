import { sortWithPayload } from '../metrics/float-order.ts';
import type { ScoreGroups } from './venn-abers-geometry.ts';

/** Fewer rows are sorted as fast as they are counted. */
const FEWEST_COUNTED = 4096;
/** Distinct scores up to which rows are counted in a table of slots; what is in use of it then stays in the processor's caches. */
const MOST_COUNTED = 32_768;
/** Four slots a score at most, so that few scores want the same one. */
const SLOT_BITS = 17;

/**
 * Rows grouped by distinct score, ascending; rows of weight 0 are left out and -0 is 0.
 * `labels` are 0 or 1 a row, `scores` finite, `weights` finite and at least 0: checked by the caller.
 */
export function groupScores(scores: Float64Array, labels: ArrayLike<number>, weights?: Float64Array): ScoreGroups {
  return (weights ? null : countedGroups(scores, labels)) ?? sortedGroups(scores, labels, weights);
}

/** Where scores repeat often: one pass that counts them and a sort of the distinct ones; null as soon as there are too many. */
function countedGroups(scores: Float64Array, labels: ArrayLike<number>): ScoreGroups | null {
  const rows = scores.length;
  if (rows < FEWEST_COUNTED) return null;
  const most = Math.min(MOST_COUNTED, rows >> 3);
  const words = new Int32Array(scores.buffer, scores.byteOffset, 2 * rows);
  const keys = new Float64Array(2 ** SLOT_BITS).fill(Number.NaN);
  /** Negative and positive rows of each slot. */
  const counts = new Int32Array(2 * keys.length);
  let made = 0;
  for (let row = 0; row < rows; row++) {
    const score = scores[row]!;
    // The two zeros are one score of different bits.
    let slot = score === 0 ? 0 : slotOf(words[2 * row]!, words[2 * row + 1]!);
    while (keys[slot] !== score) {
      if (Number.isNaN(keys[slot]!)) {
        if (made++ === most) return null;
        keys[slot] = score + 0;
        break;
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    const place = 2 * slot + (labels[row] === 1 ? 1 : 0);
    counts[place] = counts[place]! + 1;
  }
  const slots = new Int32Array(made);
  let found = 0;
  for (let slot = 0; slot < keys.length; slot++) if (!Number.isNaN(keys[slot]!)) slots[found++] = slot;
  const distinct = Float64Array.from(slots, (slot) => keys[slot]!);
  sortWithPayload(distinct, slots);
  return {
    scores: distinct,
    weights: Float64Array.from(slots, (slot) => counts[2 * slot]! + counts[2 * slot + 1]!),
    positives: Float64Array.from(slots, (slot) => counts[2 * slot + 1]!),
  };
}

const slotOf = (low: number, high: number): number =>
  Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> (32 - SLOT_BITS);

function sortedGroups(scores: Float64Array, labels: ArrayLike<number>, weights: Float64Array | undefined): ScoreGroups {
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
