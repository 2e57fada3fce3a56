import { measureRows } from './neighbours-distance';
import { atMost, leafDistances, limitOfReach } from './neighbours-filter';
import { Group, measureReach, reachOf } from './neighbours-group';
import { keepNearest } from './neighbours-lists';
import { GROUP, LEAF, Search, Tree } from './neighbours-plan';
import { productSlack } from './neighbours-tree-build';

export function scanLeaf(tree: Tree, search: Search, group: Group, leaf: i32): void {
  placeShift(tree, group, leaf);
  const blur = f32x4.splat(load<f32>(tree.blurs + ((<usize>leaf) << 2)));
  const half = tree.halves + ((<usize>leaf * <usize>tree.axes) << 2);
  if (!boxDistances(tree, group, half, blur)) return;
  const dense = tree.norm == 0 && group.farthest < Infinity;
  let changed = false;
  for (let i: i32 = 0; i < group.count; i += 4) {
    const at = (<usize>i) << 2;
    const limits = limitsOf(tree.norm, f32x4.add(v128.load(group.reaches + at), blur));
    let near = i32x4.bitmask(f32x4.le(v128.load(group.boxes + at), limits));
    if (!near) continue;
    group.scans += <f64>popcnt(near);
    placeFour(tree, group, i);
    if (dense && popcnt(near) >= 3) {
      if (scanFour(tree, search, group, leaf, i, limits, near)) changed = true;
      continue;
    }
    while (near) {
      const lane = ctz(near);
      near &= near - 1;
      if (scanQuery(tree, search, group, leaf, i, lane)) changed = true;
    }
  }
  if (changed) measureReach(tree, group);
}

/** Limits of filter distances, squared for the Euclidean norm, from reaches that have the leaf's blur in them. */
// @inline
export function limitsOf(norm: i32, reaches: v128): v128 {
  const limits = norm == 0 ? f32x4.mul(reaches, reaches) : reaches;
  return f32x4.add(f32x4.mul(limits, f32x4.splat(1.000001)), f32x4.splat(1e-36));
}

export function placeShift(tree: Tree, group: Group, leaf: i32): void {
  const centre = tree.centres + ((<usize>leaf * <usize>tree.axes) << 3);
  for (let j: usize = 0; j < <usize>tree.axes; j++) {
    const way = load<f64>(group.centre + (j << 3)) - load<f64>(centre + (j << 3));
    store<f32>(group.shift + (j << 2), <f32>way);
  }
}

/** Coordinates of four queries about the leaf's middle. */
export function placeFour(tree: Tree, group: Group, first: i32): void {
  let column = group.columns + ((<usize>first) << 2);
  let shift = group.shift;
  const end = group.locals + ((<usize>tree.axes) << 4);
  for (let local = group.locals; local < end; local += 16) {
    v128.store(local, f32x4.add(v128.load(column), v128.load32_splat(shift)));
    column += GROUP * 4;
    shift += 4;
  }
}

/** Filter distances of all queries from a leaf's box, or false once none is near: the first axes tell most. */
export function boxDistances(tree: Tree, group: Group, half: usize, blur: v128): bool {
  const norm = tree.norm;
  let column = group.columns;
  let shift = group.shift;
  const end = column + <usize>tree.axes * GROUP * 4;
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  while (column < end) {
    const stop = min<usize>(end, column + GROUP * 16);
    while (column < stop) {
      const way = v128.load32_splat(shift);
      const side = v128.load32_splat(half);
      a = farther(norm, a, outside(v128.load(column), way, side));
      b = farther(norm, b, outside(v128.load(column, 16), way, side));
      c = farther(norm, c, outside(v128.load(column, 32), way, side));
      d = farther(norm, d, outside(v128.load(column, 48), way, side));
      e = farther(norm, e, outside(v128.load(column, 64), way, side));
      f = farther(norm, f, outside(v128.load(column, 80), way, side));
      g = farther(norm, g, outside(v128.load(column, 96), way, side));
      h = farther(norm, h, outside(v128.load(column, 112), way, side));
      column += GROUP * 4;
      shift += 4;
      half += 4;
    }
    const reaches = group.reaches;
    let near = isNear(norm, a, v128.load(reaches), blur);
    near = v128.or(near, isNear(norm, b, v128.load(reaches, 16), blur));
    near = v128.or(near, isNear(norm, c, v128.load(reaches, 32), blur));
    near = v128.or(near, isNear(norm, d, v128.load(reaches, 48), blur));
    near = v128.or(near, isNear(norm, e, v128.load(reaches, 64), blur));
    near = v128.or(near, isNear(norm, f, v128.load(reaches, 80), blur));
    near = v128.or(near, isNear(norm, g, v128.load(reaches, 96), blur));
    near = v128.or(near, isNear(norm, h, v128.load(reaches, 112), blur));
    if (!v128.any_true(near)) return false;
  }
  const boxes = group.boxes;
  v128.store(boxes, a);
  v128.store(boxes, b, 16);
  v128.store(boxes, c, 32);
  v128.store(boxes, d, 48);
  v128.store(boxes, e, 64);
  v128.store(boxes, f, 80);
  v128.store(boxes, g, 96);
  v128.store(boxes, h, 112);
  return true;
}

