import { CHUNK, CURVATURE, respond, rowCurvature } from './logistic-response';

/**
 * Logistic regression over dense rows.
 *
 * Rows are packed once: chunks of CHUNK rows, inside a chunk panels of four columns, inside a panel row after row, so
 * that every inner loop streams. `width` is columns + 1 (a column of ones for the intercept) rounded up to four; the
 * rest is zero. Each task owns a fixed block of chunks and its own partial sums, which makes sums independent of threads.
 */
const PANEL_BYTES: usize = <usize>CHUNK * 32;
/** Panels scaled at once: eight keep a scaled group (32 KiB) near the core while all other panels stream past it. */
const GROUP: i32 = 8;

/** Task: one chunk. Packs rows `task * CHUNK ...` of row-major `source`; sets `flag` if any value is not finite. */
export function packDense(
  task: i32,
  thread: i32,
  source: usize,
  rows: i32,
  columns: i32,
  width: i32,
  target: usize,
  flag: usize,
): void {
  const first = task * CHUNK;
  const count = min<i32>(CHUNK, rows - first);
  const chunk = target + <usize>task * <usize>width * <usize>CHUNK * 8;
  let probe: f64 = 0;
  for (let r: i32 = 0; r < count; r++) {
    const row = source + ((<usize>(first + r) * <usize>columns) << 3);
    const line = chunk + ((<usize>r) << 5);
    for (let j: i32 = 0; j < width; j++) {
      const value = j < columns ? load<f64>(row + ((<usize>j) << 3)) : j == columns ? 1.0 : 0.0;
      probe += value * 0;
      store<f64>(line + <usize>(j >> 2) * PANEL_BYTES + ((<usize>(j & 3)) << 3), value);
    }
  }
  for (let r = count; r < CHUNK; r++) {
    for (let q: i32 = 0; q < width >> 2; q++) {
      const cell = chunk + <usize>q * PANEL_BYTES + ((<usize>r) << 5);
      v128.store(cell, f64x2.splat(0));
      v128.store(cell, f64x2.splat(0), 16);
    }
  }
  if (probe != 0) store<i32>(flag, 1);
}

/**
 * Task: one block of `blockChunks` chunks. Writes `1 + scores * width` values to `partials`: the loss, then the sum over
 * rows of factor times row (for CURVATURE: times row squared). Scratch: `scores * CHUNK * 3` values a thread.
 */
export function logisticDense(
  task: i32,
  thread: i32,
  mode: i32,
  x: usize,
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
  const panels = width >> 2;
  const stride = chunks * CHUNK;
  const out = partials + <usize>task * ((<usize>scores * <usize>width + 1) << 3);
  memory.fill(out, 0, (<usize>scores * <usize>width + 1) << 3);
  const z = scratch + <usize>thread * <usize>scores * <usize>CHUNK * 24;
  const sums = z + <usize>scores * <usize>CHUNK * 8;
  const last = min<i32>(chunks, (task + 1) * blockChunks);
  for (let c = task * blockChunks; c < last; c++) {
    const chunk = x + <usize>c * <usize>width * <usize>CHUNK * 8;
    const at = <usize>c * <usize>CHUNK;
    if (mode != CURVATURE) linearPredictors(chunk, panels, scores, coefficients, z, sums);
    const loss = respond(mode, z, scores, weights + (at << 3), labels + (at << 2), probabilities + (at << 3), stride);
    store<f64>(out, load<f64>(out) + loss);
    for (let q: i32 = 0; q < panels; q++) {
      for (let k: i32 = 0; k < scores; k++) {
        const target = out + 8 + ((<usize>(k * panels + q)) << 5);
        const factors = z + <usize>k * <usize>CHUNK * 8;
        if (mode == CURVATURE) addSquares(chunk + <usize>q * PANEL_BYTES, factors, target);
        else addRows(chunk + <usize>q * PANEL_BYTES, factors, target);
      }
    }
  }
}

