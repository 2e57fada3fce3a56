import { gatherRow, kernelBlocks } from './svm-rows';

/**
 * Task: `taskRows` rows to decide on, which lie in blocks as the support vectors do. A decision value is its intercept plus the sum of
 * coefficient times kernel over `blocks` blocks of support vectors; a vector that a decision does not use has the coefficient 0.
 * `scratch` holds for each thread one row, `rowBytes` long, and one kernel value a vector.
 */
export function svmDecide(
  task: i32,
  thread: i32,
  queries: usize,
  queryHalves: usize,
  rows: i32,
  columns: i32,
  taskRows: i32,
  cells: usize,
  halves: usize,
  blocks: i32,
  scratch: usize,
  rowBytes: i32,
  decisions: i32,
  coefficients: usize,
  intercepts: usize,
  target: usize,
): void {
  const line = (<usize>blocks) << 6;
  const row = scratch + <usize>thread * (<usize>rowBytes + line);
  const kernels = row + <usize>rowBytes;
  const last = min<i32>(rows, (task + 1) * taskRows);
  for (let q = task * taskRows; q < last; q++) {
    gatherRow(queries, columns, q, row);
    kernelBlocks(row, columns, load<f64>(queryHalves + ((<usize>q) << 3)), cells, halves, kernels, 0, blocks);
    for (let k: i32 = 0; k < decisions; k++) {
      let w = coefficients + <usize>k * line;
      let a = f64x2.splat(0),
        b = a,
        c = a,
        d = a;
      for (let p = kernels; p < kernels + line; p += 64) {
        a = f64x2.add(a, f64x2.mul(v128.load(w), v128.load(p)));
        b = f64x2.add(b, f64x2.mul(v128.load(w, 16), v128.load(p, 16)));
        c = f64x2.add(c, f64x2.mul(v128.load(w, 32), v128.load(p, 32)));
        d = f64x2.add(d, f64x2.mul(v128.load(w, 48), v128.load(p, 48)));
        w += 64;
      }
      const sums = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
      const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
      const place = (<usize>q * <usize>decisions + <usize>k) << 3;
      store<f64>(target + place, load<f64>(intercepts + ((<usize>k) << 3)) + sum);
    }
  }
}
