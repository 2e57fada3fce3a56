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

/**
 * The float32 to compare with, as `value < condition`, where doubles are rounded to float32 before. `below` holds of doubles
 * up to some value and then no more; `noise` is by how much that value is off by rounding.
 *
 * Doubles that are rounded to the same float32 as that value cannot be parted. They take the side of the one that is likeliest
 * among them: where the value is a decimal of ten digits or fewer, as is half-way between decimals, that decimal; else the
 * float32 itself.
 */
export function float32Condition(below: (value: number) => boolean, noise = 0): number {
  const first = firstFloat32Not(below);
  if (Math.abs(first) >= LARGEST_FLOAT32) return first;
  const last = lastBelow(below, float32At(orderOf(first) - 1), first);
  const decimal = decimalAt(last, 32 * Number.EPSILON * Math.abs(last) + noise);
  if (decimal === undefined) return first;
  const rounded = Math.fround(decimal);
  if (below(decimal)) return rounded < first ? first : float32At(orderOf(rounded) + 1);
  return rounded < first ? rounded : first;
}

/** Decimals are looked for that lie so many times farther apart than rounding errors, so that hardly any is met by chance. */
const SPACING = 1e4;

/** The decimal of at most ten digits that a number is but for rounding errors, if there is one. */
function decimalAt(value: number, tolerance: number): number | undefined {
  const places = Math.min(9 - Math.floor(Math.log10(Math.abs(value))), Math.floor(-Math.log10(SPACING * tolerance)));
  const digits = places + Math.floor(Math.log10(Math.abs(value))) + 1;
  const decimal = digits >= 1 ? Number(value.toPrecision(digits)) : 0;
  return Math.abs(decimal - value) <= tolerance ? decimal : undefined;
}

/** The largest double of which `below` is true, between one of which it is and one of which it is not. */
function lastBelow(below: (value: number) => boolean, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return low;
    if (below(middle)) low = middle;
    else high = middle;
  }
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
