import { squares } from './neighbours-distance';
import { keepNearest } from './neighbours-lists';

/**
 * Exact nearest neighbours by brute force: a float32 filter whose error is bounded, then float64.
 *
 * The filter works on rows that are centred and scaled by a power of two. With u = 2^-24, P columns, a row x and a query q,
 * the float32 product sum differs from x.q by at most (P + 2) u |x||q| plus terms of order u^2, and
 * |x||q| <= (|x|^2 + |q|^2) / 2. So with c = (P + 32) u (the slack covers the roundings of norms, threshold and distance)
 *   |x - q|^2 <= T   implies   dot - |x|^2 (1 - c) / 2 >= (|q|^2 (1 - c) - T) / 2,
 * and every row that could be among the k nearest passes. What passes is measured in float64 from the original values.
 */
const LANES: i32 = 8;
const QUERIES: i32 = 4;

/**
 * Task: one panel of 8 rows. Writes centred, scaled rows as `panel[column * 8 + row]` in float32, and for each row
 * `halves[row]` = |x|^2 (1 - slack) / 2 (infinity for padding, which then never passes).
 */
export function packNeighbours(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  centre: usize,
  scale: f64,
  slack: f64,
  panels: usize,
  halves: usize,
): void {
  const panel = panels + <usize>task * <usize>columns * 32;
  for (let r: i32 = 0; r < LANES; r++) {
    const row = task * LANES + r;
    const source = x + ((<usize>row * <usize>columns) << 3);
    let norm: f64 = 0;
    for (let j: usize = 0; j < <usize>columns; j++) {
      let value: f64 = 0;
      if (row < rows) value = (load<f64>(source + (j << 3)) - load<f64>(centre + (j << 3))) * scale;
      norm += value * value;
      store<f32>(panel + (j << 5) + ((<usize>r) << 2), <f32>value);
    }
    store<f32>(halves + ((<usize>row) << 2), row < rows ? <f32>(norm * 0.5 * (1 - slack)) : <f32>Infinity);
  }
}

/**
 * Task: `taskQueries` queries (a multiple of 4) against rows `firstRow ... firstRow + rows` packed in `panels`.
 *
 * `distances` and `indices` hold the k best so far of each query, in order, filled with infinity and the largest index.
 * `self[q]` is the row that query q is itself, or -1. `reference` and `queries` are the original rows in float64.
 * Scratch a thread: `taskQueries * (columns * 4 + 8)` bytes.
 */
