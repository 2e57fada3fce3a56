import { verify } from './neighbours';

/**
 * The filter of neighbours.ts in whole numbers of 16 bits, of which a vector multiplies twice as many at once.
 *
 * Rows are centred, scaled so that no norm exceeds 32,000, and rounded: with P columns, rounding moves the difference of two
 * rows by at most sqrt(P). So with `margin` a little more than that, and s the scale,
 *   |x - q| <= T   implies   |X - Q| <= s T + margin =: L   implies   X.Q - |X|^2 / 2 >= (|Q|^2 - L^2) / 2
 * for the rounded rows X and Q. Their products are exact: no sum of products exceeds the product of two norms, and one and a
 * half times that is below 2^31. What passes is measured in float64 from the original rows.
 *
 * `scan` goes as that of neighbours.ts does. One function for both kinds of numbers takes a fiftieth more time.
 */
const LANES: i32 = 8;
const QUERIES: i32 = 4;
/** Below what any row can have, and what stands for rows that are not there. */
const LEAST: f64 = -2147483646;

/** Rows that one task of `farthestNorms` takes. */
const BLOCK: i32 = 1024;

/** Task: a block of rows. Writes the largest squared distance from the centre to `result[task]`. */
export function farthestNorms(
  task: i32,
  thread: i32,
  rows: usize,
  count: i32,
  columns: i32,
  centre: usize,
  result: usize,
): void {
  let most: f64 = 0;
  const last = min<i32>(count, (task + 1) * BLOCK);
  for (let row = task * BLOCK; row < last; row++) {
    const x = rows + ((<usize>row * <usize>columns) << 3);
    let norm: f64 = 0;
    for (let j: usize = 0; j < (<usize>columns) << 3; j += 8) {
      const value = load<f64>(x + j) - load<f64>(centre + j);
      norm += value * value;
    }
    most = max(most, norm);
  }
  store<f64>(result + ((<usize>task) << 3), most);
}

/** Task: one panel of 8 rows. Writes pairs of columns as `panel[(pair * 8 + row) * 2]`, and half of each squared norm. */
export function packProducts(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  centre: usize,
  scale: f64,
  margin: f64,
  panels: usize,
  halves: usize,
): void {
  const pairs = <usize>((columns + 1) >> 1);
  const panel = panels + <usize>task * pairs * LANES * 4;
  for (let r: i32 = 0; r < LANES; r++) {
    const row = task * LANES + r;
    const target = panel + ((<usize>r) << 2);
    if (row < rows) {
      const norm = round(x + ((<usize>row * <usize>columns) << 3), columns, centre, scale, target, LANES * 4);
      store<i32>(halves + ((<usize>row) << 2), norm >> 1);
      continue;
    }
    for (let p: usize = 0; p < pairs; p++) store<i32>(target + p * LANES * 4, 0);
    store<i32>(halves + ((<usize>row) << 2), i32.MAX_VALUE);
  }
}

/** Writes a row's rounded coordinates in pairs, `step` bytes apart, and returns their squared norm. */
function round(x: usize, columns: i32, centre: usize, scale: f64, target: usize, step: usize): i32 {
  let norm: i32 = 0;
  for (let j: i32 = 0; j < columns; j += 2) {
    const at = (<usize>j) << 3;
    const a = <i32>nearest((load<f64>(x + at) - load<f64>(centre + at)) * scale);
    let b: i32 = 0;
    if (j + 1 < columns) b = <i32>nearest((load<f64>(x + at, 8) - load<f64>(centre + at, 8)) * scale);
    store<i16>(target, <i16>a);
    store<i16>(target, <i16>b, 2);
    norm += a * a + b * b;
    target += step;
  }
  return norm;
}

/**
 * Task: `taskQueries` queries (a multiple of 4) against rows `firstRow ... firstRow + rows` packed in `panels`; as `neighbours` of
 * neighbours.ts, with the `margin` above for its slack. Adds up in `counts`, one number a thread, how many rows were measured.
 */
export function productNeighbours(
  task: i32,
  thread: i32,
  queries: usize,
  queryCount: i32,
  taskQueries: i32,
  reference: usize,
  firstRow: i32,
  rows: i32,
  columns: i32,
  centre: usize,
  scale: f64,
  margin: f64,
  panels: usize,
  halves: usize,
  chunkPanels: i32,
  self: usize,
  k: i32,
  distances: usize,
  indices: usize,
  scratch: usize,
  counts: usize,
): void {
  const panelCount = (rows + LANES - 1) / LANES;
  const pairs = <usize>((columns + 1) >> 1);
  const packed = scratch + <usize>thread * <usize>taskQueries * (<usize>columns * 4 + 8);
  const norms = packed + <usize>columns * <usize>taskQueries * 4;
  const first = task * taskQueries;
  const last = min<i32>(queryCount, first + taskQueries);
  for (let q = first; q < last; q++) {
    const place = <usize>(q - first);
    const target = packed + (place / QUERIES) * pairs * QUERIES * 4 + ((place % QUERIES) << 2);
    const norm = round(queries + ((<usize>q * <usize>columns) << 3), columns, centre, scale, target, QUERIES * 4);
    store<f64>(norms + (place << 3), <f64>norm);
  }
  let measured: i32 = 0;
  for (let begin: i32 = 0; begin < panelCount; begin += chunkPanels) {
    const end = min<i32>(panelCount, begin + chunkPanels);
    for (let q = first; q < last; q += QUERIES) {
      const lines = packed + <usize>((q - first) / QUERIES) * pairs * QUERIES * 4;
      measured += scan(
        lines,
        norms + ((<usize>(q - first)) << 3),
        queries,
        q,
        min<i32>(QUERIES, last - q),
        reference,
        firstRow,
        columns,
        scale,
        margin,
        panels,
        halves,
        begin,
        end,
        self,
        k,
        distances,
        indices,
      );
    }
  }
  const sum = counts + ((<usize>thread) << 3);
  store<f64>(sum, load<f64>(sum) + <f64>measured);
}

