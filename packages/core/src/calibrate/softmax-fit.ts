import type { Matrix } from '../data/matrix.ts';
import { conjugateGradients, dampedNewton, type NewtonPoint, solveSymmetric } from './damped-newton.ts';

/** Which linear maps of the logits are searched. */
export interface SoftmaxShape {
  /** Only the diagonal and the biases. */
  readonly diagonal: boolean;
  /** λ of λ Σ_{i≠j} W_ij², added to the mean log loss. */
  readonly offDiagonalPenalty: number;
  /** μ of μ Σ b_i². */
  readonly biasPenalty: number;
}

export interface SoftmaxRows {
  /** `rows × classes`. */
  readonly logits: Matrix;
  readonly codes: Int32Array;
  /** Positive. */
  readonly weights: Float64Array;
  /** Weight of each class, above 0. */
  readonly totals: Float64Array;
}

/** softmax(W x + b). */
export interface SoftmaxMap {
  /** `classes × classes` row-major, or the diagonal alone. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly converged: boolean;
}

/** Up to so many free parameters a full Hessian costs less than products with it. */
const HESSIAN_PARAMETERS = 120;

/**
 * The least penalised mean log loss of softmax(W x + b). `smoothed` gives a row of class y the target 1 - (K - 1) / (N_y + K)
 * for y and 1 / (N_y + K) for each other class, Platt's targets for K classes, so that a minimum always exists.
 */
export function fitSoftmax(rows: SoftmaxRows, shape: SoftmaxShape, smoothed: boolean): SoftmaxMap {
  const size = rows.totals.length;
  const free = freeParameters(size, shape);
  const problem = softmaxProblem(rows, shape, smoothed, free);
  const end = dampedNewton(problem, calmStart(rows, problem, startAt(size, free, shape)), spreads(rows, free));
  const all = new Float64Array(size * (size + 1));
  free.forEach((parameter, i) => {
    all[parameter] = end.at[i]!;
  });
  return { ...unpacked(all, size, shape), converged: end.converged };
}

/**
 * Parameters that are searched, as places c (K + 1) + j of W's entry (c, j) and, for j = K, of the bias. Adding one row to
 * all rows of W, or one number to all biases, changes nothing; where no penalty settles it, the last row or bias is held.
 */
function freeParameters(size: number, { diagonal, offDiagonalPenalty, biasPenalty }: SoftmaxShape): Int32Array {
  const free: number[] = [];
  for (let c = 0; c < size; c++) {
    for (let j = 0; j <= size; j++) {
      const last = c === size - 1;
      const held = j === size ? last && biasPenalty === 0 : diagonal ? c !== j : last && offDiagonalPenalty === 0;
      if (!held) free.push(c * (size + 1) + j);
    }
  }
  return Int32Array.from(free);
}

/** The identity, less its last row where that is held at 0. */
function startAt(size: number, free: Int32Array, { diagonal, offDiagonalPenalty }: SoftmaxShape): Float64Array {
  return Float64Array.from(free, (parameter) => {
    const c = Math.floor(parameter / (size + 1));
    const j = parameter % (size + 1);
    if (c === j) return 1;
    return j === size - 1 && !diagonal && offDiagonalPenalty === 0 ? -1 : 0;
  });
}

/** Between logits so far apart the probabilities are 0 and 1 but for some 1e-7. */
const SATURATED = 16;

/**
 * The identity, or where logits lie very far apart the multiple of it with the least loss: probabilities of 0 and 1 have next to no
 * curvature, and Newton's steps would lead nowhere.
 */
function calmStart(
  { logits }: SoftmaxRows,
  problem: (at: Float64Array) => NewtonPoint,
  identity: Float64Array,
): Float64Array {
  let largest = 0;
  for (const logit of logits.data) if (Math.abs(logit) > largest) largest = Math.abs(logit);
  if (largest < SATURATED) return identity;
  let best = identity;
  let least = problem(identity).value;
  for (let scale = 0.5; scale * largest > 0.25; scale /= 2) {
    const trial = identity.map((value) => scale * value);
    const { value } = problem(trial);
    if (!(value < least)) continue;
    best = trial;
    least = value;
  }
  return best;
}

/** Root mean square of the feature of each parameter. */
function spreads({ logits, weights }: SoftmaxRows, free: Int32Array): Float64Array {
  const { data, columns } = logits;
  const squares = new Float64Array(columns + 1);
  let total = 0;
  for (let row = 0; row < weights.length; row++) {
    total += weights[row]!;
    for (let j = 0; j < columns; j++) squares[j] = squares[j]! + weights[row]! * data[row * columns + j]! ** 2;
  }
  squares[columns] = total;
  return Float64Array.from(free, (parameter) => Math.sqrt(squares[parameter % (columns + 1)]! / total));
}

/** Held rows and biases leave W and b open up to a constant a column; the one with mean 0 over the classes is canonical. */
function unpacked(all: Float64Array, size: number, shape: SoftmaxShape): Omit<SoftmaxMap, 'converged'> {
  const width = size + 1;
  const biases = Float64Array.from({ length: size }, (_, c) => all[c * width + size]!);
  if (shape.biasPenalty === 0) centre(biases, 0, 1, size);
  if (shape.diagonal) return { weights: Float64Array.from({ length: size }, (_, c) => all[c * width + c]!), biases };
  const weights = new Float64Array(size * size);
  for (let c = 0; c < size; c++) weights.set(all.subarray(c * width, c * width + size), c * size);
  if (shape.offDiagonalPenalty === 0) for (let j = 0; j < size; j++) centre(weights, j, size, size);
  return { weights, biases };
}

function centre(values: Float64Array, start: number, stride: number, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[start + i * stride]!;
  for (let i = 0; i < count; i++) values[start + i * stride] = values[start + i * stride]! - sum / count;
}

/** The penalised mean log loss as a function of the free parameters. */
function softmaxProblem(rows: SoftmaxRows, shape: SoftmaxShape, smoothed: boolean, free: Int32Array) {
  const { logits, codes, weights, totals } = rows;
  const size = totals.length;
  const width = size + 1;
  const count = free.length;
  const total = totals.reduce((sum, weight) => sum + weight, 0);
  const layout: Layout = {
    classOf: free.map((parameter) => Math.floor(parameter / width)),
    featureOf: free.map((parameter) => parameter % width),
  };
  const { classOf, featureOf } = layout;
  const penalties = Float64Array.from(free, (_, i) => {
    if (featureOf[i] === size) return shape.biasPenalty;
    return classOf[i] === featureOf[i] ? 0 : shape.offDiagonalPenalty;
  });
  const shares = weights.map((weight) => weight / total);
  const x = new Float64Array(width).fill(1);
  const residuals = new Float64Array(size);
  const dense = count <= HESSIAN_PARAMETERS;

  return (at: Float64Array): NewtonPoint => {
    const gradient = new Float64Array(count);
    const hessian = new Float64Array(dense ? count * count : 0);
    const p = new Float64Array(logits.data.length);
    let loss = 0;
    for (let row = 0; row < codes.length; row++) {
      x.set(logits.data.subarray(row * size, (row + 1) * size));
      const own = p.subarray(row * size, (row + 1) * size);
      applyTo(own, at, x, layout);
      const other = smoothed ? 1 / (totals[codes[row]!]! + size) : 0;
      loss += shares[row]! * crossEntropy(own, residuals, codes[row]!, other);
      for (let i = 0; i < count; i++) {
        gradient[i] = gradient[i]! + shares[row]! * residuals[classOf[i]!]! * x[featureOf[i]!]!;
      }
      if (dense) addCurvature(hessian, shares[row]!, own, x, layout);
    }
    for (let i = 0; i < count; i++) {
      loss += penalties[i]! * at[i]! ** 2;
      gradient[i] = gradient[i]! + 2 * penalties[i]! * at[i]!;
      if (dense) hessian[i * count + i] = hessian[i * count + i]! + 2 * penalties[i]!;
    }
    const curvature = { logits: logits.data, p, shares, penalties, layout };
    const step = () =>
      dense
        ? solveSymmetric(hessian, gradient)
        : conjugateGradients((v) => hessianProduct(curvature, v), hessianDiagonal(curvature), gradient);
    return { value: loss, gradient, step };
  };
}

/** Class and feature of each free parameter; the feature after the last logit is the constant of the bias. */
interface Layout {
  readonly classOf: Int32Array;
  readonly featureOf: Int32Array;
}

/** What the Hessian is made of: Σ share (diag p - p p') ⊗ x x', and twice the penalties. */
interface Curvature {
  readonly logits: Float64Array;
  readonly p: Float64Array;
  readonly shares: Float64Array;
  readonly penalties: Float64Array;
  readonly layout: Layout;
}

/** out_c = Σ_j v_cj x_j. */
function applyTo(out: Float64Array, v: Float64Array, x: Float64Array, { classOf, featureOf }: Layout): void {
  out.fill(0);
  for (let i = 0; i < v.length; i++) out[classOf[i]!] = out[classOf[i]!]! + v[i]! * x[featureOf[i]!]!;
}

function hessianProduct({ logits, p, shares, penalties, layout }: Curvature, v: Float64Array): Float64Array {
  const { classOf, featureOf } = layout;
  const size = p.length / shares.length;
  const out = v.map((value, i) => 2 * penalties[i]! * value);
  const x = new Float64Array(size + 1).fill(1);
  const scores = new Float64Array(size);
  for (let row = 0; row < shares.length; row++) {
    const start = row * size;
    x.set(logits.subarray(start, start + size));
    applyTo(scores, v, x, layout);
    let mean = 0;
    for (let c = 0; c < size; c++) mean += p[start + c]! * scores[c]!;
    for (let c = 0; c < size; c++) scores[c] = shares[row]! * p[start + c]! * (scores[c]! - mean);
    for (let i = 0; i < v.length; i++) out[i] = out[i]! + scores[classOf[i]!]! * x[featureOf[i]!]!;
  }
  return out;
}

function hessianDiagonal({ logits, p, shares, penalties, layout }: Curvature): Float64Array {
  const { classOf, featureOf } = layout;
  const size = p.length / shares.length;
  const diagonal = penalties.map((penalty) => 2 * penalty);
  for (let row = 0; row < shares.length; row++) {
    for (let i = 0; i < diagonal.length; i++) {
      const own = p[row * size + classOf[i]!]!;
      const x = featureOf[i] === size ? 1 : logits[row * size + featureOf[i]!]!;
      diagonal[i] = diagonal[i]! + shares[row]! * own * (1 - own) * x * x;
    }
  }
  return diagonal.map((value) => (value > 0 ? value : 1));
}

/** Turns scores into probabilities in place, writes p - target, and returns the cross-entropy of one row. */
function crossEntropy(z: Float64Array, residuals: Float64Array, code: number, other: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of z) if (value > most) most = value;
  const own = z[code]! - most;
  let mass = 0;
  let wrong = 0;
  let sum = 0;
  for (let c = 0; c < z.length; c++) {
    const gap = z[c]! - most;
    sum += gap;
    z[c] = Math.exp(gap);
    mass += z[c]!;
    if (c !== code) wrong += z[c]!;
  }
  for (let c = 0; c < z.length; c++) {
    z[c] = z[c]! / mass;
    // For the true class 1 - p is summed from the others: near 1 the difference would lose all digits.
    residuals[c] = c === code ? (z.length - 1) * other - wrong / mass : z[c]! - other;
  }
  return Math.log(mass) - (1 - z.length * other) * own - other * sum;
}

/**
 * Adds weight · p_c (δ_cc' - p_c') x_j x_j' to the lower triangle: minus a product of one vector with itself, which is
 * nearly all the work, and a block a class, whose parameters stand together.
 */
function addCurvature(
  hessian: Float64Array,
  weight: number,
  p: Float64Array,
  x: Float64Array,
  { classOf, featureOf }: Layout,
): void {
  const count = classOf.length;
  const pulled = new Float64Array(count);
  for (let i = 0; i < count; i++) pulled[i] = p[classOf[i]!]! * x[featureOf[i]!]!;
  for (let i = 0; i < count; i++) {
    const scaled = weight * pulled[i]!;
    const start = i * count;
    for (let k = 0; k <= i; k++) hessian[start + k] = hessian[start + k]! - scaled * pulled[k]!;
    const own = weight * x[featureOf[i]!]!;
    for (let k = i; k >= 0 && classOf[k] === classOf[i]; k--) {
      hessian[start + k] = hessian[start + k]! + own * pulled[k]!;
    }
  }
}
