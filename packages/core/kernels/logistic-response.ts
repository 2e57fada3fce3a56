import { expPair, log1pPair, logPair } from './elementary';

/**
 * What logistic regression does with the linear predictors of one chunk of rows, the same for dense and sparse rows.
 *
 * A chunk is CHUNK rows; arrays of a chunk are class-major, `z[k * CHUNK + row]`, padded rows have weight 0.
 * `score` counts linear predictors: 1 for two classes (sigmoid of the second), else the number of classes (softmax).
 */
export const CHUNK: i32 = 128;

/** What the linear predictors are turned into. */
export const RESIDUAL: i32 = 0;
export const CURVATURE_PRODUCT: i32 = 1;
export const CURVATURE: i32 = 2;

/**
 * In place: z becomes the factor each row is multiplied with in the sum over rows. Returns the weighted loss (RESIDUAL only).
 *
 * RESIDUAL: w (p - y), and stores p. CURVATURE_PRODUCT, with z = X v: w p (v - sum p v). CURVATURE: w p (1 - p).
 * `stride` is the distance in values between the classes of `probabilities`.
 */
export function respond(
  mode: i32,
  z: usize,
  scores: i32,
  weights: usize,
  labels: usize,
  probabilities: usize,
  stride: i32,
): f64 {
  if (mode == CURVATURE) {
    curvature(z, scores, weights, probabilities, stride);
    return 0;
  }
  if (mode == CURVATURE_PRODUCT) {
    curvatureProduct(z, scores, weights, probabilities, stride);
    return 0;
  }
  return scores == 1
    ? sigmoidResidual(z, weights, labels, probabilities)
    : softmaxResidual(z, scores, weights, labels, probabilities, stride);
}

function sigmoidResidual(z: usize, weights: usize, labels: usize, probabilities: usize): f64 {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let loss = zero;
  for (let r: i32 = 0; r < CHUNK; r += 2) {
    const at = (<usize>r) << 3;
    const value = v128.load(z + at);
    const w = v128.load(weights + at);
    const y = f64x2.convert_low_i32x4_s(v128.load64_zero(labels + ((<usize>r) << 2)));
    const e = expPair(f64x2.neg(f64x2.abs(value)));
    const inverse = f64x2.div(one, f64x2.add(one, e));
    const p = v128.bitselect(inverse, f64x2.mul(e, inverse), f64x2.ge(value, zero));
    // -log p(y) = log(1 + e^-|z|) + max(0, z) - y z
    const rowLoss = f64x2.add(log1pPair(e), f64x2.sub(f64x2.pmax(zero, value), f64x2.mul(y, value)));
    loss = f64x2.add(loss, f64x2.mul(w, rowLoss));
    v128.store(probabilities + at, p);
    v128.store(z + at, f64x2.mul(w, f64x2.sub(p, y)));
  }
  return f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1);
}

function softmaxResidual(z: usize, scores: i32, weights: usize, labels: usize, probabilities: usize, stride: i32): f64 {
  const next = (<usize>CHUNK) << 3;
  const nextProbability = (<usize>stride) << 3;
  let loss = f64x2.splat(0);
  for (let r: i32 = 0; r < CHUNK; r += 2) {
    const at = (<usize>r) << 3;
    const w = v128.load(weights + at);
    const y = v128.load64_zero(labels + ((<usize>r) << 2));
    let largest = v128.load(z + at);
    for (let k: i32 = 1; k < scores; k++) largest = f64x2.pmax(largest, v128.load(z + at + next * k));
    let sum = f64x2.splat(0);
    let own = f64x2.splat(0);
    for (let k: i32 = 0; k < scores; k++) {
      const value = f64x2.sub(v128.load(z + at + next * k), largest);
      own = v128.bitselect(value, own, i64x2.extend_low_i32x4_s(i32x4.eq(y, i32x4.splat(k))));
      const e = expPair(value);
      sum = f64x2.add(sum, e);
      v128.store(z + at + next * k, e);
    }
    loss = f64x2.add(loss, f64x2.mul(w, f64x2.sub(logPair(sum), own)));
    const inverse = f64x2.div(f64x2.splat(1), sum);
    for (let k: i32 = 0; k < scores; k++) {
      const p = f64x2.mul(v128.load(z + at + next * k), inverse);
      const hit = v128.and(i64x2.extend_low_i32x4_s(i32x4.eq(y, i32x4.splat(k))), f64x2.splat(1));
      v128.store(probabilities + at + nextProbability * k, p);
      v128.store(z + at + next * k, f64x2.mul(w, f64x2.sub(p, hit)));
    }
  }
  return f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1);
}

function curvatureProduct(z: usize, scores: i32, weights: usize, probabilities: usize, stride: i32): void {
  const next = (<usize>CHUNK) << 3;
  const nextProbability = (<usize>stride) << 3;
  for (let r: i32 = 0; r < CHUNK; r += 2) {
    const at = (<usize>r) << 3;
    const w = v128.load(weights + at);
    if (scores == 1) {
      const p = v128.load(probabilities + at);
      const d = f64x2.mul(w, f64x2.mul(p, f64x2.sub(f64x2.splat(1), p)));
      v128.store(z + at, f64x2.mul(d, v128.load(z + at)));
      continue;
    }
    let mean = f64x2.splat(0);
    for (let k: i32 = 0; k < scores; k++) {
      mean = f64x2.add(
        mean,
        f64x2.mul(v128.load(probabilities + at + nextProbability * k), v128.load(z + at + next * k)),
      );
    }
    for (let k: i32 = 0; k < scores; k++) {
      const p = v128.load(probabilities + at + nextProbability * k);
      const change = f64x2.sub(v128.load(z + at + next * k), mean);
      v128.store(z + at + next * k, f64x2.mul(w, f64x2.mul(p, change)));
    }
  }
}

function curvature(z: usize, scores: i32, weights: usize, probabilities: usize, stride: i32): void {
  const next = (<usize>CHUNK) << 3;
  for (let k: i32 = 0; k < scores; k++) rowCurvature(z + next * k, weights, probabilities, stride, k, k);
}

/** d[row] = w p_a ([a = b] - p_b), the row's factor in the Hessian's block (a, b). */
export function rowCurvature(d: usize, weights: usize, probabilities: usize, stride: i32, a: i32, b: i32): void {
  const pa = probabilities + ((<usize>stride * a) << 3);
  const pb = probabilities + ((<usize>stride * b) << 3);
  const same = f64x2.splat(a == b ? 1 : 0);
  for (let r: i32 = 0; r < CHUNK; r += 2) {
    const at = (<usize>r) << 3;
    const product = f64x2.mul(v128.load(pa + at), f64x2.sub(same, v128.load(pb + at)));
    v128.store(d + at, f64x2.mul(v128.load(weights + at), product));
  }
}