/** How far coordinates lie outside a box of half side `side`. */
// @inline
function outside(x: v128, way: v128, side: v128): v128 {
  return f32x4.pmax(f32x4.sub(f32x4.abs(f32x4.add(x, way)), side), f32x4.splat(0));
}

// @inline
function farther(norm: i32, sum: v128, d: v128): v128 {
  if (norm == 0) return f32x4.add(sum, f32x4.mul(d, d));
  return norm == 1 ? f32x4.add(sum, d) : f32x4.pmax(sum, d);
}

// @inline
function isNear(norm: i32, distances: v128, reaches: v128, blur: v128): v128 {
  return f32x4.le(distances, limitsOf(norm, f32x4.add(reaches, blur)));
}

/**
 * Tests a leaf's points for four queries at once by products, two operations a coordinate instead of three: with
 * c = slack of the products, |x - q|^2 <= limit implies x.q - |x|^2 (1 - c) / 2 >= (|q|^2 (1 - c) - limit) / 2.
 */
function scanFour(tree: Tree, search: Search, group: Group, leaf: i32, first: i32, limits: v128, near: i32): bool {
  const axes = <usize>tree.axes;
  const norms = squaredNorms(group.locals, axes);
  const slack = f32x4.splat(1 - productSlack(tree.axes));
  let least = f32x4.mul(f32x4.sub(f32x4.mul(norms, slack), limits), f32x4.splat(0.5));
  least = f32x4.sub(least, f32x4.mul(f32x4.add(norms, limits), f32x4.splat(3e-7)));
  v128.store(group.found, least);
  const t0 = v128.load32_splat(group.found);
  const t1 = v128.load32_splat(group.found, 4);
  const t2 = v128.load32_splat(group.found, 8);
  const t3 = v128.load32_splat(group.found, 12);
  let p0: u32 = 0,
    p1: u32 = 0,
    p2: u32 = 0,
    p3: u32 = 0;
  const start = tree.panels + <usize>leaf * axes * LEAF * 4;
  const half = tree.norms + ((<usize>leaf * LEAF) << 2);
  const end = group.locals + (axes << 4);
  for (let r: u32 = 0; r < <u32>LEAF; r += 8) {
    let panel = start + ((<usize>r) << 2);
    let local = group.locals;
    const h0 = v128.load(half + ((<usize>r) << 2));
    const h1 = v128.load(half + ((<usize>r) << 2), 16);
    let a0 = f32x4.neg(h0),
      a1 = f32x4.neg(h1),
      b0 = a0,
      b1 = a1,
      c0 = a0,
      c1 = a1,
      d0 = a0,
      d1 = a1;
    while (local < end) {
      const x0 = v128.load(panel);
      const x1 = v128.load(panel, 16);
      let q = v128.load32_splat(local);
      a0 = f32x4.add(a0, f32x4.mul(q, x0));
      a1 = f32x4.add(a1, f32x4.mul(q, x1));
      q = v128.load32_splat(local, 4);
      b0 = f32x4.add(b0, f32x4.mul(q, x0));
      b1 = f32x4.add(b1, f32x4.mul(q, x1));
      q = v128.load32_splat(local, 8);
      c0 = f32x4.add(c0, f32x4.mul(q, x0));
      c1 = f32x4.add(c1, f32x4.mul(q, x1));
      q = v128.load32_splat(local, 12);
      d0 = f32x4.add(d0, f32x4.mul(q, x0));
      d1 = f32x4.add(d1, f32x4.mul(q, x1));
      panel += 128;
      local += 16;
    }
    p0 |= (<u32>(i32x4.bitmask(f32x4.ge(a0, t0)) | (i32x4.bitmask(f32x4.ge(a1, t0)) << 4))) << r;
    p1 |= (<u32>(i32x4.bitmask(f32x4.ge(b0, t1)) | (i32x4.bitmask(f32x4.ge(b1, t1)) << 4))) << r;
    p2 |= (<u32>(i32x4.bitmask(f32x4.ge(c0, t2)) | (i32x4.bitmask(f32x4.ge(c1, t2)) << 4))) << r;
    p3 |= (<u32>(i32x4.bitmask(f32x4.ge(d0, t3)) | (i32x4.bitmask(f32x4.ge(d1, t3)) << 4))) << r;
  }
  let changed = false;
  if (p0 && near & 1) changed = keepPoints(tree, search, group, leaf, first, p0);
  if (p1 && near & 2) changed = keepPoints(tree, search, group, leaf, first + 1, p1) || changed;
  if (p2 && near & 4) changed = keepPoints(tree, search, group, leaf, first + 2, p2) || changed;
  if (p3 && near & 8) changed = keepPoints(tree, search, group, leaf, first + 3, p3) || changed;
  return changed;
}

/** Squared norms of the four queries in `locals`. */
function squaredNorms(locals: usize, axes: usize): v128 {
  let sum = f32x4.splat(0);
  const end = locals + (axes << 4);
  for (; locals < end; locals += 16) {
    const x = v128.load(locals);
    sum = f32x4.add(sum, f32x4.mul(x, x));
  }
  return sum;
}

