import { measureRows } from './neighbours-distance';
import { keepNearest, sortNearest } from './neighbours-lists';
import { GROUP, LEAF, Search, Tree } from './neighbours-plan';
import { productSlack, projectRow } from './neighbours-tree-build';

/**
 * Exact search in a tree of bounding boxes: the queries of one group go through the tree together, near subtrees first.
 *
 * A node is passed over when the boxes of group and node lie farther apart than any query of the group still reaches. In a
 * leaf each query is tested against the leaf's box, then against its points in float32 coordinates about the leaf's
 * centre, both with a reach enlarged by a proven bound of all errors (docs/neighbours.md). What passes is measured in
 * float64 from the original rows, so results are those of a search of all pairs.
 */

/** A node that waits: node, first leaf, end leaf, and the gap between its box and the group's. */
const ENTRY: usize = 24;
const STACK: usize = 64;

/** What a thread needs beside the plan. */
@unmanaged
class Group {
  /** How many times a query was measured against a leaf; it outlives the group. */
  scans: f64;
  /** Middle of the group's box, and float32 coordinates of the queries about it, `axes × GROUP`. */
  centre: usize;
  columns: usize;
  /** Float32 way from the group's middle to the leaf's, and coordinates of four queries about the leaf's middle, `axes × 4`. */
  shift: usize;
  locals: usize;
  /** Float32 error of filter distances that is the group's own. */
  blur: f32;
  /** Corners of the group's box. */
  lower: usize;
  upper: usize;
  /** Float32 reach of each query: NaN where there is no query. */
  reaches: usize;
  /** Float32 distances of the queries from a leaf's box. */
  boxes: usize;
  /** Float32 filter distances of a leaf's points. */
  found: usize;
  stack: usize;
  row: usize;
  first: i32;
  count: i32;
  /** The largest reach; for the Euclidean norm its square. */
  farthest: f64;
}

/** Bytes of scratch that a thread needs for `searchNeighbours`. */
export function neighbourScratch(plan: usize): i32 {
  const tree = changetype<Tree>(plan);
  const axes = tree.axes;
  const bytes =
    192 + axes * (GROUP * 12 + 28) + tree.stride * 16 + GROUP * 8 + LEAF * 4 + <i32>(ENTRY * STACK) + tree.columns * 8;
  return (bytes + 127) & ~63;
}

/** Task: one group of queries. */
export function searchNeighbours(task: i32, thread: i32, plan: usize, search: usize): void {
  const tree = changetype<Tree>(plan);
  const wanted = changetype<Search>(search);
  const group = openGroup(tree, wanted, task, thread);
  const stack = group.stack;
  let top: usize = stack;
  push(top, 0, 0, tree.leaves, 0);
  top += ENTRY;
  while (top > stack) {
    top -= ENTRY;
    if (load<f64>(top, 16) > group.farthest) continue;
    const node = load<i32>(top);
    const a = load<i32>(top, 4);
    const b = load<i32>(top, 8);
    if (b - a == 1) {
      scanLeaf(tree, wanted, group, a);
      continue;
    }
    const middle = (a + b) >> 1;
    const left = node + 1;
    const right = node + 2 * (middle - a);
    const leftGap = gap(tree, group, left);
    const rightGap = gap(tree, group, right);
    const leftFirst =
      leftGap < rightGap || (leftGap == rightGap && offset(tree, group, left) <= offset(tree, group, right));
    if (leftFirst) {
      push(top, right, middle, b, rightGap);
      push(top + ENTRY, left, a, middle, leftGap);
    } else {
      push(top, left, a, middle, leftGap);
      push(top + ENTRY, right, middle, b, rightGap);
    }
    top += 2 * ENTRY;
  }
  if (wanted.kind == 2) sortLists(wanted, group);
}

// @inline
function push(entry: usize, node: i32, a: i32, b: i32, distance: f64): void {
  store<i32>(entry, node);
  store<i32>(entry, a, 4);
  store<i32>(entry, b, 8);
  store<f64>(entry, distance, 16);
}

