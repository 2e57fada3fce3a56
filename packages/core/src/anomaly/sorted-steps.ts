/** Distinct values, ascending; `upTo[p]` of all lie below the p-th. */
export interface SortedSteps {
  readonly values: Float64Array;
  readonly upTo: Int32Array;
  /** How many distinct values lie in buckets below each bucket of even width. */
  readonly guide: Int32Array;
  /** Buckets per unit; 0 where the range has no end in numbers. */
  readonly perUnit: number;
}

/** So many buckets stay in the nearest caches. */
const MOST_BUCKETS = 8192;

export function sortedSteps(sorted: Float64Array): SortedSteps {
  const distinct = new Float64Array(sorted.length);
  const upTo = new Int32Array(sorted.length + 1);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    distinct[count] = sorted[i]!;
    upTo[count++] = i;
  }
  upTo[count] = sorted.length;
  const values = distinct.slice(0, count);
  const buckets = Math.min(MOST_BUCKETS, count);
  const rate = buckets / (values[count - 1]! - values[0]!);
  const perUnit = Number.isFinite(rate) ? rate : 0;
  const guide = new Int32Array(buckets + 1);
  for (let p = 0; p < count; p++) guide[bucketOf(values, values[p]!, perUnit, buckets) + 1]!++;
  for (let b = 0; b < buckets; b++) guide[b + 1]! += guide[b]!;
  return { values, upTo: upTo.slice(0, count + 1), guide, perUnit };
}

/** Never falls as the value grows, so that values of lower buckets are less, rounding and all. */
function bucketOf(values: Float64Array, value: number, perUnit: number, buckets: number): number {
  return Math.min(buckets - 1, ((value - values[0]!) * perUnit) | 0);
}

/** How many of the distinct values lie below `value`. */
export function placeOf({ values, guide, perUnit }: SortedSteps, value: number): number {
  const count = values.length;
  if (!(value > values[0]!)) return 0;
  if (value > values[count - 1]!) return count;
  const bucket = bucketOf(values, value, perUnit, guide.length - 1);
  let low = guide[bucket]!;
  let high = guide[bucket + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
