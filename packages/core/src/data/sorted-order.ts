/** Below this a plain insertion sort costs less than counting digits. */
const SMALL = 64;
const DIGITS = 6;
const BUCKETS = 2048;

/**
 * Indices of the values in ascending order, NaN last; equal values keep their order (-0 may come before 0).
 * Radix sort of the 64 bits in six digits; a digit that all values share costs nothing.
 */
export function sortedOrder(values: Float64Array): Int32Array {
  const count = values.length;
  let order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  if (count <= SMALL) return insertionSort(values, order);
  const { low, high } = sortableBits(values);
  const starts = countDigits(low, high);
  let spare = new Int32Array(count);
  for (let digit = 0; digit < DIGITS; digit++) {
    const bucket = starts.subarray(digit * BUCKETS, (digit + 1) * BUCKETS);
    if (!toStarts(bucket, count)) continue;
    const words = digit < 3 ? low : high;
    const shift = (digit % 3) * 11;
    for (let i = 0; i < count; i++) {
      const index = order[i]!;
      spare[bucket[(words[index]! >>> shift) & 2047]!++] = index;
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/** Bits that order as unsigned integers as the values order: the sign bit flipped, or all bits of negative values. */
function sortableBits(values: Float64Array): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    number[0] = value;
    const top = words[1]!;
    if (Number.isNaN(value)) {
      low[i] = 0xffffffff;
      high[i] = 0xffffffff;
    } else if (top >>> 31) {
      low[i] = ~words[0]!;
      high[i] = ~top;
    } else {
      low[i] = words[0]!;
      high[i] = top | 0x80000000;
    }
  }
  return { low, high };
}

function countDigits(low: Uint32Array, high: Uint32Array): Int32Array {
  const counts = new Int32Array(DIGITS * BUCKETS);
  for (let i = 0; i < low.length; i++) {
    const l = low[i]!;
    const h = high[i]!;
    counts[l & 2047]!++;
    counts[BUCKETS + ((l >>> 11) & 2047)]!++;
    counts[2 * BUCKETS + (l >>> 22)]!++;
    counts[3 * BUCKETS + (h & 2047)]!++;
    counts[4 * BUCKETS + ((h >>> 11) & 2047)]!++;
    counts[5 * BUCKETS + (h >>> 22)]!++;
  }
  return counts;
}

/** Turns counts into first positions in place; false if one bucket holds everything. */
function toStarts(bucket: Int32Array, count: number): boolean {
  let start = 0;
  for (let i = 0; i < BUCKETS; i++) {
    const size = bucket[i]!;
    if (size === count) return false;
    bucket[i] = start;
    start += size;
  }
  return true;
}

function insertionSort(values: Float64Array, order: Int32Array): Int32Array {
  for (let i = 1; i < order.length; i++) {
    const index = order[i]!;
    const value = values[index]!;
    let at = i;
    while (at > 0 && comesAfter(values[order[at - 1]!]!, value)) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = index;
  }
  return order;
}

function comesAfter(a: number, b: number): boolean {
  return a > b || (Number.isNaN(a) && !Number.isNaN(b));
}
