/** Chances nearer to 0 or 1 than this are moved away from them, so that every class keeps a say. */
const LEAST = 1e-7;

/**
 * Class probabilities from those of all pairs: the p of sum 1 that minimises sum_i sum_{j != i} (r_ji p_i - r_ij p_j)² (Wu, Lin
 * and Weng, "Probability estimates for multi-class classification by pairwise coupling", JMLR 5, 2004, second method).
 *
 * `pairwise[i K + j]` is r_ij = P(i | i or j); the K results go to `out` from `start` on. The matrix Q of the problem may be
 * singular; on the plane of sum 1 Q + ee' has the same minimum and is positive definite.
 */
export function couplePairs(pairwise: Float64Array, classes: number, out: Float64Array, start: number): void {
  const rate = (i: number, j: number) => Math.min(1 - LEAST, Math.max(LEAST, pairwise[i * classes + j]!));
  const q = new Float64Array(classes * classes).fill(1);
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      if (j === i) continue;
      q[i * classes + i]! += rate(j, i) ** 2;
      q[i * classes + j]! -= rate(j, i) * rate(i, j);
    }
  }
  const p = new Float64Array(classes).fill(1);
  solvePositive(q, p);
  let total = 0;
  for (let i = 0; i < classes; i++) {
    p[i] = Math.max(0, p[i]!);
    total += p[i]!;
  }
  for (let i = 0; i < classes; i++) out[start + i] = p[i]! / total;
}

/** Solves in place by LDL', for a positive definite matrix. */
function solvePositive(a: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    for (let r = i + 1; r < n; r++) {
      const factor = a[r * n + i]! / a[i * n + i]!;
      for (let c = i; c < n; c++) a[r * n + c]! -= factor * a[i * n + c]!;
      x[r]! -= factor * x[i]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) x[i]! -= a[i * n + c]! * x[c]!;
    x[i]! /= a[i * n + i]!;
  }
}
