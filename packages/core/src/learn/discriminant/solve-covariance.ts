import type { Work } from '../../runtime/work.ts';

/** A pivot below this share of its diagonal is lost in rounding. */
const LEAST_PIVOT = 1e-10;
/** Share of each column's whole variance that a singular covariance is raised by. */
const FLOOR = 1e-8;

/** C^-1 applied to vectors, and what had to be done to make C invertible. */
export interface CovarianceSolver {
  /** C^-1 v, in the units of the columns; 0 for columns that are constant throughout. */
  solve(v: Float64Array): Float64Array;
  /** Lower Cholesky factor of the scaled and raised covariance of the columns that vary, row-major; 0 above the diagonal. */
  readonly factor: Float64Array;
  /** What was added to the variance of every column, as a share of its variance over all rows; 0 for a regular covariance. */
  readonly raised: number;
}

/**
 * Factors a covariance in units of `deviations`, each column's over all rows. Columns of deviation 0 are left out. Directions in
 * which the classes do not vary at all are given a small variance, so that a gap between classes there separates them.
 */
export function solveCovariance(
  { memory }: Work,
  covariance: Float64Array,
  columns: number,
  deviations: Float64Array,
): CovarianceSolver {
  const used = Int32Array.from(deviations.keys()).filter((j) => deviations[j]! > 0);
  const size = used.length;
  const matrix = memory.float64(size * size);
  const vector = memory.float64(size);
  let raised = 0;
  for (;;) {
    const cells = matrix.view();
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        const [j, l] = [used[a]!, used[b]!];
        cells[a * size + b] = covariance[j * columns + l]! / deviations[j]! / deviations[l]!;
      }
      cells[a * size + a]! += raised;
    }
    if (memory.call('cholesky', matrix.address, size, LEAST_PIVOT) < 0) break;
    raised = raised === 0 ? FLOOR : raised * 10;
  }
  const factor = matrix.view().slice();
  for (let a = 0; a < size; a++) factor.fill(0, a * size + a + 1, (a + 1) * size);
  return {
    factor,
    raised,
    solve(v) {
      const right = vector.view();
      for (let a = 0; a < size; a++) right[a] = v[used[a]!]! / deviations[used[a]!]!;
      memory.call('choleskySolve', matrix.address, size, vector.address);
      const solution = new Float64Array(columns);
      const solved = vector.view();
      for (let a = 0; a < size; a++) solution[used[a]!] = solved[a]! / deviations[used[a]!]!;
      return solution;
    },
  };
}
