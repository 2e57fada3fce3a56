/**
 * Class probabilities from those of all pairs (Price, Knerr, Personnaz and Dreyfus, 1995):
 * p_i ∝ 1 / (Σ_{j≠i} 1 / r_ij - (K - 2)), exact where the r_ij = P(i | i or j) fit together.
 *
 * `pairwise[i K + j]` is r_ij, inside 0 .. 1 and r_ij + r_ji = 1 but for rounding; `out` takes the K results from `start` on.
 */
export function coupledProbabilities(pairwise: Float64Array, classes: number, out: Float64Array, start: number): void {
  let total = 0;
  for (let i = 0; i < classes; i++) {
    let sum = 2 - classes;
    for (let j = 0; j < classes; j++) if (j !== i) sum += 1 / pairwise[i * classes + j]!;
    // 1 / r >= 1 for each of K - 1 others, so the sum is at least 1; a pair rounded to 0 gives infinity and the class 0.
    out[start + i] = 1 / sum;
    total += out[start + i]!;
  }
  for (let i = 0; i < classes; i++) out[start + i] = total > 0 ? out[start + i]! / total : 1 / classes;
}