/** z[k][row] = row . coefficients[k]; `sums` holds even and odd partial sums a row. */
function linearPredictors(chunk: usize, panels: i32, scores: i32, coefficients: usize, z: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>scores * <usize>CHUNK * 16);
  for (let q: i32 = 0; q < panels; q++) {
    const panel = chunk + <usize>q * PANEL_BYTES;
    for (let k: i32 = 0; k < scores; k++) {
      const w = coefficients + ((<usize>(k * panels + q)) << 5);
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      let sum = sums + <usize>k * <usize>CHUNK * 16;
      let row = panel;
      for (let r: i32 = 0; r < CHUNK; r += 2) {
        const a = f64x2.add(f64x2.mul(v128.load(row), w0), f64x2.mul(v128.load(row, 16), w1));
        const b = f64x2.add(f64x2.mul(v128.load(row, 32), w0), f64x2.mul(v128.load(row, 48), w1));
        v128.store(sum, f64x2.add(v128.load(sum), a));
        v128.store(sum, f64x2.add(v128.load(sum, 16), b), 16);
        row += 64;
        sum += 32;
      }
    }
  }
  const pairs = <usize>scores * <usize>CHUNK;
  for (let r: usize = 0; r < pairs; r += 2) {
    const a = v128.load(sums + (r << 4));
    const b = v128.load(sums + (r << 4), 16);
    v128.store(z + (r << 3), f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3)));
  }
}

function addRows(panel: usize, factors: usize, target: usize): void {
  let a0 = f64x2.splat(0),
    a1 = a0,
    b0 = a0,
    b1 = a0,
    c0 = a0,
    c1 = a0,
    d0 = a0,
    d1 = a0;
  for (let r: i32 = 0; r < CHUNK; r += 4) {
    const f0 = v128.load64_splat(factors);
    const f1 = v128.load64_splat(factors, 8);
    const f2 = v128.load64_splat(factors, 16);
    const f3 = v128.load64_splat(factors, 24);
    a0 = f64x2.add(a0, f64x2.mul(f0, v128.load(panel)));
    a1 = f64x2.add(a1, f64x2.mul(f0, v128.load(panel, 16)));
    b0 = f64x2.add(b0, f64x2.mul(f1, v128.load(panel, 32)));
    b1 = f64x2.add(b1, f64x2.mul(f1, v128.load(panel, 48)));
    c0 = f64x2.add(c0, f64x2.mul(f2, v128.load(panel, 64)));
    c1 = f64x2.add(c1, f64x2.mul(f2, v128.load(panel, 80)));
    d0 = f64x2.add(d0, f64x2.mul(f3, v128.load(panel, 96)));
    d1 = f64x2.add(d1, f64x2.mul(f3, v128.load(panel, 112)));
    factors += 32;
    panel += 128;
  }
  v128.store(target, f64x2.add(v128.load(target), f64x2.add(f64x2.add(a0, b0), f64x2.add(c0, d0))));
  v128.store(target, f64x2.add(v128.load(target, 16), f64x2.add(f64x2.add(a1, b1), f64x2.add(c1, d1))), 16);
}

function addSquares(panel: usize, factors: usize, target: usize): void {
  let s0 = f64x2.splat(0),
    s1 = s0;
  for (let r: i32 = 0; r < CHUNK; r++) {
    const f = v128.load64_splat(factors + ((<usize>r) << 3));
    const x0 = v128.load(panel + ((<usize>r) << 5));
    const x1 = v128.load(panel + ((<usize>r) << 5), 16);
    s0 = f64x2.add(s0, f64x2.mul(f, f64x2.mul(x0, x0)));
    s1 = f64x2.add(s1, f64x2.mul(f, f64x2.mul(x1, x1)));
  }
  v128.store(target, f64x2.add(v128.load(target), s0));
  v128.store(target, f64x2.add(v128.load(target, 16), s1), 16);
}

/**
 * Task: (block, pair of classes, group of columns), group fastest. Writes rows of X' D X from the group's first column
 * on, upper triangle in tiles of four, to `partials[(block * pairs + pair) * width * width]`.
 * Scratch a thread: `(GROUP * 4 + 1) * CHUNK` values.
 */
