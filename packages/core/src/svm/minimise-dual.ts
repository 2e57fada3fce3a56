import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { columnCache } from './column-cache.ts';
import { type DualState, interceptOf, movePair, rowToFall, rowToGrow, startState } from './dual-state.ts';
import type { KernelRows } from './kernel-rows.ts';
import { kernelColumn, reachOf, setAside, takeBack } from './shrink-dual.ts';

/**
 * Solver of the dual of a support vector machine with two classes, written in the signed weights b_i = y_i a_i:
 *
 *     minimise  b'Kb / 2 - y'b   subject to   sum b = 0,   0 <= y_i b_i <= C_i
 *
 * Sequential minimal optimisation: each step moves one pair along the constraint. The pair is the row that violates the
 * conditions of optimality most and the row that promises the largest decrease with it to second order (Fan, Chen and Lin,
 * "Working set selection using second order information", JMLR 6, 2005). Rows at a bound that are not likely to leave it are set
 * aside for a while, and columns of K are kept while there is room (Chang and Lin, "LIBSVM", ACM TIST 2, 2011).
 */
export interface DualProblem {
  /** Consumed: the rows are reordered. */
  readonly rows: KernelRows;
  /** +1 or -1 for each row. */
  readonly signs: Int8Array;
  /** C_i, above 0. */
  readonly bounds: Float64Array;
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

/** Steps between two looks at the clock. */
const STRIDE = 256;
/** How long a thread may keep the event loop waiting. */
const BREATH_MILLISECONDS = 40;
/** Rows are set aside every so many steps at most. */
const SHRINK_STRIDE = 1000;

/** Throws `aborted`. */
export async function minimiseDual(problem: DualProblem, run: RunOptions = {}): Promise<DualSolution> {
  const state = startState(problem.rows, problem.signs, problem.bounds);
  const solver = startSolver(problem, state);
  let last = performance.now();
  while (!solver.advance(STRIDE)) {
    if (performance.now() - last <= BREATH_MILLISECONDS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(run.signal);
    last = performance.now();
  }
  const weights = new Float64Array(state.b.length);
  state.b.forEach((weight, t) => {
    weights[state.origin[t]!] = weight;
  });
  return { weights, intercept: interceptOf(state), ...solver.outcome() };
}

interface Solver {
  /** Makes up to `steps` steps; true once it is done. */
  advance(steps: number): boolean;
  outcome(): Pick<DualSolution, 'iterations' | 'converged'>;
}

function startSolver({ tolerance, shrinking, cacheBytes, maxIter }: DualProblem, state: DualState): Solver {
  const size = state.b.length;
  const cache = columnCache(size, cacheBytes);
  const stride = Math.min(size, SHRINK_STRIDE);
  let nearlyDone = false;
  let iterations = 0;
  let untilShrink = stride;
  let converged = false;

  /** Moves the pair that promises most; false where no pair violates the conditions. */
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

  const shrink = (): void => {
    const { least, largest } = reachOf(state);
    // Once, before the last steps: what was set aside too early comes back in time.
    if (!nearlyDone && largest - least <= 10 * tolerance) {
      nearlyDone = true;
      takeBack(state, cache);
    }
    setAside(state, cache);
  };

  const advance = (steps: number): boolean => {
    for (let done = 0; done < steps; done++) {
      if (iterations >= maxIter) {
        takeBack(state, cache);
        return true;
      }
      if (--untilShrink <= 0) {
        untilShrink = stride;
        if (shrinking) shrink();
      }
      if (step()) continue;
      if (state.active < size) {
        takeBack(state, cache);
        untilShrink = 1;
        if (step()) continue;
      }
      converged = true;
      return true;
    }
    return false;
  };

  return { advance, outcome: () => ({ iterations, converged }) };
}
