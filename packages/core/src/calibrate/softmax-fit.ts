import type { Matrix } from '../data/matrix.ts';
import { dampedNewton, type NewtonEnd } from './damped-newton.ts';
import { minimiseByGradients } from './gradient-descent.ts';

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

/** Up to so many free parameters Newton's method with its full Hessian is the fastest and most exact. */
const NEWTON_PARAMETERS = 300;

/**
 * The least penalised mean log loss of softmax(W x + b). `smoothed` gives a row of class y the target 1 - (K - 1) / (N_y + K)
 * for y and 1 / (N_y + K) for each other class, Platt's targets for K classes, so that a minimum always exists.
 */
export function fitSoftmax(rows: SoftmaxRows, shape: SoftmaxShape, smoothed: boolean): SoftmaxMap {
  const size = rows.totals.length;
  const free = freeParameters(size, shape);
  const problem = softmaxProblem(rows, shape, smoothed, free);
  const start = startAt(size, free, shape);
  const end: NewtonEnd =
    free.length <= NEWTON_PARAMETERS
      ? dampedNewton((at) => problem(at, true), start, spreads(rows, free))
      : minimiseByGradients((at) => problem(at, false), start);
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

function softmaxProblem(rows: SoftmaxRows, shape: SoftmaxShape, smoothed: boolean, free: Int32Array) {
  const { logits, codes, weights, totals } = rows;
  const size = totals.length;
  const width = size + 1;
  const total = totals.reduce((sum, weight) => sum + weight, 0);
  const classOf = free.map((parameter) => Math.floor(parameter / width));
  const featureOf = free.map((parameter) => parameter % width);
  const x = new Float64Array(width).fill(1);
  const p = new Float64Array(size);
  const residuals = new Float64Array(size);

  return (at: Float64Array, withHessian: boolean) => {
    const count = free.length;
    const gradient = new Float64Array(count);
    const hessian = new Float64Array(withHessian ? count * count : 0);
    let loss = 0;
    for (let row = 0; row < codes.length; row++) {
      x.set(logits.data.subarray(row * size, (row + 1) * size));
      p.fill(0);
      for (let i = 0; i < count; i++) p[classOf[i]!] = p[classOf[i]!]! + at[i]! * x[featureOf[i]!]!;
      const weight = weights[row]! / total;
      const other = smoothed ? 1 / (totals[codes[row]!]! + size) : 0;
      loss += weight * crossEntropy(p, residuals, codes[row]!, other);
      for (let i = 0; i < count; i++) {
        gradient[i] = gradient[i]! + weight * residuals[classOf[i]!]! * x[featureOf[i]!]!;
      }
      if (withHessian) addCurvature(hessian, weight, p, x, classOf, featureOf);
    }
    for (let i = 0; i < count; i++) {
      const onBias = featureOf[i] === size;
      const penalty = onBias ? shape.biasPenalty : classOf[i] === featureOf[i] ? 0 : shape.offDiagonalPenalty;
      loss += penalty * at[i]! ** 2;
      gradient[i] = gradient[i]! + 2 * penalty * at[i]!;
      if (withHessian) hessian[i * count + i] = hessian[i * count + i]! + 2 * penalty;
    }
    return { value: loss, gradient, hessian };
  };
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

/** Adds weight · p_c (δ_cc' - p_c') x_j x_j' to the lower triangle. */
function addCurvature(
  hessian: Float64Array,
  weight: number,
  p: Float64Array,
  x: Float64Array,
  classOf: Int32Array,
  featureOf: Int32Array,
): void {
  const count = classOf.length;
  for (let i = 0; i < count; i++) {
    const c = classOf[i]!;
    const scaled = weight * p[c]! * x[featureOf[i]!]!;
    for (let k = 0; k <= i; k++) {
      const d = classOf[k]!;
      hessian[i * count + k] = hessian[i * count + k]! + scaled * ((c === d ? 1 : 0) - p[d]!) * x[featureOf[k]!]!;
    }
  }
}
