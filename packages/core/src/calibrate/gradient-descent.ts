import type { NewtonEnd } from './damped-newton.ts';

interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

interface Pair {
  readonly move: Float64Array;
  readonly change: Float64Array;
  readonly inverse: number;
}

const MOST_ITERATIONS = 2000;
const MEMORY = 20;
/** Largest entry of the gradient of a mean loss at which the search ends. */
const FLAT = 1e-9;

/**
 * L-BFGS (Nocedal, 1980) with halved steps, for convex functions of too many parameters for Newton's method.
 * Ends at a gradient below 1e-9, or where rounding stops it (then `converged` is true below 1e-6).
 */
export function minimiseByGradients(evaluate: (at: Float64Array) => Slope, start: Float64Array): NewtonEnd {
  let at = start;
  let point = evaluate(at);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < MOST_ITERATIONS && steepest(point.gradient) > FLAT; iteration++) {
    const direction = twoLoops(pairs, point.gradient);
    const slope = inner(direction, point.gradient);
    const next = halvedStep(evaluate, at, point, direction, slope);
    if (!next) {
      if (pairs.length === 0) break;
      // The memory misled: begin again from the gradient alone.
      pairs.length = 0;
      continue;
    }
    const move = next.at.map((value, i) => value - at[i]!);
    const change = next.point.gradient.map((value, i) => value - point.gradient[i]!);
    const curvature = inner(move, change);
    if (curvature > 1e-16 * inner(change, change)) pairs.push({ move, change, inverse: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    ({ at, point } = next);
  }
  return { at, value: point.value, converged: steepest(point.gradient) <= 1e-6 };
}

function steepest(gradient: Float64Array): number {
  return gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The inverse Hessian's estimate times the gradient. */
function twoLoops(pairs: readonly Pair[], gradient: Float64Array): Float64Array {
  const direction = gradient.slice();
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { move, change, inverse } = pairs[k]!;
    shares[k] = inverse * inner(move, direction);
    for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! - shares[k]! * change[i]!;
  }
  const newest = pairs.at(-1);
  const scale = newest ? 1 / (newest.inverse * inner(newest.change, newest.change)) : 1;
  for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! * scale;
  for (const [k, { move, change, inverse }] of pairs.entries()) {
    const back = inverse * inner(change, direction);
    for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! + (shares[k]! - back) * move[i]!;
  }
  return direction;
}

function halvedStep(
  evaluate: (at: Float64Array) => Slope,
  at: Float64Array,
  point: Slope,
  direction: Float64Array,
  slope: number,
): { at: Float64Array; point: Slope } | null {
  for (let size = 1; size > 1e-12; size /= 2) {
    const trial = at.map((value, i) => value - size * direction[i]!);
    const next = evaluate(trial);
    if (next.value <= point.value - 1e-4 * size * slope) return { at: trial, point: next };
  }
  return null;
}
