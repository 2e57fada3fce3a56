import type { RunOptions } from '../runtime/run-options.ts';
import { breather } from './breathe.ts';

export interface Hyperplane {
  readonly weights: Float64Array;
  readonly intercept: number;
}

const MOST_STEPS = 200;
/** Of the gradient, relative to that at the start. */
const PRECISION = 1e-10;
/** Residual of a Newton step relative to the gradient: solved exactly, early steps would be wasted. */
const INEXACT = 1e-4;
/** Armijo's condition: a step must bring at least this share of what the slope promises. */
const ENOUGH = 1e-4;

/**
 * Linear support vector machine with squared hinge loss: the minimum of
 * `|w|^2 / 2 + C sum max(0, 1 - s_i (w.x_i + b))^2`, signs s_i of +1 or -1, the intercept not penalised.
 *
 * The objective is strictly convex in w and piecewise quadratic, so Newton steps on the rows inside the margin (Keerthi and
 * DeCoste 2005; Mangasarian 2002) end in the exact minimum after a few; each is solved by conjugate gradients as far as it pays.
 * `X` is row-major, `rows × columns`. Throws `aborted`.
 */
export async function linearSvm(
  X: Float64Array,
  signs: Int8Array,
  columns: number,
  C: number,
  options?: RunOptions,
): Promise<Hyperplane> {
  const size = columns + 1;
  const breathe = breather(options, 'linear classifier');
  // The last entry of each vector of this size belongs to the intercept.
  let theta = new Float64Array(size);
  let margins = marginsOf(X, signs, columns, theta);
  let { gradient, value } = objective(X, signs, columns, C, theta, margins);
  const target = PRECISION * norm(gradient);
  for (let step = 0; step < MOST_STEPS && norm(gradient) > target; step++) {
    await breathe(step, MOST_STEPS);
    const active = activeRows(margins);
    const direction = newtonDirection(X, columns, C, active, gradient);
    const slope = dot(gradient, direction);
    if (!(slope < 0)) break;
    let next = theta;
    let length = 1;
    let trial = { gradient, value };
    for (; length > 1e-12; length /= 2) {
      next = theta.map((entry, j) => entry + length * direction[j]!);
      margins = marginsOf(X, signs, columns, next);
      trial = objective(X, signs, columns, C, next, margins);
      if (trial.value <= value + ENOUGH * length * slope) break;
    }
    // Rounding leaves nothing to gain.
    if (!(trial.value < value) && norm(trial.gradient) >= norm(gradient)) break;
    theta = next;
    ({ gradient, value } = trial);
  }
  return { weights: theta.slice(0, columns), intercept: theta[columns]! };
}

/** `w.x + b` of one row. */
export function decisionValue({ weights, intercept }: Hyperplane, X: Float64Array, row: number): number {
  let sum = intercept;
  for (let j = 0, at = row * weights.length; j < weights.length; j++, at++) sum += weights[j]! * X[at]!;
  return sum;
}

/** `1 - s (w.x + b)` of every row: above 0 inside the margin. */
function marginsOf(X: Float64Array, signs: Int8Array, columns: number, theta: Float64Array): Float64Array {
  const margins = new Float64Array(signs.length);
  for (let i = 0, at = 0; i < signs.length; i++) {
    let sum = theta[columns]!;
    for (let j = 0; j < columns; j++, at++) sum += theta[j]! * X[at]!;
    margins[i] = 1 - signs[i]! * sum;
  }
  return margins;
}

function objective(
  X: Float64Array,
  signs: Int8Array,
  columns: number,
  C: number,
  theta: Float64Array,
  margins: Float64Array,
): { gradient: Float64Array; value: number } {
  const gradient = theta.slice();
  gradient[columns] = 0;
  let value = 0;
  for (let j = 0; j < columns; j++) value += theta[j]! ** 2 / 2;
  for (let i = 0; i < margins.length; i++) {
    const margin = margins[i]!;
    if (margin <= 0) continue;
    value += C * margin * margin;
    const pull = -2 * C * margin * signs[i]!;
    for (let j = 0, at = i * columns; j < columns; j++, at++) gradient[j]! += pull * X[at]!;
    gradient[columns]! += pull;
  }
  return { gradient, value };
}

function activeRows(margins: Float64Array): Int32Array {
  return Int32Array.from(margins.keys()).filter((i) => margins[i]! > 0);
}

/** Solves H d = -g by conjugate gradients, H = diag(1, ..., 1, 0) + 2 C sum over active rows of (x, 1)(x, 1)'. */
function newtonDirection(
  X: Float64Array,
  columns: number,
  C: number,
  active: Int32Array,
  gradient: Float64Array,
): Float64Array {
  const direction = new Float64Array(gradient.length);
  const rest = gradient.map((entry) => -entry);
  let search = rest.slice();
  let squared = dot(rest, rest);
  const target = squared * INEXACT ** 2;
  for (let step = 0; step < 4 * gradient.length + 20 && squared > target; step++) {
    const image = applyHessian(X, columns, C, active, search);
    const curvature = dot(search, image);
    if (!(curvature > 0)) break;
    const length = squared / curvature;
    for (let j = 0; j < direction.length; j++) {
      direction[j]! += length * search[j]!;
      rest[j]! -= length * image[j]!;
    }
    const before = squared;
    squared = dot(rest, rest);
    search = search.map((entry, j) => rest[j]! + (squared / before) * entry);
  }
  return direction;
}

function applyHessian(
  X: Float64Array,
  columns: number,
  C: number,
  active: Int32Array,
  vector: Float64Array,
): Float64Array {
  const image = vector.slice();
  image[columns] = 0;
  for (const row of active) {
    let sum = vector[columns]!;
    const start = row * columns;
    for (let j = 0; j < columns; j++) sum += X[start + j]! * vector[j]!;
    const pull = 2 * C * sum;
    for (let j = 0; j < columns; j++) image[j]! += pull * X[start + j]!;
    image[columns]! += pull;
  }
  return image;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
