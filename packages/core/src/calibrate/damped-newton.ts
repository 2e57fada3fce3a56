/** A smooth convex function at one point. */
export interface NewtonPoint {
  readonly value: number;
  readonly gradient: Float64Array;
  /** H⁻¹ g, by `solveSymmetric` or `conjugateGradients`. */
  step(): Float64Array;
}

export interface NewtonEnd {
  readonly at: Float64Array;
  readonly value: number;
  /** False where the parameters still ran when the iterations ended: there is no finite minimum, or it is far away. */
  readonly converged: boolean;
}

/** Separable data move the parameters by a steady amount for ever; anything with a minimum is done well before this. */
const MOST_ITERATIONS = 80;
/** Steps below this are at rest, given parameters whose features have a spread of about 1. */
const AT_REST = 1e-6;

/**
 * Newton's method with halved steps on a convex function whose values are of the order of 1 (a mean loss). It ends when
 * rounding stops the steps from shrinking, so the minimum is as exact as the gradient's sums.
 */
export function dampedNewton(
  evaluate: (at: Float64Array) => NewtonPoint,
  start: Float64Array,
  spread: Float64Array = new Float64Array(start.length).fill(1),
): NewtonEnd {
  let at = start;
  let point = evaluate(at);
  let lastMove = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const step = point.step();
    const move = step.reduce((largest, value, i) => Math.max(largest, Math.abs(value) * spread[i]!), 0);
    const resting = move <= AT_REST * (1 + largestOf(at, spread));
    // At rest Newton's steps shrink quadratically until rounding rules them; that is the end.
    if (resting && (move === 0 || move >= lastMove / 2)) return { at, value: point.value, converged: true };
    const next = resting ? stepped(evaluate, at, step, 1) : halved(evaluate, at, point, step);
    if (!next) return { at, value: point.value, converged: resting };
    ({ at, point } = next);
    lastMove = resting ? move : Number.POSITIVE_INFINITY;
  }
  return { at, value: point.value, converged: false };
}

function largestOf(at: Float64Array, spread: Float64Array): number {
  return at.reduce((largest, value, i) => Math.max(largest, Math.abs(value) * spread[i]!), 0);
}

function stepped(
  evaluate: (at: Float64Array) => NewtonPoint,
  at: Float64Array,
  step: Float64Array,
  size: number,
): { at: Float64Array; point: NewtonPoint } {
  const trial = at.map((value, i) => value - size * step[i]!);
  return { at: trial, point: evaluate(trial) };
}

function halved(
  evaluate: (at: Float64Array) => NewtonPoint,
  at: Float64Array,
  point: NewtonPoint,
  step: Float64Array,
): { at: Float64Array; point: NewtonPoint } | null {
  const decrease = step.reduce((sum, value, i) => sum + value * point.gradient[i]!, 0);
  // Sums of the loss carry rounding of this size; less than that is no increase.
  const slack = 1e-13 * Math.abs(point.value);
  for (let size = 1; size > 1e-12; size /= 2) {
    const next = stepped(evaluate, at, step, size);
    if (next.point.value <= point.value - 1e-4 * size * decrease + slack) return next;
  }
  return null;
}

/** H⁻¹ g of a row-major symmetric H, of which only the lower triangle is read, by Cholesky's factorisation; a singular matrix gets the least ridge that lets it through. */
export function solveSymmetric(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  for (let ridge = 0; ; ridge = ridge === 0 ? 1e-12 : ridge * 100) {
    const factor = choleskyFactor(hessian, size, ridge);
    if (factor) return backSubstituted(factor, gradient);
  }
}

/** The lower factor of H + ridge · diag(H), or null where a pivot drowns in rounding. A zero diagonal counts as 1. */
function choleskyFactor(hessian: Float64Array, size: number, ridge: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const own = hessian[i * size + i]!;
    const diagonal = own > 0 ? own * (1 + ridge) : 1;
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? diagonal : hessian[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i !== j) factor[i * size + j] = sum / factor[j * size + j]!;
      else if (sum > 1e-14 * diagonal || ridge > 1) factor[i * size + i] = Math.sqrt(Math.max(sum, 1e-14 * diagonal));
      else return null;
    }
  }
  return factor;
}

function backSubstituted(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] = x[i]! - factor[i * size + k]! * x[k]!;
    x[i] = x[i]! / factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] = x[i]! - factor[k * size + i]! * x[k]!;
    x[i] = x[i]! / factor[i * size + i]!;
  }
  return x;
}

/** Relative residual at which a step counts as solved: each step then gains some four digits. */
const CG_RESIDUAL = 1e-4;

/**
 * H⁻¹ g by conjugate gradients, preconditioned by the diagonal (positive), for H too large to write down. `product` gives
 * H v.
 */
export function conjugateGradients(
  product: (direction: Float64Array) => Float64Array,
  diagonal: Float64Array,
  gradient: Float64Array,
): Float64Array {
  const x = new Float64Array(gradient.length);
  const residual = gradient.slice();
  let scaled = residual.map((value, i) => value / diagonal[i]!);
  const direction = scaled.slice();
  let square = inner(residual, scaled);
  const goal = square * CG_RESIDUAL ** 2;
  for (let iteration = 0; iteration < 20 + 2 * gradient.length && square > goal; iteration++) {
    const image = product(direction);
    const curvature = inner(direction, image);
    if (!(curvature > 0)) break;
    const size = square / curvature;
    for (let i = 0; i < x.length; i++) {
      x[i] = x[i]! + size * direction[i]!;
      residual[i] = residual[i]! - size * image[i]!;
    }
    scaled = residual.map((value, i) => value / diagonal[i]!);
    const next = inner(residual, scaled);
    for (let i = 0; i < x.length; i++) direction[i] = scaled[i]! + (next / square) * direction[i]!;
    square = next;
  }
  return x;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