export function neighbours(
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
  slack: f64,
  panels: usize,
  halves: usize,
  chunkPanels: i32,
  self: usize,
  k: i32,
  distances: usize,
  indices: usize,
  scratch: usize,
): void {
  const panelCount = (rows + LANES - 1) / LANES;
  const packed = scratch + <usize>thread * <usize>taskQueries * (<usize>columns * 4 + 8);
  const norms = packed + <usize>columns * <usize>taskQueries * 4;
  const first = task * taskQueries;
  const last = min<i32>(queryCount, first + taskQueries);
  packQueries(queries, first, last, taskQueries, columns, centre, scale, packed, norms);
  for (let begin: i32 = 0; begin < panelCount; begin += chunkPanels) {
    const end = min<i32>(panelCount, begin + chunkPanels);
    for (let q = first; q < last; q += QUERIES) {
      const lines = packed + <usize>((q - first) / QUERIES) * <usize>columns * 16;
      const count = min<i32>(QUERIES, last - q);
      scan(
        lines,
        norms + ((<usize>(q - first)) << 3),
        queries,
        q,
        count,
        reference,
        firstRow,
        columns,
        scale,
        slack,
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
}

function packQueries(
  queries: usize,
  first: i32,
  last: i32,
  taskQueries: i32,
  columns: i32,
  centre: usize,
  scale: f64,
  packed: usize,
  norms: usize,
): void {
  for (let q: i32 = 0; q < taskQueries; q++) {
    let norm: f64 = 0;
    const target = packed + <usize>(q / QUERIES) * <usize>columns * 16 + ((<usize>(q % QUERIES)) << 2);
    const source = queries + ((<usize>(first + q) * <usize>columns) << 3);
    for (let j: usize = 0; j < <usize>columns; j++) {
      let value: f64 = 0;
      if (first + q < last) value = (load<f64>(source + (j << 3)) - load<f64>(centre + (j << 3))) * scale;
      norm += value * value;
      store<f32>(target + (j << 4), <f32>value);
    }
    store<f64>(norms + ((<usize>q) << 3), norm);
  }
}

/**
 * The right side of the filter's inequality for a query whose k-th best distance is `worst`, rounded down. The absolute slack
 * covers float32 underflow near the centre; the floor keeps padding rows (minus infinity on the left side) out.
 */
// @inline
export function bound(norm: f64, scale: f64, slack: f64, worst: f64): f32 {
  const reach = worst * scale;
  const value = (norm * (1 - slack) - reach * reach * (1 + 1e-12)) * 0.5;
  return <f32>Math.max(value - Math.abs(value) * 1.2e-7 - 1e-38, -1e38);
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
  slack: f64,
  panels: usize,
  halves: usize,
  begin: i32,
  end: i32,
  self: usize,
  k: i32,
  distances: usize,
  indices: usize,
): void {
  const line = (<usize>columns) << 3;
  const query = queries + <usize>q * line;
  const best = distances + ((<usize>q * k) << 3);
  const ids = indices + ((<usize>q * k) << 2);
  const next = (<usize>k) << 3;
  const n0 = load<f64>(norms);
  const n1 = load<f64>(norms, 8);
  const n2 = load<f64>(norms, 16);
  const n3 = load<f64>(norms, 24);
  const none = f32x4.splat(<f32>Infinity);
  let t0 = f32x4.splat(bound(n0, scale, slack, load<f64>(best + next - 8)));
  let t1 = count > 1 ? f32x4.splat(bound(n1, scale, slack, load<f64>(best + 2 * next - 8))) : none;
  let t2 = count > 2 ? f32x4.splat(bound(n2, scale, slack, load<f64>(best + 3 * next - 8))) : none;
  let t3 = count > 3 ? f32x4.splat(bound(n3, scale, slack, load<f64>(best + 4 * next - 8))) : none;
  const bytes = (<usize>columns) << 5;
  for (let p = begin; p < end; p++) {
    let panel = panels + <usize>p * bytes;
    const panelEnd = panel + bytes;
    let at = lines;
    let a0 = f32x4.splat(0),
      a1 = a0,
      b0 = a0,
      b1 = a0,
      c0 = a0,
      c1 = a0,
      d0 = a0,
      d1 = a0;
    while (panel < panelEnd) {
      const x0 = v128.load(panel);
      const x1 = v128.load(panel, 16);
      let f = v128.load32_splat(at);
      a0 = f32x4.add(a0, f32x4.mul(f, x0));
      a1 = f32x4.add(a1, f32x4.mul(f, x1));
      f = v128.load32_splat(at, 4);
      b0 = f32x4.add(b0, f32x4.mul(f, x0));
      b1 = f32x4.add(b1, f32x4.mul(f, x1));
      f = v128.load32_splat(at, 8);
      c0 = f32x4.add(c0, f32x4.mul(f, x0));
      c1 = f32x4.add(c1, f32x4.mul(f, x1));
      f = v128.load32_splat(at, 12);
      d0 = f32x4.add(d0, f32x4.mul(f, x0));
      d1 = f32x4.add(d1, f32x4.mul(f, x1));
      panel += 32;
      at += 16;
    }
    const half = halves + ((<usize>p) << 5);
    const h0 = v128.load(half);
    const h1 = v128.load(half, 16);
    a0 = f32x4.sub(a0, h0);
    a1 = f32x4.sub(a1, h1);
    b0 = f32x4.sub(b0, h0);
    b1 = f32x4.sub(b1, h1);
    c0 = f32x4.sub(c0, h0);
    c1 = f32x4.sub(c1, h1);
    d0 = f32x4.sub(d0, h0);
    d1 = f32x4.sub(d1, h1);
    const pa = i32x4.bitmask(f32x4.ge(a0, t0)) | (i32x4.bitmask(f32x4.ge(a1, t0)) << 4);
    const pb = i32x4.bitmask(f32x4.ge(b0, t1)) | (i32x4.bitmask(f32x4.ge(b1, t1)) << 4);
    const pc = i32x4.bitmask(f32x4.ge(c0, t2)) | (i32x4.bitmask(f32x4.ge(c1, t2)) << 4);
    const pd = i32x4.bitmask(f32x4.ge(d0, t3)) | (i32x4.bitmask(f32x4.ge(d1, t3)) << 4);
    if (!(pa | pb | pc | pd)) continue;
    const row = firstRow + p * LANES;
    const own = self + ((<usize>q) << 2);
    if (pa) {
      const worst = verify(pa, query, reference, row, columns, load<i32>(own), k, best, ids);
      t0 = f32x4.splat(bound(n0, scale, slack, worst));
    }
    if (pb) {
      const list = ids + ((<usize>k) << 2);
      const worst = verify(pb, query + line, reference, row, columns, load<i32>(own, 4), k, best + next, list);
      t1 = f32x4.splat(bound(n1, scale, slack, worst));
    }
    if (pc) {
      const list = ids + ((<usize>k) << 3);
      const worst = verify(pc, query + 2 * line, reference, row, columns, load<i32>(own, 8), k, best + 2 * next, list);
      t2 = f32x4.splat(bound(n2, scale, slack, worst));
    }
    if (pd) {
      const list = ids + <usize>k * 12;
      const worst = verify(pd, query + 3 * line, reference, row, columns, load<i32>(own, 12), k, best + 3 * next, list);
      t3 = f32x4.splat(bound(n3, scale, slack, worst));
    }
  }
}

/** Measures the rows of a panel that passed and keeps the k best. Returns the k-th best distance. */
export function verify(
  passed: i32,
  query: usize,
  reference: usize,
  row: i32,
  columns: i32,
  self: i32,
  k: i32,
  best: usize,
  ids: usize,
): f64 {
  while (passed) {
    const id = row + ctz(passed);
    passed &= passed - 1;
    if (id == self) continue;
    const d = Math.sqrt(squares(query, reference + ((<usize>id * <usize>columns) << 3), columns));
    keepNearest(best, ids, k, d, id);
  }
  return load<f64>(best + ((<usize>(k - 1)) << 3));
}
