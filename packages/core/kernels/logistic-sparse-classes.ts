import { CHUNK, CURVATURE, respond } from './logistic-response';

/**
 * The pass over compressed sparse rows for several classes. Coefficients and sums lie feature-major, `lanes` values a
 * feature (the classes, padded to an even number), so that one stored cell serves all classes with consecutive loads.
 * Each class is summed in the same order as `logisticSparse` would.
 */

/** Pairs of classes that are summed at once: eight accumulators and their operands stay in registers. */
const TILE: usize = 4;

/** Task: one block of `blockChunks` chunks. Scratch: `lanes * CHUNK` values a thread. Partials: `1 + lanes * width` a block. */
export function logisticSparseClasses(
  task: i32,
  thread: i32,
  mode: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  columns: i32,
  width: i32,
  scores: i32,
  chunks: i32,
  blockChunks: i32,
  coefficients: usize,
  weights: usize,
  labels: usize,
  probabilities: usize,
  partials: usize,
  scratch: usize,
): void {
  const lanes = <usize>((scores + 1) & ~1);
  const length = lanes * <usize>width;
  const out = partials + <usize>task * ((length + 1) << 3);
  memory.fill(out, 0, (length + 1) << 3);
  const z = scratch + ((<usize>thread * lanes * <usize>CHUNK) << 3);
  const last = min<i32>(chunks, (task + 1) * blockChunks);
  for (let c = task * blockChunks; c < last; c++) {
    const at = <usize>c * <usize>CHUNK;
    const rows = offsets + (at << 2);
    if (mode != CURVATURE) predict(z, rows, indices, values, columns, lanes, coefficients);
    const loss = respond(
      mode,
      z,
      scores,
      weights + (at << 3),
      labels + (at << 2),
      probabilities + (at << 3),
      chunks * CHUNK,
    );
    store<f64>(out, load<f64>(out) + loss);
    accumulate(mode, z, rows, indices, values, columns, lanes, out + 8);
  }
}

/** Linear predictors of one chunk, class-major. */
function predict(
  z: usize,
  rows: usize,
  indices: usize,
  values: usize,
  columns: i32,
  lanes: usize,
  coefficients: usize,
): void {
  const line = lanes << 3;
  const intercepts = coefficients + <usize>columns * line;
  for (let r: usize = 0; r < <usize>CHUNK; r++) {
    const first = load<u32>(rows + (r << 2));
    const end = load<u32>(rows + (r << 2), 4);
    let pair: usize = 0;
    for (; pair + TILE <= lanes >> 1; pair += TILE) {
      const w = coefficients + (pair << 4);
      const start = intercepts + (pair << 4);
      let a = v128.load(start);
      let b = v128.load(start, 16);
      let c = v128.load(start, 32);
      let d = v128.load(start, 48);
      for (let e = first; e < end; e++) {
        const value = f64x2.splat(load<f64>(values + ((<usize>e) << 3)));
        const from = w + <usize>load<u32>(indices + ((<usize>e) << 2)) * line;
        a = f64x2.add(a, f64x2.mul(value, v128.load(from)));
        b = f64x2.add(b, f64x2.mul(value, v128.load(from, 16)));
        c = f64x2.add(c, f64x2.mul(value, v128.load(from, 32)));
        d = f64x2.add(d, f64x2.mul(value, v128.load(from, 48)));
      }
      storePair(z, pair, r, a);
      storePair(z, pair + 1, r, b);
      storePair(z, pair + 2, r, c);
      storePair(z, pair + 3, r, d);
    }
    for (; pair < lanes >> 1; pair++) {
      const w = coefficients + (pair << 4);
      let a = v128.load(intercepts + (pair << 4));
      for (let e = first; e < end; e++) {
        const value = f64x2.splat(load<f64>(values + ((<usize>e) << 3)));
        a = f64x2.add(a, f64x2.mul(value, v128.load(w + <usize>load<u32>(indices + ((<usize>e) << 2)) * line)));
      }
      storePair(z, pair, r, a);
    }
  }
}

/** Adds factor times row to the sums, feature-major; for CURVATURE factor times row squared. */
function accumulate(
  mode: i32,
  z: usize,
  rows: usize,
  indices: usize,
  values: usize,
  columns: i32,
  lanes: usize,
  sums: usize,
): void {
  const line = lanes << 3;
  const intercepts = sums + <usize>columns * line;
  for (let pair: usize = 0; pair < lanes >> 1; pair++) {
    let intercept = f64x2.splat(0);
    for (let r: usize = 0; r < <usize>CHUNK; r++) intercept = f64x2.add(intercept, loadPair(z, pair, r));
    const target = intercepts + (pair << 4);
    v128.store(target, f64x2.add(v128.load(target), intercept));
  }
  for (let r: usize = 0; r < <usize>CHUNK; r++) {
    const first = load<u32>(rows + (r << 2));
    const end = load<u32>(rows + (r << 2), 4);
    let pair: usize = 0;
    for (; pair + TILE <= lanes >> 1; pair += TILE) {
      const a = loadPair(z, pair, r);
      const b = loadPair(z, pair + 1, r);
      const c = loadPair(z, pair + 2, r);
      const d = loadPair(z, pair + 3, r);
      const g = sums + (pair << 4);
      for (let e = first; e < end; e++) {
        const value = cell(mode, values, e);
        const target = g + <usize>load<u32>(indices + ((<usize>e) << 2)) * line;
        v128.store(target, f64x2.add(v128.load(target), f64x2.mul(a, value)));
        v128.store(target, f64x2.add(v128.load(target, 16), f64x2.mul(b, value)), 16);
        v128.store(target, f64x2.add(v128.load(target, 32), f64x2.mul(c, value)), 32);
        v128.store(target, f64x2.add(v128.load(target, 48), f64x2.mul(d, value)), 48);
      }
    }
    for (; pair < lanes >> 1; pair++) {
      const a = loadPair(z, pair, r);
      const g = sums + (pair << 4);
      for (let e = first; e < end; e++) {
        const target = g + <usize>load<u32>(indices + ((<usize>e) << 2)) * line;
        v128.store(target, f64x2.add(v128.load(target), f64x2.mul(a, cell(mode, values, e))));
      }
    }
  }
}

// @inline
function cell(mode: i32, values: usize, e: u32): v128 {
  const value = load<f64>(values + ((<usize>e) << 3));
  return f64x2.splat(mode == CURVATURE ? value * value : value);
}

// @inline
function loadPair(z: usize, pair: usize, row: usize): v128 {
  const at = z + (((pair << 1) * <usize>CHUNK + row) << 3);
  return f64x2.replace_lane(f64x2.splat(load<f64>(at)), 1, load<f64>(at + ((<usize>CHUNK) << 3)));
}

// @inline
function storePair(z: usize, pair: usize, row: usize, value: v128): void {
  const at = z + (((pair << 1) * <usize>CHUNK + row) << 3);
  store<f64>(at, f64x2.extract_lane(value, 0));
  store<f64>(at + ((<usize>CHUNK) << 3), f64x2.extract_lane(value, 1));
}