/** Measures points that have passed for the query in place `i` of the group. True if the query's reach changed. */
function keepPoints(tree: Tree, search: Search, group: Group, leaf: i32, i: i32, passed: u32): bool {
  const query = group.first + i;
  if (search.kind != 0) {
    listPoints(tree, search, leaf, query, passed);
    return false;
  }
  measurePoints(tree, search, leaf, query, passed);
  const slot = group.reaches + ((<usize>i) << 2);
  const reach = load<f32>(slot);
  const renewed = reachOf(tree, search, group, query);
  store<f32>(slot, renewed);
  return renewed != reach;
}

/** Tests the points of a leaf and measures those that pass. True if the query's reach changed. */
function scanQuery(tree: Tree, search: Search, group: Group, leaf: i32, first: i32, lane: i32): bool {
  const slot = group.reaches + ((<usize>(first + lane)) << 2);
  const query = group.first + first + lane;
  const reach = load<f32>(slot);
  const local = group.locals + ((<usize>lane) << 2);
  const blur = load<f32>(tree.blurs + ((<usize>leaf) << 2));
  const limit = limitOfReach(tree.norm, reach + blur);
  const count = min<i32>(LEAF, tree.points - leaf * LEAF);
  const all: u32 = count == LEAF ? 0xffffffff : (1 << count) - 1;
  if (!leafDistances(tree, leaf, local, limit, group.found)) return false;
  let passed = atMost(group.found, limit) & all;
  if (!passed) return false;
  if (search.kind != 0) {
    listPoints(tree, search, leaf, query, passed);
    return false;
  }
  if (reach == Infinity && <i32>popcnt(passed) > search.k) {
    // Nothing is known yet: the best by the filter come first, so that few of the others have to be measured.
    const likely = passed & atMost(group.found, smallest(group.found, passed, search.k));
    measurePoints(tree, search, leaf, query, likely);
    passed &= ~likely;
    const renewed = reachOf(tree, search, group, query);
    store<f32>(slot, renewed);
    passed &= atMost(group.found, limitOfReach(tree.norm, renewed + blur));
  }
  if (passed) measurePoints(tree, search, leaf, query, passed);
  const renewed = reachOf(tree, search, group, query);
  store<f32>(slot, renewed);
  return renewed != reach;
}

/** The k-th smallest of the numbers whose bits are set; there are more than k. */
export function smallest(found: usize, bits: u32, k: i32): f32 {
  let limit: f32 = -1;
  for (let n: i32 = 0; n < k; ) {
    let next: f32 = Infinity;
    let times: i32 = 0;
    for (let left = bits; left; left &= left - 1) {
      const x = load<f32>(found + ((<usize>ctz(left)) << 2));
      if (x > limit && x < next) {
        next = x;
        times = 1;
      } else if (x == next) times++;
    }
    limit = next;
    if (next == Infinity) break;
    n += times;
  }
  return limit;
}

export function measurePoints(tree: Tree, search: Search, leaf: i32, query: i32, passed: u32): void {
  const bytes = (<usize>tree.columns) << 3;
  const k = search.k;
  const x = search.queries + <usize>query * bytes;
  const best = search.distances + ((<usize>query * <usize>k) << 3);
  const ids = search.indices + ((<usize>query * <usize>k) << 2);
  while (passed) {
    const point = leaf * LEAF + <i32>ctz(passed);
    passed &= passed - 1;
    const d = measureRows(search.metric, search.power, x, tree.rows + <usize>point * bytes, tree.columns);
    const end = load<i32>(tree.starts + ((<usize>point) << 2), 4);
    // Members ascend: where one is no longer among the best, the rest is not either.
    for (let m = load<i32>(tree.starts + ((<usize>point) << 2)); m < end; m++) {
      if (!keepNearest(best, ids, k, d, load<i32>(tree.members + ((<usize>m) << 2)))) break;
    }
  }
}

/** Counts or lists the members of points that lie within the radius. */
function listPoints(tree: Tree, search: Search, leaf: i32, query: i32, passed: u32): void {
  const bytes = (<usize>tree.columns) << 3;
  const x = search.queries + <usize>query * bytes;
  const cursor = search.offsets + ((<usize>query) << 3);
  while (passed) {
    const point = leaf * LEAF + <i32>ctz(passed);
    passed &= passed - 1;
    const d = measureRows(search.metric, search.power, x, tree.rows + <usize>point * bytes, tree.columns);
    if (d > search.radius) continue;
    const begin = load<i32>(tree.starts + ((<usize>point) << 2));
    const end = load<i32>(tree.starts + ((<usize>point) << 2), 4);
    const place = <usize>load<f64>(cursor);
    store<f64>(cursor, <f64>(place + (end - begin)));
    if (search.kind == 1) continue;
    for (let m = begin; m < end; m++) {
      const at = place + <usize>(m - begin);
      store<f64>(search.distances + (at << 3), d);
      store<i32>(search.indices + (at << 2), load<i32>(tree.members + ((<usize>m) << 2)));
    }
  }
}
