/**
 * Euclidean distance of two rows of row-major values, summed as the kernel of the neighbour search sums (even and odd columns
 * apart), so that both find the same ties.
 */
export function rowDistance(values: Float64Array, columns: number, a: number, b: number): number {
  let even = 0;
  let odd = 0;
  let x = a * columns;
  let y = b * columns;
  const end = x + columns - 1;
  while (x < end) {
    const first = values[x]! - values[y]!;
    const second = values[x + 1]! - values[y + 1]!;
    even += first * first;
    odd += second * second;
    x += 2;
    y += 2;
  }
  if (x === end) {
    const last = values[x]! - values[y]!;
    even += last * last;
  }
  return Math.sqrt(even + odd);
}