function openGroup(tree: Tree, search: Search, task: i32, thread: i32): Group {
  const axes = <usize>tree.axes;
  let at = search.scratch + <usize>thread * <usize>search.scratchBytes;
  const group = changetype<Group>(at);
  at += 128;
  const exact = at;
  at += axes * GROUP * 8;
  group.columns = at;
  at += axes * GROUP * 4;
  group.locals = at;
  at += axes * 16;
  group.found = at;
  at += LEAF * 4;
  group.boxes = at;
  at += GROUP * 4;
  group.reaches = at;
  at += GROUP * 4;
  group.stack = at;
  at += ENTRY * STACK;
  group.lower = at;
  at += (<usize>tree.stride) << 3;
  group.upper = at;
  at += (<usize>tree.stride) << 3;
  group.row = at;
  at += (<usize>tree.columns) << 3;
  group.centre = at;
  at += axes * 8;
  group.shift = at;
  group.first = task * GROUP;
  group.count = min<i32>(GROUP, search.count - group.first);
  for (let i: i32 = 0; i < GROUP; i++) {
    // Empty places repeat a query, so that the box stays as it is; their reach never lets anything pass.
    const query = group.first + min<i32>(i, group.count - 1);
    const row = search.queries + ((<usize>query * <usize>tree.columns) << 3);
    projectRow(tree, row, exact + ((<usize>i) << 3), GROUP * 8, group.row);
  }
  placeGroup(tree, group, exact);
  for (let i: i32 = 0; i < GROUP; i++) {
    const reach = i < group.count ? reachOf(tree, search, group, group.first + i) : <f32>NaN;
    store<f32>(group.reaches + ((<usize>i) << 2), reach);
  }
  measureReach(tree, group);
  return group;
}

/** Box, middle, coordinates and blur of a group from the coordinates of its queries. */
function placeGroup(tree: Tree, group: Group, exact: usize): void {
  let reach: f64 = 0;
  for (let j: usize = 0; j < <usize>tree.stride; j++) {
    let lo: f64 = 0;
    let hi: f64 = 0;
    if (j < <usize>tree.axes) {
      const line = exact + j * GROUP * 8;
      lo = hi = load<f64>(line);
      for (let i: usize = 1; i < <usize>GROUP; i++) {
        lo = Math.min(lo, load<f64>(line + (i << 3)));
        hi = Math.max(hi, load<f64>(line + (i << 3)));
      }
      const centre = lo + (hi - lo) * 0.5;
      store<f64>(group.centre + (j << 3), centre);
      for (let i: usize = 0; i < <usize>GROUP; i++) {
        store<f32>(group.columns + ((j * GROUP + i) << 2), <f32>(load<f64>(line + (i << 3)) - centre));
      }
      const half = hi - centre;
      if (tree.norm == 0) reach += half * half;
      else if (tree.norm == 1) reach += half;
      else reach = Math.max(reach, half);
    }
    store<f64>(group.lower + (j << 3), lo);
    store<f64>(group.upper + (j << 3), hi);
  }
  if (tree.norm == 0) reach = Math.sqrt(reach);
  group.blur = <f32>(reach * 3.001 * 5.9604644775390625e-8 + 1e-36);
}

/** How far a query still reaches in the filter's norm, rounded up: the k-th best distance, or the radius. */
function reachOf(tree: Tree, search: Search, group: Group, query: i32): f32 {
  let reach = search.radius;
  if (search.kind == 0) reach = load<f64>(search.distances + ((<usize>(query + 1) * <usize>search.k) << 3) - 8);
  if (search.metric == 1) reach = Math.sqrt(reach);
  const value = (reach * tree.scale * tree.stretch + search.fuzz) * (1 + <f64>(tree.axes + 24) * 6e-8);
  return <f32>(value * 1.0000002 + <f64>group.blur);
}

function measureReach(tree: Tree, group: Group): void {
  let most: f32 = 0;
  for (let i: usize = 0; i < <usize>group.count; i++) most = max(most, load<f32>(group.reaches + (i << 2)));
  group.farthest = tree.norm == 0 ? <f64>most * <f64>most : <f64>most;
}

/** Distance between the boxes of the group and of a node; squared for the Euclidean norm. */
function gap(tree: Tree, group: Group, node: i32): f64 {
  const bytes = (<usize>tree.stride) << 3;
  const box = tree.boxes + <usize>node * bytes * 2;
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    const above = f64x2.sub(v128.load(box + j), v128.load(group.upper + j));
    const below = f64x2.sub(v128.load(group.lower + j), v128.load(box + bytes + j));
    const d = f64x2.pmax(f64x2.pmax(above, below), f64x2.splat(0));
    if (tree.norm == 0) sum = f64x2.add(sum, f64x2.mul(d, d));
    else if (tree.norm == 1) sum = f64x2.add(sum, d);
    else sum = f64x2.pmax(sum, d);
  }
  const even = f64x2.extract_lane(sum, 0);
  const odd = f64x2.extract_lane(sum, 1);
  return tree.norm == 2 ? Math.max(even, odd) : even + odd;
}

