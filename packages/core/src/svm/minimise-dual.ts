import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { columnCache } from './column-cache.ts';
import { type KernelRows, kernelOfItself, kernelSlice, swapRows } from './kernel-rows.ts';

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

/** Curvature that takes the place of one that is not positive. */
const LEAST_CURVATURE = 1e-12;
/** Steps between two looks at the clock. */
const STRIDE = 256;
/** How long a thread may keep the event loop waiting. */
const BREATH_MILLISECONDS = 40;
/** Rows are set aside every so many steps at most. */
const SHRINK_STRIDE = 1000;

/** Throws `aborted`. */
export async function minimiseDual(problem: DualProblem, run: RunOptions = {}): Promise<DualSolution> {
  const solver = startSolver(problem);
  let last = performance.now();
  while (!solver.advance(STRIDE)) {
    if (performance.now() - last <= BREATH_MILLISECONDS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(run.signal);
    last = performance.now();
  }
  return solver.solution();
}

interface Solver {
  /** Makes up to `steps` steps; true once it is done. */
  advance(steps: number): boolean;
  solution(): DualSolution;
}

function startSolver(problem: DualProblem): Solver {
  const { rows, tolerance, shrinking, maxIter } = problem;
  const size = rows.rows;
  const cache = columnCache(size, problem.cacheBytes);
  const signs = problem.signs.slice();
  const lower = new Int32Array(size);
  const upper = new Int32Array(size);
  const origin = Int32Array.from({ length: size }, (_, i) => i);
  const low = new Float64Array(size);
  const high = new Float64Array(size);
  const diagonal = new Float64Array(size);
  const b = new Float64Array(size);
  // v_i is the derivative of the objective by b_i.
  const v = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const bound = problem.bounds[i]!;
    if (signs[i]! > 0) high[i] = bound;
    else low[i] = -bound;
    diagonal[i] = kernelOfItself(rows, i);
    v[i] = -signs[i]!;
  }
  let active = size;
  let whole = false;
  let iterations = 0;
  let untilShrink = Math.min(size, SHRINK_STRIDE);
  let converged = false;

  const columnOf = (i: number, length = active) =>
    cache.column(i, length, (target, from, to) => kernelSlice(rows, i, rows, target, from, to));

  /** The row that may grow whose derivative is least, or -1. */
  const mayGrow = (): number => {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let t = 0; t < active; t++) {
      if (v[t]! < least && b[t]! < high[t]!) {
        least = v[t]!;
        best = t;
      }
    }
    return best;
  };

  /** The row that may fall and promises most together with `i`, whose column is given; -1 if nothing violates the conditions. */
  const mayFall = (i: number, column: Float64Array): number => {
    const from = v[i]!;
    const own = diagonal[i]!;
    let best = -1;
    let promise = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < active; t++) {
      if (!(b[t]! > low[t]!)) continue;
      const violation = v[t]! - from;
      if (violation > largest) largest = violation;
      if (violation <= 0) continue;
      const curvature = own + diagonal[t]! - 2 * column[t]!;
      const gain = (violation * violation) / (curvature > 0 ? curvature : LEAST_CURVATURE);
      if (gain > promise) {
        promise = gain;
        best = t;
      }
    }
    return largest < tolerance ? -1 : best;
  };

  const step = (i: number, j: number, columnI: Float64Array): void => {
    const columnJ = columnOf(j);
    const curvature = diagonal[i]! + diagonal[j]! - 2 * columnI[j]!;
    let move = (v[j]! - v[i]!) / (curvature > 0 ? curvature : LEAST_CURVATURE);
    const roomI = high[i]! - b[i]!;
    const roomJ = b[j]! - low[j]!;
    if (move >= roomI || move >= roomJ) {
      move = Math.min(roomI, roomJ);
      b[i] = roomI <= roomJ ? high[i]! : b[i]! + move;
      b[j] = roomJ <= roomI ? low[j]! : b[j]! - move;
    } else {
      b[i]! += move;
      b[j]! -= move;
    }
    for (let t = 0; t < active; t++) v[t]! += move * (columnI[t]! - columnJ[t]!);
  };

  const swap = (a: number, z: number): void => {
    swapRows(rows, a, z);
    swapEntries(low, a, z);
    swapEntries(high, a, z);
    swapEntries(diagonal, a, z);
    swapEntries(b, a, z);
    swapEntries(v, a, z);
    swapEntries(signs, a, z);
    swapEntries(origin, a, z);
  };

  /** Works the derivatives of the rows set aside out anew and takes them back. */
  const takeBack = (): void => {
    if (active === size) return;
    for (let t = active; t < size; t++) v[t] = -signs[t]!;
    const scratch = new Float64Array(size);
    for (let s = 0; s < size; s++) {
      if (b[s] === 0) continue;
      const kept = cache.keeps(s);
      if (!kept) kernelSlice(rows, s, rows, scratch, active, size);
      const column = kept ? columnOf(s, size) : scratch;
      const weight = b[s]!;
      for (let t = active; t < size; t++) v[t]! += weight * column[t]!;
    }
    active = size;
  };

  const shrink = (): void => {
    let least = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < active; t++) {
      if (b[t]! < high[t]! && v[t]! < least) least = v[t]!;
      if (b[t]! > low[t]! && v[t]! > largest) largest = v[t]!;
    }
    if (!whole && largest - least <= 10 * tolerance) {
      whole = true;
      takeBack();
    }
    const idle = (t: number) => (b[t]! >= high[t]! ? v[t]! < least : b[t]! <= low[t]! ? v[t]! > largest : false);
    let pairs = 0;
    for (let t = 0; t < active; t++) {
      if (!idle(t)) continue;
      active--;
      while (active > t && idle(active)) active--;
      if (t === active) break;
      swap(t, active);
      lower[pairs] = t;
      upper[pairs++] = active;
    }
    // Together, so that each column is read once.
    cache.swap(lower, upper, pairs);
  };

  const advance = (steps: number): boolean => {
    for (let done = 0; done < steps; done++) {
      if (iterations >= maxIter) {
        takeBack();
        return true;
      }
      if (--untilShrink <= 0) {
        untilShrink = Math.min(size, SHRINK_STRIDE);
        if (shrinking) shrink();
      }
      let i = mayGrow();
      let j = i < 0 ? -1 : mayFall(i, columnOf(i));
      if (j < 0) {
        if (active === size) {
          converged = true;
          return true;
        }
        takeBack();
        untilShrink = 1;
        i = mayGrow();
        j = i < 0 ? -1 : mayFall(i, columnOf(i));
        if (j < 0) {
          converged = true;
          return true;
        }
      }
      iterations++;
      step(i, j, columnOf(i));
    }
    return false;
  };

  return {
    advance,
    solution() {
      const weights = new Float64Array(size);
      for (let t = 0; t < size; t++) weights[origin[t]!] = b[t]!;
      return { weights, intercept: interceptOf(b, v, low, high), iterations, converged };
    },
  };
}

function swapEntries(values: Float64Array | Int32Array | Int8Array, a: number, z: number): void {
  const held = values[a]!;
  values[a] = values[z]!;
  values[z] = held;
}

/** Minus the mean derivative of the rows between their bounds, or the middle of what the rows at their bounds allow. */
function interceptOf(b: Float64Array, v: Float64Array, low: Float64Array, high: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let free = 0;
  for (let t = 0; t < b.length; t++) {
    const grows = b[t]! < high[t]!;
    const falls = b[t]! > low[t]!;
    if (grows && falls) {
      sum += v[t]!;
      free++;
    } else if (grows) least = Math.min(least, v[t]!);
    else if (falls) largest = Math.max(largest, v[t]!);
  }
  if (free > 0) return -sum / free;
  return -(least + largest) / 2;
}
