import { dampedNewton, type NewtonPoint, solveSymmetric } from './damped-newton.ts';

export interface LogisticFitOptions {
  /** One array a feature, one entry a row, finite. */
  readonly features: readonly Float64Array[];
  /** Chance of label 1 in each row, 0 .. 1. */
  readonly targets: Float64Array;
  /** Positive, one a row. */
  readonly weights: Float64Array;
  readonly intercept: boolean;
}

export interface LogisticFit {
  /** One a feature; 0 for a feature that is constant beside an intercept. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  /** Weighted mean of the log loss. */
  readonly loss: number;
  /** False where the features separate the labels, so that there is no finite maximum of the likelihood. */
  readonly converged: boolean;
}

/**
 * Logistic regression of few features without a penalty, to machine precision. Features are centred and scaled inside, so
 * neither their unit nor their origin matters. For the many features of a table there is `logisticRegression`.
 */
export function fitLogistic({ features, targets, weights, intercept }: LogisticFitOptions): LogisticFit {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const columns = features.map((feature) => standardised(feature, weights, total, intercept));
  const size = columns.length + (intercept ? 1 : 0);
  const start = new Float64Array(size);
  if (intercept) start[columns.length] = logOdds(targets, weights);
  const values = columns.map((column) => column.values);
  const end = dampedNewton((at) => evaluate(values, targets, weights, total, at), start);
  const coefficients = Float64Array.from(columns, ({ scale }, j) => end.at[j]! / scale);
  let constant = intercept ? end.at[columns.length]! : 0;
  columns.forEach(({ centre, scale }, j) => {
    constant -= (end.at[j]! * centre) / scale;
  });
  return { coefficients, intercept: constant, loss: end.value, converged: end.converged };
}

/** 1 / (1 + exp(-x)) without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** ln p - ln (1 - p) of p moved into 2^-52 .. 1 - 2^-52. */
export function clippedLogit(p: number): number {
  const q = clipped(p);
  return Math.log(q) - Math.log1p(-q);
}

/** p moved into 2^-52 .. 1 - 2^-52, so that both it and its complement have a logarithm. */
export function clipped(p: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));
}

function standardised(feature: Float64Array, weights: Float64Array, total: number, centred: boolean) {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of feature) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // Beside an intercept a constant feature says nothing; as all zeros it keeps the coefficient 0.
  if (least === most && (centred || most === 0)) {
    return { values: new Float64Array(feature.length), centre: 0, scale: 1 };
  }
  const unit = Math.max(Math.abs(least), Math.abs(most));
  let mean = 0;
  if (centred) {
    for (let row = 0; row < feature.length; row++) mean += (weights[row]! / total) * (feature[row]! / unit);
  }
  let square = 0;
  for (let row = 0; row < feature.length; row++) square += (weights[row]! / total) * (feature[row]! / unit - mean) ** 2;
  const spread = Math.sqrt(square);
  const values = feature.map((value) => (value / unit - mean) / spread);
  return { values, centre: mean * unit, scale: spread * unit };
}

function logOdds(targets: Float64Array, weights: Float64Array): number {
  let ones = 0;
  let zeros = 0;
  for (let row = 0; row < targets.length; row++) {
    ones += weights[row]! * targets[row]!;
    zeros += weights[row]! * (1 - targets[row]!);
  }
  return ones > 0 && zeros > 0 ? Math.log(ones / zeros) : 0;
}

/** Mean log loss, its gradient and Hessian; the parameter after the features' is the intercept. */
function evaluate(
  columns: readonly Float64Array[],
  targets: Float64Array,
  weights: Float64Array,
  total: number,
  at: Float64Array,
): NewtonPoint {
  const size = at.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(size).fill(1);
  let loss = 0;
  for (let row = 0; row < targets.length; row++) {
    let z = 0;
    for (let j = 0; j < size; j++) {
      if (j < columns.length) x[j] = columns[j]![row]!;
      z += at[j]! * x[j]!;
    }
    const e = Math.exp(-Math.abs(z));
    const likelier = 1 / (1 + e);
    const p = z >= 0 ? likelier : e * likelier;
    const q = z >= 0 ? e * likelier : likelier;
    const target = targets[row]!;
    const weight = weights[row]! / total;
    loss += weight * (Math.max(0, z) + Math.log1p(e) - target * z);
    const residual = weight * (p * (1 - target) - q * target);
    const curvature = weight * p * q;
    for (let i = 0; i < size; i++) {
      gradient[i] = gradient[i]! + residual * x[i]!;
      const scaled = curvature * x[i]!;
      for (let j = 0; j <= i; j++) hessian[i * size + j] = hessian[i * size + j]! + scaled * x[j]!;
    }
  }
  return { value: loss, gradient, step: () => solveSymmetric(hessian, gradient) };
}