export function hessianDense(
  task: i32,
  thread: i32,
  x: usize,
  width: i32,
  scores: i32,
  chunks: i32,
  blockChunks: i32,
  weights: usize,
  probabilities: usize,
  partials: usize,
  scratch: usize,
): void {
  const panels = width >> 2;
  const groups = (panels + GROUP - 1) / GROUP;
  const pairs = (scores * (scores + 1)) >> 1;
  const first = (task % groups) * GROUP;
  const pair = (task / groups) % pairs;
  const block = task / (groups * pairs);
  let a: i32 = 0,
    b = pair;
  while (b >= scores - a) {
    b -= scores - a;
    a++;
  }
  b += a;
  const until = min<i32>(panels, first + GROUP);
  const d = scratch + <usize>thread * <usize>(GROUP * 4 + 1) * <usize>CHUNK * 8;
  const scaled = d + <usize>CHUNK * 8;
  const line = (<usize>width) << 3;
  const out = partials + <usize>(block * pairs + pair) * <usize>width * line;
  memory.fill(out + ((<usize>first) << 2) * line, 0, ((<usize>(until - first)) << 2) * line);
  const lastChunk = min<i32>(chunks, (block + 1) * blockChunks);
  for (let c = block * blockChunks; c < lastChunk; c++) {
    const chunk = x + <usize>c * <usize>width * <usize>CHUNK * 8;
    const at = (<usize>c * <usize>CHUNK) << 3;
    rowCurvature(d, weights + at, probabilities + at, chunks * CHUNK, a, b);
    for (let i = first; i < until; i++)
      scalePanel(chunk + <usize>i * PANEL_BYTES, d, scaled + <usize>(i - first) * PANEL_BYTES);
    for (let j = first; j < panels; j++) {
      const right = chunk + <usize>j * PANEL_BYTES;
      const end = min<i32>(until, j + 1);
      for (let i = first; i < end; i++) {
        addTile(
          scaled + <usize>(i - first) * PANEL_BYTES,
          right,
          out + ((<usize>i) << 2) * line + ((<usize>j) << 5),
          line,
        );
      }
    }
  }
}

function scalePanel(panel: usize, d: usize, target: usize): void {
  for (let r: i32 = 0; r < CHUNK; r++) {
    const f = v128.load64_splat(d + ((<usize>r) << 3));
    const at = (<usize>r) << 5;
    v128.store(target + at, f64x2.mul(f, v128.load(panel + at)));
    v128.store(target + at, f64x2.mul(f, v128.load(panel + at, 16)), 16);
  }
}

/** The 4 x 4 tile left' right, added to `out` whose lines are `line` bytes apart. */
function addTile(left: usize, right: usize, out: usize, line: usize): void {
  let s00 = v128.load(out),
    s01 = v128.load(out, 16);
  let s10 = v128.load(out + line),
    s11 = v128.load(out + line, 16);
  let s20 = v128.load(out + 2 * line),
    s21 = v128.load(out + 2 * line, 16);
  let s30 = v128.load(out + 3 * line),
    s31 = v128.load(out + 3 * line, 16);
  for (let r: i32 = 0; r < CHUNK; r++) {
    const x0 = v128.load(right);
    const x1 = v128.load(right, 16);
    let l = v128.load64_splat(left);
    s00 = f64x2.add(s00, f64x2.mul(l, x0));
    s01 = f64x2.add(s01, f64x2.mul(l, x1));
    l = v128.load64_splat(left, 8);
    s10 = f64x2.add(s10, f64x2.mul(l, x0));
    s11 = f64x2.add(s11, f64x2.mul(l, x1));
    l = v128.load64_splat(left, 16);
    s20 = f64x2.add(s20, f64x2.mul(l, x0));
    s21 = f64x2.add(s21, f64x2.mul(l, x1));
    l = v128.load64_splat(left, 24);
    s30 = f64x2.add(s30, f64x2.mul(l, x0));
    s31 = f64x2.add(s31, f64x2.mul(l, x1));
    left += 32;
    right += 32;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out + line, s10);
  v128.store(out + line, s11, 16);
  v128.store(out + 2 * line, s20);
  v128.store(out + 2 * line, s21, 16);
  v128.store(out + 3 * line, s30);
  v128.store(out + 3 * line, s31, 16);
}
