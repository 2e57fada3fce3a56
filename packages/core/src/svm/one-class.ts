import type { Matrix } from '../data/matrix.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { SvmKernel } from './kernel.ts';
import { columnMeans, kernelRows } from './kernel-rows.ts';
import { minimiseDual } from './minimise-dual.ts';

export interface OneClassProblem {
  readonly rows: Matrix;
  readonly kernel: SvmKernel;
  /** Above 0, at most 1: the most rows outside, as a share, and the fewest support vectors. */
  readonly nu: number;
  readonly tolerance: number;
  readonly cacheBytes: number;
  readonly maxIter: number;
}

export interface OneClassSolution {
  /** Rows with a weight above 0, ascending. */
  readonly support: Int32Array;
  /** Weight of each of them, at most 1; they sum to nu times the rows. */
  readonly weights: Float64Array;
  /** Rows are inside where the weighted sum of kernels is at least this. */
  readonly offset: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * The dual of a one-class machine:
 *
 *     minimise  a'Ka / 2   subject to   sum a = nu n,   0 <= a_i <= 1
 *
 * (Schölkopf, Platt, Shawe-Taylor, Smola and Williamson, Neural Computation 13, 2001, all multiplied by nu n.) The first rows carry the
 * weight to begin with, as many as it takes. Throws `aborted`, `out-of-memory`.
 */
export async function minimiseOneClass(problem: OneClassProblem, run: RunOptions = {}): Promise<OneClassSolution> {
  const { rows, kernel, nu, tolerance, cacheBytes, maxIter } = problem;
  const size = rows.rows;
  const found = await minimiseDual(
    {
      rows: kernelRows(rows, kernel, columnMeans(rows)),
      linear: new Int8Array(size),
      low: new Float64Array(size),
      high: new Float64Array(size).fill(1),
      start: Float64Array.from({ length: size }, (_, i) => Math.min(1, Math.max(0, nu * size - i))),
      tolerance,
      shrinking: true,
      cacheBytes,
      maxIter,
    },
    run,
  );
  const support = Int32Array.from(found.weights.keys()).filter((row) => found.weights[row]! > 0);
  const weights = Float64Array.from(support, (row) => found.weights[row]!);
  return { support, weights, offset: -found.intercept, iterations: found.iterations, converged: found.converged };
}
