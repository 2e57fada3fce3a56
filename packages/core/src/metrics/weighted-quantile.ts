import { sortWithPayload } from './float-order.ts';

/**
 * Quantiles linear between order statistics (type 7 of Hyndman and Fan), a weight being so many copies of its value.
 * `shares` lie in 0 .. 1. NaN where there is nothing.
 */
export function weightedQuantiles(
  values: Float64Array,
  weights: Float64Array | undefined,
  shares: Float64Array,
): Float64Array {
  const keys = new Float64Array(values.length);
  const rows = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    keys[row] = values[row]! + 0;
    rows[row] = row;
  }
  sortWithPayload(keys, rows);
  const ends = new Float64Array(values.length);
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    total += weights ? weights[rows[i]!]! : 1;
    ends[i] = total;
  }
  if (total === 0) return shares.map(() => Number.NaN);
  return shares.map((share) => {
    const place = share * Math.max(0, total - 1);
    const below = Math.floor(place);
    const low = keys[firstAbove(ends, below)]!;
    return low + (keys[firstAbove(ends, below + 1)]! - low) * (place - below);
  });
}

/** The first entry whose cumulative weight exceeds `place`; where none does, the first that reaches the whole. */
function firstAbove(ends: Float64Array, place: number): number {
  const bound = Math.min(place, ends[ends.length - 1]! * (1 - Number.EPSILON));
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
