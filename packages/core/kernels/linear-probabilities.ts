import { expPair } from './elementary';

/**
 * Class probabilities of a linear model.
 *
 * Every row is computed by the same operations in the same order whatever its neighbours in the batch: products of even
 * columns and of odd columns are summed apart, in order, so a sparse row that leaves out its zeros gives the same bytes.
 */

/** Task: `taskRows` dense rows. `predictors` holds `scores` values a row. */
export function predictorsDense(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  scores: i32,
  taskRows: i32,
  coefficients: usize,
  intercepts: usize,
  predictors: usize,
): void {
  const line = (<usize>columns) << 3;
  const last = min<i32>(rows, (task + 1) * taskRows);
  const even = columns & ~1;
  let r = task * taskRows;
  for (; r + 4 <= last; r += 4) {
    for (let k: i32 = 0; k < scores; k++) {
      let w = coefficients + <usize>k * line;
      let p = x + <usize>r * line;
      let a = f64x2.splat(0),
        b = a,
        c = a,
        d = a;
      for (let j: i32 = 0; j < even; j += 2) {
        const f = v128.load(w);
        a = f64x2.add(a, f64x2.mul(f, v128.load(p)));
        b = f64x2.add(b, f64x2.mul(f, v128.load(p + line)));
        c = f64x2.add(c, f64x2.mul(f, v128.load(p + 2 * line)));
        d = f64x2.add(d, f64x2.mul(f, v128.load(p + 3 * line)));
        w += 16;
        p += 16;
      }
      if (even < columns) {
        const f = v128.load64_zero(w);
        a = f64x2.add(a, f64x2.mul(f, v128.load64_zero(p)));
        b = f64x2.add(b, f64x2.mul(f, v128.load64_zero(p + line)));
        c = f64x2.add(c, f64x2.mul(f, v128.load64_zero(p + 2 * line)));
        d = f64x2.add(d, f64x2.mul(f, v128.load64_zero(p + 3 * line)));
      }
      const intercept = load<f64>(intercepts + ((<usize>k) << 3));
      const out = predictors + ((<usize>r * scores + k) << 3);
      const next = (<usize>scores) << 3;
      store<f64>(out, total(a) + intercept);
      store<f64>(out + next, total(b) + intercept);
      store<f64>(out + 2 * next, total(c) + intercept);
      store<f64>(out + 3 * next, total(d) + intercept);
    }
  }
  for (; r < last; r++) {
    for (let k: i32 = 0; k < scores; k++) {
      let w = coefficients + <usize>k * line;
      let p = x + <usize>r * line;
      let a = f64x2.splat(0);
      for (let j: i32 = 0; j < even; j += 2) {
        a = f64x2.add(a, f64x2.mul(v128.load(w), v128.load(p)));
        w += 16;
        p += 16;
      }
      if (even < columns) a = f64x2.add(a, f64x2.mul(v128.load64_zero(w), v128.load64_zero(p)));
      store<f64>(predictors + ((<usize>r * scores + k) << 3), total(a) + load<f64>(intercepts + ((<usize>k) << 3)));
    }
  }
}

// @inline
function total(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Task: `taskRows` sparse rows; see `predictorsDense`. */
export function predictorsSparse(
  task: i32,
  thread: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  rows: i32,
  columns: i32,
  scores: i32,
  taskRows: i32,
  coefficients: usize,
  intercepts: usize,
  predictors: usize,
): void {
  const last = min<i32>(rows, (task + 1) * taskRows);
  const first = load<u32>(offsets);
  for (let r = task * taskRows; r < last; r++) {
    const begin = load<u32>(offsets + ((<usize>r) << 2)) - first;
    const end = load<u32>(offsets + ((<usize>r) << 2), 4) - first;
    for (let k: i32 = 0; k < scores; k++) {
      const w = coefficients + ((<usize>k * <usize>columns) << 3);
      let even: f64 = 0;
      let odd: f64 = 0;
      for (let e = begin; e < end; e++) {
        const j = load<u32>(indices + ((<usize>e) << 2));
        const product = load<f64>(w + ((<usize>j) << 3)) * load<f64>(values + ((<usize>e) << 3));
        if (j & 1) odd += product;
        else even += product;
      }
      store<f64>(predictors + ((<usize>r * scores + k) << 3), even + odd + load<f64>(intercepts + ((<usize>k) << 3)));
    }
  }
}

/**
 * Task: `taskRows` rows. Turns predictors into probabilities, `classes` a row; `places[i]` is the output column of the
 * i-th class that the model has seen, the other columns get 0. `flag` is set if a predictor is not finite.
 */
export function probabilities(
  task: i32,
  thread: i32,
  predictors: usize,
  rows: i32,
  scores: i32,
  taskRows: i32,
  classes: i32,
  places: usize,
  out: usize,
  flag: usize,
): void {
  const last = min<i32>(rows, (task + 1) * taskRows);
  let probe: f64 = 0;
  for (let r = task * taskRows; r < last; r++) {
    const z = predictors + ((<usize>r * scores) << 3);
    const target = out + ((<usize>r * classes) << 3);
    if (scores == 1) {
      const value = load<f64>(z);
      probe += value * 0;
      const e = f64x2.extract_lane(expPair(f64x2.splat(-Math.abs(value))), 0);
      const large = 1.0 / (1.0 + e);
      const small = e / (1.0 + e);
      if (classes > 2) memory.fill(target, 0, (<usize>classes) << 3);
      store<f64>(target + ((<usize>load<i32>(places)) << 3), value >= 0 ? small : large);
      store<f64>(target + ((<usize>load<i32>(places, 4)) << 3), value >= 0 ? large : small);
      continue;
    }
    let largest = load<f64>(z);
    for (let k: i32 = 0; k < scores; k++) {
      const value = load<f64>(z + ((<usize>k) << 3));
      probe += value * 0;
      if (value > largest) largest = value;
    }
    let sum: f64 = 0;
    for (let k: i32 = 0; k < scores; k++) {
      const e = f64x2.extract_lane(expPair(f64x2.splat(load<f64>(z + ((<usize>k) << 3)) - largest)), 0);
      sum += e;
      store<f64>(z + ((<usize>k) << 3), e);
    }
    if (classes > scores) memory.fill(target, 0, (<usize>classes) << 3);
    for (let k: i32 = 0; k < scores; k++) {
      store<f64>(
        target + ((<usize>load<i32>(places + ((<usize>k) << 2))) << 3),
        load<f64>(z + ((<usize>k) << 3)) / sum,
      );
    }
  }
  if (probe != 0) store<i32>(flag, 1);
}
