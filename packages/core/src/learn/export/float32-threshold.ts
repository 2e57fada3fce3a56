const word = new Int32Array(1);
const single = new Float32Array(word.buffer);

/** The largest finite float32. */
export const LARGEST_FLOAT32 = 3.4028234663852886e38;

/**
 * The least float32 above a number: `v <= threshold` says the same as `v < leastFloat32Above(threshold)` of every float32 v.
 * Never infinite, which JSON cannot hold: at and beyond the largest float32 it gives that one.
 */
export function leastFloat32Above(threshold: number): number {
  if (threshold >= LARGEST_FLOAT32) return LARGEST_FLOAT32;
  if (threshold < -LARGEST_FLOAT32) return -LARGEST_FLOAT32;
  const rounded = Math.fround(threshold);
  return rounded > threshold ? rounded : float32At(orderOf(rounded) + 1);
}

/** The least float32 of which `below` is false, for a condition that holds up to some value and then no more. */
export function firstFloat32Not(below: (value: number) => boolean): number {
  let low = orderOf(-LARGEST_FLOAT32);
  let high = orderOf(LARGEST_FLOAT32);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (below(float32At(middle))) low = middle + 1;
    else high = middle;
  }
  return float32At(low);
}

/** Place of a float32 in the order of all, 0 for zero of either sign. */
function orderOf(value: number): number {
  single[0] = value;
  return word[0]! >= 0 ? word[0]! : -(word[0]! & 0x7fffffff);
}

function float32At(order: number): number {
  word[0] = order >= 0 ? order : -order | 0x80000000;
  return single[0]!;
}
