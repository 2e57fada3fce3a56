const floats = new Float64Array(1);
const bits = new BigInt64Array(floats.buffer);

/** The smallest float64 above a finite number. */
export function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  floats[0] = value;
  bits[0] = bits[0]! + (value > 0 ? 1n : -1n);
  return floats[0]!;
}
