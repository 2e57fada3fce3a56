import { sortedOrder } from '../data/sorted-order.ts';
import { requireFinite } from '../metrics/checks.ts';
import { requireUniform, streamRandomness } from './row-randomness.ts';

export interface OnlinePValueOptions {
  /** Scores in the order in which the rows came; larger is stranger. */
  readonly scores: Float64Array;
  /** Scores of earlier rows to start from, in any order. */
  readonly reference?: Float64Array | undefined;
  /** One number in 0 .. 1 a row that breaks ties; without them a stream of the seed. */
  readonly ties?: Float64Array | undefined;
  readonly seed?: number | undefined;
}

/**
 * The smoothed p-value of each score among itself and all before it: (#{s_i > s_n} + v #{s_i = s_n}) / n, both counts
 * over i up to and with n. If the rows are exchangeable these are independent and uniform, which is what makes a
 * martingale of them. (A count that leaves n out of the ties, or 1 added above, is not uniform.)
 * Takes O(n log n). Throws `bad-scores`, `bad-option`, `shape-mismatch`.
 */
export function onlinePValues(options: OnlinePValueOptions): Float64Array {
  const { scores, reference = new Float64Array(0), seed = 0 } = options;
  requireFinite('scores', scores);
  requireFinite('reference', reference);
  const ties = options.ties ?? streamRandomness(scores.length, seed, 'online-ties');
  requireUniform('ties', ties, scores.length);
  const all = new Float64Array(reference.length + scores.length);
  all.set(reference);
  all.set(scores, reference.length);
  const { places, distinct } = densePlaces(all);
  const seen = new Int32Array(distinct + 1);
  const out = new Float64Array(scores.length);
  for (let i = 0; i < all.length; i++) {
    add(seen, places[i]!);
    if (i < reference.length) continue;
    const upTo = countUpTo(seen, places[i]!);
    const below = countUpTo(seen, places[i]! - 1);
    out[i - reference.length] = (i + 1 - upTo + ties[i - reference.length]! * (upTo - below)) / (i + 1);
  }
  return out;
}

/** Place of each value among the distinct ones in ascending order, from 0. */
function densePlaces(values: Float64Array): { places: Int32Array; distinct: number } {
  const order = sortedOrder(values.map((value) => value + 0)); // -0 is 0
  const places = new Int32Array(values.length);
  let place = 0;
  order.forEach((row, i) => {
    if (i > 0 && values[row] !== values[order[i - 1]!]) place++;
    places[row] = place;
  });
  return { places, distinct: values.length === 0 ? 0 : place + 1 };
}

/** Fenwick's tree of counts (1994): one more at a place. */
function add(tree: Int32Array, place: number): void {
  for (let at = place + 1; at < tree.length; at += at & -at) tree[at]!++;
}

/** How many there are at this place and before. */
function countUpTo(tree: Int32Array, place: number): number {
  let sum = 0;
  for (let at = place + 1; at > 0; at -= at & -at) sum += tree[at]!;
  return sum;
}
