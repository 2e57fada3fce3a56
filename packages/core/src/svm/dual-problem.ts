import type { KernelRows } from './kernel-rows.ts';

/**
 * Solver of the dual of a support vector machine, written in signed weights, b_i = y_i a_i for two classes:
 *
 *     minimise  b'Kb / 2 - y'b   subject to   sum b as at the start,   low <= b <= high
 *
 * Sequential minimal optimisation: each step moves one pair along the constraint. The pair is the row that violates the
 * conditions of optimality most and the row that promises the largest decrease with it to second order (Fan, Chen and Lin,
 * "Working set selection using second order information", JMLR 6, 2005). Rows at a bound that are not likely to leave it are set
 * aside for a while, and columns of K are kept while there is room (Chang and Lin, "LIBSVM", ACM TIST 2, 2011).
 */
export interface DualProblem {
  readonly rows: KernelRows;
  /** y: +1 or -1 for each row of two classes, 0 where there is no linear term. */
  readonly linear: Int8Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Weights to start from, all 0 without it. */
  readonly start?: Float64Array;
  /** The conditions of optimality may be violated by so much. */
  readonly tolerance: number;
  readonly shrinking: boolean;
  readonly cacheBytes: number;
  readonly maxIter: number;
}

export interface DualSolution {
  /** b_i of each row; 0 for rows that are no support vectors. */
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
  readonly converged: boolean;
}
