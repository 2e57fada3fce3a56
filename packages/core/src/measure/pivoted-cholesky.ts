/**
 * Cholesky factor with complete pivoting, in place of the lower triangle of a positive semi-definite matrix (`size × size`,
 * row-major, both triangles given): `A[order, order] = L L'` up to what is left when no pivot is above `floor`. Rows from
 * `rank` on hold only their first `rank` entries of L.
 */
export function pivotedCholesky(A: Float64Array, size: number, floor: number): { rank: number; order: Int32Array } {
  const order = Int32Array.from({ length: size }, (_, i) => i);
  for (let step = 0; step < size; step++) {
    let pivot = step;
    for (let i = step + 1; i < size; i++) if (A[i * size + i]! > A[pivot * size + pivot]!) pivot = i;
    if (!(A[pivot * size + pivot]! > floor)) return { rank: step, order };
    if (pivot !== step) swap(A, size, order, step, pivot);
    const root = Math.sqrt(A[step * size + step]!);
    A[step * size + step] = root;
    for (let i = step + 1; i < size; i++) A[i * size + step]! /= root;
    for (let i = step + 1; i < size; i++) {
      const factor = A[i * size + step]!;
      if (factor === 0) continue;
      for (let j = step + 1; j <= i; j++) A[i * size + j]! -= factor * A[j * size + step]!;
    }
  }
  return { rank: size, order };
}

/** Swaps rows and columns of the lower triangle, factor columns included. */
function swap(A: Float64Array, size: number, order: Int32Array, a: number, b: number): void {
  const exchange = (i: number, j: number) => {
    const held = A[i]!;
    A[i] = A[j]!;
    A[j] = held;
  };
  for (let j = 0; j < a; j++) exchange(a * size + j, b * size + j);
  for (let i = a + 1; i < b; i++) exchange(i * size + a, b * size + i);
  for (let i = b + 1; i < size; i++) exchange(i * size + a, i * size + b);
  exchange(a * size + a, b * size + b);
  const held = order[a]!;
  order[a] = order[b]!;
  order[b] = held;
}