/** How far the middle of the group lies outside a node's box; only an order of visits hangs on it. */
function offset(tree: Tree, group: Group, node: i32): f64 {
  const bytes = (<usize>tree.stride) << 3;
  const box = tree.boxes + <usize>node * bytes * 2;
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    const centre = f64x2.mul(f64x2.add(v128.load(group.lower + j), v128.load(group.upper + j)), f64x2.splat(0.5));
    const above = f64x2.sub(v128.load(box + j), centre);
    const below = f64x2.sub(centre, v128.load(box + bytes + j));
    const d = f64x2.pmax(f64x2.pmax(above, below), f64x2.splat(0));
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function scanLeaf(tree: Tree, search: Search, group: Group, leaf: i32): void {
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
function limitsOf(norm: i32, reaches: v128): v128 {
  const limits = norm == 0 ? f32x4.mul(reaches, reaches) : reaches;
  return f32x4.add(f32x4.mul(limits, f32x4.splat(1.000001)), f32x4.splat(1e-36));
}

function placeShift(tree: Tree, group: Group, leaf: i32): void {
  const centre = tree.centres + ((<usize>leaf * <usize>tree.axes) << 3);
  for (let j: usize = 0; j < <usize>tree.axes; j++) {
    const way = load<f64>(group.centre + (j << 3)) - load<f64>(centre + (j << 3));
    store<f32>(group.shift + (j << 2), <f32>way);
  }
}

/** Coordinates of four queries about the leaf's middle. */
function placeFour(tree: Tree, group: Group, first: i32): void {
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
function boxDistances(tree: Tree, group: Group, half: usize, blur: v128): bool {
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

/** What of the reach is the limit of filter distances (squared for the Euclidean norm) in this leaf. */
// @inline
function limitOf(tree: Tree, reach: f32, leaf: i32): f32 {
  const limit = reach + load<f32>(tree.blurs + ((<usize>leaf) << 2));
  return tree.norm == 0 ? limit * limit * <f32>1.000001 + <f32>1e-36 : limit * <f32>1.000001;
}

/** Tests the points of a leaf and measures those that pass. True if the query's reach changed. */
function scanQuery(tree: Tree, search: Search, group: Group, leaf: i32, first: i32, lane: i32): bool {
  const slot = group.reaches + ((<usize>(first + lane)) << 2);
  const query = group.first + first + lane;
  const reach = load<f32>(slot);
  const local = group.locals + ((<usize>lane) << 2);
  const limit = limitOf(tree, reach, leaf);
  const count = min<i32>(LEAF, tree.points - leaf * LEAF);
  const all: u32 = count == LEAF ? 0xffffffff : (1 << count) - 1;
  let passed = filterLeaf(tree, leaf, local, limit, group.found) & all;
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
    passed &= atMost(group.found, limitOf(tree, renewed, leaf));
  }
  if (passed) measurePoints(tree, search, leaf, query, passed);
  const renewed = reachOf(tree, search, group, query);
  store<f32>(slot, renewed);
  return renewed != reach;
}

/** Bits of the points whose filter distance is at most `limit`; their distances go to `found` unless none is near. */
function filterLeaf(tree: Tree, leaf: i32, local: usize, limit: f32, found: usize): u32 {
  const axes = tree.axes;
  const panel = tree.panels + <usize>leaf * <usize>axes * LEAF * 4;
  let near: bool;
  if (tree.norm == 0) near = squaredDistances(panel, axes, local, limit, found);
  else if (tree.norm == 1) near = absoluteDistances(panel, axes, local, limit, found);
  else near = largestDifferences(panel, axes, local, limit, found);
  return near ? atMost(found, limit) : 0;
}

/** Distances of a query from the points of a panel, or false once all exceed `limit`: the first axes tell most. */
function squaredDistances(panel: usize, axes: i32, local: usize, limit: f32, found: usize): bool {
  const top = f32x4.splat(limit);
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = local + ((<usize>axes) << 4);
  while (local < end) {
    const stop = min<usize>(end, local + 64);
    while (local < stop) {
      const x = v128.load32_splat(local);
      let y: v128;
      y = f32x4.sub(v128.load(panel), x);
      a = f32x4.add(a, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 16), x);
      b = f32x4.add(b, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 32), x);
      c = f32x4.add(c, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 48), x);
      d = f32x4.add(d, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 64), x);
      e = f32x4.add(e, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 80), x);
      f = f32x4.add(f, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 96), x);
      g = f32x4.add(g, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 112), x);
      h = f32x4.add(h, f32x4.mul(y, y));
      panel += 128;
      local += 16;
    }
    const least = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)),
      f32x4.pmin(f32x4.pmin(e, f), f32x4.pmin(g, h)),
    );
    if (!v128.any_true(f32x4.le(least, top))) return false;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return true;
}

