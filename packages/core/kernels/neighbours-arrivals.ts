import { bound } from './neighbours';
import { measureRows } from './neighbours-distance';
import { keepNearest } from './neighbours-lists';

/**
 * The nearest of rows that arrive one after the other, for queries that ask at different times: each asks of the rows alone
 * that have come since it last did. The filter is that of neighbours.ts: centred, scaled rows in float32, eight a panel, and
 * |x - q|^2 <= T implies dot - |x|^2 (1 - c) / 2 >= (|q|^2 (1 - c) - T) / 2.
 */
const LANES: i32 = 8;

/** Laid out in memory by src/neighbors/arrivals.ts. */
@unmanaged
export class Arrivals {
  columns: i32;
  k: i32;
  /** Rows that have arrived. */
  count: i32;
  /** Original rows and queries, float64, and how many arrivals each query has met. */
  rows: usize;
  queries: usize;
  met: usize;
  /** Index of each arrival. */
  ids: usize;
  /** Float32 panels of arrivals, and half their squared norms. */
  panels: usize;
  halves: usize;
  /** Lists of the queries, `queries × k`. */
  distances: usize;
  indices: usize;
  origin: usize;
  /** Room for a query, float32. */
  local: usize;
  spare: i32;
  scale: f64;
  slack: f64;
}

/** Adds a row of the index `id`; its values stand at the end of `rows` already. */
export function addArrival(state: usize, id: i32): void {
  const arrivals = changetype<Arrivals>(state);
  const columns = <usize>arrivals.columns;
  const place = arrivals.count;
  const x = arrivals.rows + ((<usize>place * columns) << 3);
  const panel = arrivals.panels + <usize>(place / LANES) * columns * LANES * 4 + ((<usize>(place % LANES)) << 2);
  let norm: f64 = 0;
  for (let j: usize = 0; j < columns; j++) {
    const value = (load<f64>(x + (j << 3)) - load<f64>(arrivals.origin + (j << 3))) * arrivals.scale;
    norm += value * value;
    store<f32>(panel + j * LANES * 4, <f32>value);
  }
  store<f32>(arrivals.halves + ((<usize>place) << 2), <f32>(norm * 0.5 * (1 - arrivals.slack)));
  store<i32>(arrivals.ids + ((<usize>place) << 2), id);
  arrivals.count = place + 1;
}

/** Brings the list of a query up to date. Returns the nearest row. */
export function meetArrivals(state: usize, query: i32): i32 {
  const arrivals = changetype<Arrivals>(state);
  const k = <usize>arrivals.k;
  const ids = arrivals.indices + ((<usize>query * k) << 2);
  const seen = arrivals.met + ((<usize>query) << 2);
  const from = load<i32>(seen);
  const to = arrivals.count;
  if (from == to) return load<i32>(ids);
  store<i32>(seen, to);
  const columns = <usize>arrivals.columns;
  const x = arrivals.queries + ((<usize>query * columns) << 3);
  const norm = placeQuery(arrivals, x);
  const best = arrivals.distances + ((<usize>query * k) << 3);
  let least = leastProduct(arrivals, norm, best);
  const end = arrivals.local + (columns << 2);
  for (let p = from / LANES; p * LANES < to; p++) {
    let panel = arrivals.panels + <usize>p * columns * LANES * 4;
    const half = arrivals.halves + ((<usize>p * LANES) << 2);
    let a = f32x4.neg(v128.load(half));
    let b = f32x4.neg(v128.load(half, 16));
    for (let local = arrivals.local; local < end; local += 4) {
      const q = v128.load32_splat(local);
      a = f32x4.add(a, f32x4.mul(q, v128.load(panel)));
      b = f32x4.add(b, f32x4.mul(q, v128.load(panel, 16)));
      panel += LANES * 4;
    }
    const limit = f32x4.splat(least);
    let passed = i32x4.bitmask(f32x4.ge(a, limit)) | (i32x4.bitmask(f32x4.ge(b, limit)) << 4);
    while (passed) {
      const place = p * LANES + ctz(passed);
      passed &= passed - 1;
      if (place < from || place >= to) continue;
      const d = measureRows(0, 2, x, arrivals.rows + ((<usize>place * columns) << 3), arrivals.columns);
      keepNearest(best, ids, arrivals.k, d, load<i32>(arrivals.ids + ((<usize>place) << 2)));
      least = leastProduct(arrivals, norm, best);
    }
  }
  return load<i32>(ids);
}

/** Writes a query in float32 and returns its squared norm. */
function placeQuery(arrivals: Arrivals, x: usize): f64 {
  let norm: f64 = 0;
  for (let j: usize = 0; j < <usize>arrivals.columns; j++) {
    const value = (load<f64>(x + (j << 3)) - load<f64>(arrivals.origin + (j << 3))) * arrivals.scale;
    norm += value * value;
    store<f32>(arrivals.local + (j << 2), <f32>value);
  }
  return norm;
}

/** The right side of the filter's inequality; a scale of 0 lets all rows pass. */
function leastProduct(arrivals: Arrivals, norm: f64, best: usize): f32 {
  if (arrivals.scale == 0) return -1;
  return bound(norm, arrivals.scale, arrivals.slack, load<f64>(best + ((<usize>(arrivals.k - 1)) << 3)));
}
