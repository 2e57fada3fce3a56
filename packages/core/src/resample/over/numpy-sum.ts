/**
 * Sum in the order of numpy's pairwise summation, so that the last bits are numpy's: eight running sums up to 128 numbers,
 * halves (cut at a multiple of eight) beyond.
 */
export function numpySum(values: Float64Array, start = 0, length = values.length): number {
  if (length < 8) {
    let sum = 0;
    for (let i = start; i < start + length; i++) sum += values[i]!;
    return sum;
  }
  if (length > 128) {
    const half = Math.floor(length / 2);
    const first = half - (half % 8);
    return numpySum(values, start, first) + numpySum(values, start + first, length - first);
  }
  const sums = values.slice(start, start + 8);
  const whole = length - (length % 8);
  for (let i = 8; i < whole; i++) sums[i % 8]! += values[start + i]!;
  const [a, b, c, d, e, f, g, h] = sums as unknown as readonly number[];
  let sum = a! + b! + (c! + d!) + (e! + f! + (g! + h!));
  for (let i = whole; i < length; i++) sum += values[start + i]!;
  return sum;
}