/** The right side of the inequality, rounded down. */
// @inline
function bound(norm: f64, scale: f64, margin: f64, worst: f64): i32 {
  const reach = worst * scale * (1 + 1e-12) + margin;
  return <i32>Math.max(Math.floor((norm - reach * reach) * 0.5) - 1, LEAST);
}

function scan(
  lines: usize,
  norms: usize,
  queries: usize,
  q: i32,
  count: i32,
  reference: usize,
  firstRow: i32,
  columns: i32,
  scale: f64,
  margin: f64,
  panels: usize,
  halves: usize,
  begin: i32,
  end: i32,
  self: usize,
  k: i32,
  distances: usize,
  indices: usize,
): i32 {
  const line = (<usize>columns) << 3;
  const query = queries + <usize>q * line;
  const best = distances + ((<usize>q * k) << 3);
  const ids = indices + ((<usize>q * k) << 2);
  const next = (<usize>k) << 3;
  const n0 = load<f64>(norms);
  const n1 = load<f64>(norms, 8);
  const n2 = load<f64>(norms, 16);
  const n3 = load<f64>(norms, 24);
  const none = i32x4.splat(i32.MAX_VALUE);
  let t0 = i32x4.splat(bound(n0, scale, margin, load<f64>(best + next - 8)));
  let t1 = count > 1 ? i32x4.splat(bound(n1, scale, margin, load<f64>(best + 2 * next - 8))) : none;
  let t2 = count > 2 ? i32x4.splat(bound(n2, scale, margin, load<f64>(best + 3 * next - 8))) : none;
  let t3 = count > 3 ? i32x4.splat(bound(n3, scale, margin, load<f64>(best + 4 * next - 8))) : none;
  const bytes = <usize>((columns + 1) >> 1) * LANES * 4;
  let measured: i32 = 0;
  for (let p = begin; p < end; p++) {
    let panel = panels + <usize>p * bytes;
    const panelEnd = panel + bytes;
    const half = halves + ((<usize>p) << 5);
    let at = lines;
    let a0 = i32x4.neg(v128.load(half)),
      a1 = i32x4.neg(v128.load(half, 16)),
      b0 = a0,
      b1 = a1,
      c0 = a0,
      c1 = a1,
      d0 = a0,
      d1 = a1;
    while (panel < panelEnd) {
      const x0 = v128.load(panel);
      const x1 = v128.load(panel, 16);
      let f = v128.load32_splat(at);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(f, x0));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(f, x1));
      f = v128.load32_splat(at, 4);
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(f, x0));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(f, x1));
      f = v128.load32_splat(at, 8);
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(f, x0));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(f, x1));
      f = v128.load32_splat(at, 12);
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(f, x0));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(f, x1));
      panel += 32;
      at += 16;
    }
    const any = v128.or(
      v128.or(v128.or(i32x4.ge_s(a0, t0), i32x4.ge_s(a1, t0)), v128.or(i32x4.ge_s(b0, t1), i32x4.ge_s(b1, t1))),
      v128.or(v128.or(i32x4.ge_s(c0, t2), i32x4.ge_s(c1, t2)), v128.or(i32x4.ge_s(d0, t3), i32x4.ge_s(d1, t3))),
    );
    if (!v128.any_true(any)) continue;
    const row = firstRow + p * LANES;
    const pa = passedOf(a0, a1, t0);
    const pb = count > 1 ? passedOf(b0, b1, t1) : 0;
    const pc = count > 2 ? passedOf(c0, c1, t2) : 0;
    const pd = count > 3 ? passedOf(d0, d1, t3) : 0;
    measured += popcnt(pa) + popcnt(pb) + popcnt(pc) + popcnt(pd);
    const own = self + ((<usize>q) << 2);
    if (pa) {
      const worst = verify(pa, query, reference, row, columns, load<i32>(own), k, best, ids);
      t0 = i32x4.splat(bound(n0, scale, margin, worst));
    }
    if (pb) {
      const list = ids + ((<usize>k) << 2);
      const worst = verify(pb, query + line, reference, row, columns, load<i32>(own, 4), k, best + next, list);
      t1 = i32x4.splat(bound(n1, scale, margin, worst));
    }
    if (pc) {
      const list = ids + ((<usize>k) << 3);
      const worst = verify(pc, query + 2 * line, reference, row, columns, load<i32>(own, 8), k, best + 2 * next, list);
      t2 = i32x4.splat(bound(n2, scale, margin, worst));
    }
    if (pd) {
      const list = ids + <usize>k * 12;
      const worst = verify(pd, query + 3 * line, reference, row, columns, load<i32>(own, 12), k, best + 3 * next, list);
      t3 = i32x4.splat(bound(n3, scale, margin, worst));
    }
  }
  return measured;
}

// @inline
function passedOf(a: v128, b: v128, least: v128): i32 {
  return i32x4.bitmask(i32x4.ge_s(a, least)) | (i32x4.bitmask(i32x4.ge_s(b, least)) << 4);
}