/** As `squaredDistances`, in the Manhattan norm. */
function absoluteDistances(panel: usize, axes: i32, local: usize, limit: f32, found: usize): bool {
  const top = f32x4.splat(limit);
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = local + ((<usize>axes) << 4);
  while (local < end) {
    const stop = min<usize>(end, local + 64);
    while (local < stop) {
      const x = v128.load32_splat(local);
      a = f32x4.add(a, f32x4.abs(f32x4.sub(v128.load(panel), x)));
      b = f32x4.add(b, f32x4.abs(f32x4.sub(v128.load(panel, 16), x)));
      c = f32x4.add(c, f32x4.abs(f32x4.sub(v128.load(panel, 32), x)));
      d = f32x4.add(d, f32x4.abs(f32x4.sub(v128.load(panel, 48), x)));
      e = f32x4.add(e, f32x4.abs(f32x4.sub(v128.load(panel, 64), x)));
      f = f32x4.add(f, f32x4.abs(f32x4.sub(v128.load(panel, 80), x)));
      g = f32x4.add(g, f32x4.abs(f32x4.sub(v128.load(panel, 96), x)));
      h = f32x4.add(h, f32x4.abs(f32x4.sub(v128.load(panel, 112), x)));
      panel += 128;
      local += 16;
    }
    const least = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)),
      f32x4.pmin(f32x4.pmin(e, f), f32x4.pmin(g, h)),
    );
    if (!v128.any_true(f32x4.le(least, top))) return false;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return true;
}

/** As `squaredDistances`, in the Chebyshev norm. */
function largestDifferences(panel: usize, axes: i32, local: usize, limit: f32, found: usize): bool {
  const top = f32x4.splat(limit);
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = local + ((<usize>axes) << 4);
  while (local < end) {
    const stop = min<usize>(end, local + 64);
    while (local < stop) {
      const x = v128.load32_splat(local);
      a = f32x4.pmax(a, f32x4.abs(f32x4.sub(v128.load(panel), x)));
      b = f32x4.pmax(b, f32x4.abs(f32x4.sub(v128.load(panel, 16), x)));
      c = f32x4.pmax(c, f32x4.abs(f32x4.sub(v128.load(panel, 32), x)));
      d = f32x4.pmax(d, f32x4.abs(f32x4.sub(v128.load(panel, 48), x)));
      e = f32x4.pmax(e, f32x4.abs(f32x4.sub(v128.load(panel, 64), x)));
      f = f32x4.pmax(f, f32x4.abs(f32x4.sub(v128.load(panel, 80), x)));
      g = f32x4.pmax(g, f32x4.abs(f32x4.sub(v128.load(panel, 96), x)));
      h = f32x4.pmax(h, f32x4.abs(f32x4.sub(v128.load(panel, 112), x)));
      panel += 128;
      local += 16;
    }
    const least = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)),
      f32x4.pmin(f32x4.pmin(e, f), f32x4.pmin(g, h)),
    );
    if (!v128.any_true(f32x4.le(least, top))) return false;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return true;
}

/** Bits of the numbers that are at most `limit`. */
function atMost(found: usize, limit: f32): u32 {
  const top = f32x4.splat(limit);
  let bits: u32 = 0;
  for (let i: u32 = 0; i < <u32>LEAF; i += 4) {
    bits |= (<u32>i32x4.bitmask(f32x4.le(v128.load(found + ((<usize>i) << 2)), top))) << i;
  }
  return bits;
}

/** The k-th smallest of the numbers whose bits are set; there are more than k. */
function smallest(found: usize, bits: u32, k: i32): f32 {
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

function measurePoints(tree: Tree, search: Search, leaf: i32, query: i32, passed: u32): void {
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

/** Kind 2: lists begin where `offsets` stood before the search, `starts` of the lists follow the cursors. */
function sortLists(search: Search, group: Group): void {
  const begins = search.offsets + ((<usize>search.count) << 3);
  for (let i: i32 = 0; i < group.count; i++) {
    const query = (<usize>(group.first + i)) << 3;
    const begin = <usize>load<f64>(begins + query);
    const length = <i32>(<usize>load<f64>(search.offsets + query) - begin);
    sortNearest(search.distances + (begin << 3), search.indices + (begin << 2), length);
  }
}
