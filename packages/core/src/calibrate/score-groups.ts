import { sortWithPayload } from '../metrics/float-order.ts';
import type { ScoreGroups } from './venn-abers-geometry.ts';

/** Fewer rows are sorted as fast as they are counted. */
const FEWEST_COUNTED = 4096;
/** Distinct scores up to which rows are counted in a table of slots; what is in use of it then stays in the processor's caches. */
const MOST_COUNTED = 32_768;
const FIRST_SLOT_BITS = 12;

/**
 * Rows grouped by distinct score, ascending; rows of weight 0 are left out and -0 is 0.
 * `labels` are 0 or 1 a row, `scores` finite, `weights` finite and at least 0: checked by the caller.
 */
export function groupScores(scores: Float64Array, labels: ArrayLike<number>, weights?: Float64Array): ScoreGroups {
  return countedGroups(scores, labels, weights) ?? sortedGroups(scores, labels, weights);
}

/**
 * Where scores repeat often, one pass that counts them and a sort of the distinct ones; null as soon as there are too many
 * of these. Weights of a group are added in the order of the rows, as after a stable sort, so the sums are the same.
 */
function countedGroups(
  scores: Float64Array,
  labels: ArrayLike<number>,
  weights: Float64Array | undefined,
): ScoreGroups | null {
  const rows = scores.length;
  if (rows < FEWEST_COUNTED) return null;
  const most = Math.min(MOST_COUNTED, rows >> 3);
  const distinct = new Float64Array(most);
  const totals = new Float64Array(most);
  const positives = new Float64Array(most);
  const words = new Int32Array(scores.buffer, scores.byteOffset, 2 * rows);
  let bits = FIRST_SLOT_BITS;
  // Number of the group plus one, 0 for none; never more than a quarter full.
  let slots = new Int32Array(2 ** bits);
  let made = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row]!;
    if (weight === 0) continue;
    const score = scores[row]! + 0;
    let slot = score === 0 ? 0 : slotOf(words[2 * row]!, words[2 * row + 1]!, bits);
    let group = slots[slot]! - 1;
    while (group >= 0 && distinct[group] !== score) {
      slot = (slot + 1) & (slots.length - 1);
      group = slots[slot]! - 1;
    }
    if (group < 0) {
      if (made === most) return null;
      group = made++;
      slots[slot] = made;
      distinct[group] = score;
      if (4 * made > slots.length) slots = slotsFor(distinct, made, ++bits);
    }
    totals[group] = totals[group]! + weight;
    if (labels[row] === 1) positives[group] = positives[group]! + weight;
  }
  const ascending = distinct.slice(0, made);
  const order = Int32Array.from({ length: made }, (_, group) => group);
  sortWithPayload(ascending, order);
  return {
    scores: ascending,
    weights: Float64Array.from(order, (group) => totals[group]!),
    positives: Float64Array.from(order, (group) => positives[group]!),
  };
}

const slotOf = (low: number, high: number, bits: number): number =>
  Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> (32 - bits);

/** A larger table for the same groups. */
function slotsFor(distinct: Float64Array, made: number, bits: number): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(2 ** bits);
  const words = new Int32Array(distinct.buffer);
  for (let group = 0; group < made; group++) {
    let slot = distinct[group] === 0 ? 0 : slotOf(words[2 * group]!, words[2 * group + 1]!, bits);
    while (slots[slot]! > 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = group + 1;
  }
  return slots;
}

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
