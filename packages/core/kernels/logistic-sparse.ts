import { CHUNK, CURVATURE, respond, rowCurvature } from './logistic-response';

/**
 * Logistic regression over compressed sparse rows. The intercept is an implied last column of ones.
 * `width`, `partials` and the order of sums are as in the dense kernels; rows are padded to a whole chunk by `offsets`
 * that repeat their last value.
 */

/** Task: one block of `blockChunks` chunks; see `logisticDense`. Scratch: `scores * CHUNK` values a thread. */
export function logisticSparse(
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
  const length = <usize>scores * <usize>width;
  const out = partials + <usize>task * ((length + 1) << 3);
  memory.fill(out, 0, (length + 1) << 3);
  const z = scratch + ((<usize>thread * <usize>scores * <usize>CHUNK) << 3);
  const last = min<i32>(chunks, (task + 1) * blockChunks);
  for (let c = task * blockChunks; c < last; c++) {
    const at = <usize>c * <usize>CHUNK;
    const rows = offsets + (at << 2);
    if (mode != CURVATURE) {
      for (let k: i32 = 0; k < scores; k++) {
        const w = coefficients + ((<usize>k * <usize>width) << 3);
        for (let r: usize = 0; r < <usize>CHUNK; r++) {
          let sum = load<f64>(w + ((<usize>columns) << 3));
          const end = load<u32>(rows + (r << 2), 4);
          for (let e = load<u32>(rows + (r << 2)); e < end; e++) {
            sum +=
              load<f64>(values + ((<usize>e) << 3)) *
              load<f64>(w + ((<usize>load<u32>(indices + ((<usize>e) << 2))) << 3));
          }
          store<f64>(z + ((<usize>k * <usize>CHUNK + r) << 3), sum);
        }
      }
    }
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
    for (let k: i32 = 0; k < scores; k++) {
      const g = out + 8 + ((<usize>k * <usize>width) << 3);
      let intercept: f64 = 0;
      for (let r: usize = 0; r < <usize>CHUNK; r++) {
        const factor = load<f64>(z + ((<usize>k * <usize>CHUNK + r) << 3));
        intercept += factor;
        const end = load<u32>(rows + (r << 2), 4);
        for (let e = load<u32>(rows + (r << 2)); e < end; e++) {
          const target = g + ((<usize>load<u32>(indices + ((<usize>e) << 2))) << 3);
          const value = load<f64>(values + ((<usize>e) << 3));
          store<f64>(target, load<f64>(target) + factor * (mode == CURVATURE ? value * value : value));
        }
      }
      const target = g + ((<usize>columns) << 3);
      store<f64>(target, load<f64>(target) + intercept);
    }
  }
}

/** Task: (block, pair of classes), pair fastest; see `hessianDense`. Scratch: CHUNK values a thread. */
export function hessianSparse(
  task: i32,
  thread: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  columns: i32,
  width: i32,
  scores: i32,
  chunks: i32,
  blockChunks: i32,
  weights: usize,
  probabilities: usize,
  partials: usize,
  scratch: usize,
): void {
  const pairs = (scores * (scores + 1)) >> 1;
  const pair = task % pairs;
  const block = task / pairs;
  let a: i32 = 0,
    b = pair;
  while (b >= scores - a) {
    b -= scores - a;
    a++;
  }
  b += a;
  const line = (<usize>width) << 3;
  const out = partials + <usize>task * <usize>width * line;
  memory.fill(out, 0, <usize>width * line);
  const d = scratch + ((<usize>thread * <usize>CHUNK) << 3);
  const corner = out + <usize>columns * line + ((<usize>columns) << 3);
  const last = min<i32>(chunks, (block + 1) * blockChunks);
  for (let c = block * blockChunks; c < last; c++) {
    const at = <usize>c * <usize>CHUNK;
    rowCurvature(d, weights + (at << 3), probabilities + (at << 3), chunks * CHUNK, a, b);
    for (let r: usize = 0; r < <usize>CHUNK; r++) {
      const factor = load<f64>(d + (r << 3));
      if (factor == 0) continue;
      const end = load<u32>(offsets + ((at + r) << 2), 4);
      for (let e = load<u32>(offsets + ((at + r) << 2)); e < end; e++) {
        const row = out + <usize>load<u32>(indices + ((<usize>e) << 2)) * line;
        const scaled = factor * load<f64>(values + ((<usize>e) << 3));
        for (let f = e; f < end; f++) {
          const target = row + ((<usize>load<u32>(indices + ((<usize>f) << 2))) << 3);
          store<f64>(target, load<f64>(target) + scaled * load<f64>(values + ((<usize>f) << 3)));
        }
        const target = row + ((<usize>columns) << 3);
        store<f64>(target, load<f64>(target) + scaled);
      }
      store<f64>(corner, load<f64>(corner) + factor);
    }
  }
}
