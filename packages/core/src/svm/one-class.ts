import type { Matrix } from '../data/matrix.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { columnCache } from './column-cache.ts';
import { type DualState, interceptOf, movePair, rowToFall, rowToGrow } from './dual-state.ts';
import type { SvmKernel } from './kernel.ts';
import { columnMeans, type KernelRows, kernelOfItself, kernelRows, kernelSlice } from './kernel-rows.ts';
import { kernelColumn, reachOf, setAside, takeBack } from './shrink-dual.ts';

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

/** Steps between two looks at the clock, how long a thread may keep the event loop waiting, and steps before rows are set aside. */
const STRIDE = 256;
const BREATH_MILLISECONDS = 40;
const SHRINK_STRIDE = 1000;

/**
 * Solver of the dual of a one-class machine, in the steps of the solver for two classes:
 *
 *     minimise  a'Ka / 2   subject to   sum a = nu n,   0 <= a_i <= 1
 *
 * (Schölkopf, Platt, Shawe-Taylor, Smola and Williamson, Neural Computation 13, 2001, all multiplied by nu n.) Throws `aborted`.
 */
export async function minimiseOneClass(problem: OneClassProblem, run: RunOptions = {}): Promise<OneClassSolution> {
  const { rows, kernel, tolerance, maxIter } = problem;
  const state = startState(kernelRows(rows, kernel, columnMeans(rows)), problem.nu);
  const size = state.b.length;
  const cache = columnCache(size, problem.cacheBytes);
  const stride = Math.min(size, SHRINK_STRIDE);
  let untilShrink = stride;
  let nearlyDone = false;
  let iterations = 0;
  let converged = false;
  let last = performance.now();

  const step = (): boolean => {
    const i = rowToGrow(state);
    if (i < 0) return false;
    const column = kernelColumn(state, cache, i);
    const j = rowToFall(state, i, column, tolerance);
    if (j < 0) return false;
    movePair(state, i, j, column, kernelColumn(state, cache, j));
    iterations++;
    return true;
  };

  while (iterations < maxIter) {
    if (--untilShrink <= 0) {
      untilShrink = stride;
      const { least, largest } = reachOf(state);
      if (!nearlyDone && largest - least <= 10 * tolerance) {
        nearlyDone = true;
        takeBack(state, cache);
      }
      setAside(state, cache);
    }
    if (!step()) {
      if (state.active === size) {
        converged = true;
        break;
      }
      takeBack(state, cache);
      untilShrink = 1 + stride;
      continue;
    }
    if (iterations % STRIDE > 0 || performance.now() - last <= BREATH_MILLISECONDS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(run.signal);
    last = performance.now();
  }
  takeBack(state, cache);
  return { ...heldWeights(state), offset: -interceptOf(state), iterations, converged };
}

/** The first rows carry the weight to begin with, as many as it takes. */
function startState(rows: KernelRows, nu: number): DualState {
  const size = rows.rows;
  const b = Float64Array.from({ length: size }, (_, i) => Math.min(1, Math.max(0, nu * size - i)));
  const v = new Float64Array(size);
  const column = new Float64Array(size);
  for (let i = 0; i < size && b[i]! > 0; i++) {
    kernelSlice(rows, i, rows, column, 0, size);
    for (let t = 0; t < size; t++) v[t]! += b[i]! * column[t]!;
  }
  return {
    rows,
    // No linear term.
    signs: new Int8Array(size),
    origin: Int32Array.from({ length: size }, (_, i) => i),
    low: new Float64Array(size),
    high: new Float64Array(size).fill(1),
    diagonal: Float64Array.from({ length: size }, (_, i) => kernelOfItself(rows, i)),
    b,
    v,
    active: size,
  };
}

function heldWeights({ b, origin }: DualState): Pick<OneClassSolution, 'support' | 'weights'> {
  const all = new Float64Array(b.length);
  b.forEach((weight, t) => {
    all[origin[t]!] = weight;
  });
  const support = Int32Array.from(all.keys()).filter((row) => all[row]! > 0);
  return { support, weights: Float64Array.from(support, (row) => all[row]!) };
}
