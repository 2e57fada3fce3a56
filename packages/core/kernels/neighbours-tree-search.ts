import { measureRows } from './neighbours-distance';
import { keepNearest, sortNearest } from './neighbours-lists';
import { GROUP, LEAF, Search, Tree } from './neighbours-plan';
import { projectRow } from './neighbours-tree-build';

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
  /** Coordinates of the queries, `axes × GROUP`. */
  columns: usize;
  /** Float32 coordinates of four queries about a leaf's centre, `axes × 4`. */
  locals: usize;
  /** Corners of the group's box. */
  lower: usize;
  upper: usize;
  /** Float32 reach of each query: NaN where there is no query. */
  reaches: usize;
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
    128 + axes * (GROUP * 8 + 16) + tree.stride * 16 + GROUP * 4 + LEAF * 4 + <i32>(ENTRY * STACK) + tree.columns * 8;
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
  let at = search.scratch + <usize>thread * <usize>search.scratchBytes;
  const group = changetype<Group>(at);
  at += 128;
  group.columns = at;
  at += <usize>tree.axes * GROUP * 8;
  group.stack = at;
  at += ENTRY * STACK;
  group.lower = at;
  at += (<usize>tree.stride) << 3;
  group.upper = at;
  at += (<usize>tree.stride) << 3;
  group.row = at;
  at += (<usize>tree.columns) << 3;
  group.locals = at;
  at += <usize>tree.axes * 16;
  group.found = at;
  at += LEAF * 4;
  group.reaches = at;
  group.first = task * GROUP;
  group.count = min<i32>(GROUP, search.count - group.first);
  for (let i: i32 = 0; i < GROUP; i++) {
    // Empty places repeat a query, so that the box stays as it is; their reach never lets anything pass.
    const query = group.first + min<i32>(i, group.count - 1);
    const row = search.queries + ((<usize>query * <usize>tree.columns) << 3);
    projectRow(tree, row, group.columns + ((<usize>i) << 3), GROUP * 8, group.row);
    store<f32>(group.reaches + ((<usize>i) << 2), i < group.count ? reachOf(tree, search, query) : <f32>NaN);
  }
  for (let j: usize = 0; j < <usize>tree.stride; j++) {
    let lo: f64 = 0;
    let hi: f64 = 0;
    if (j < <usize>tree.axes) {
      const line = group.columns + j * GROUP * 8;
      lo = hi = load<f64>(line);
      for (let i: usize = 1; i < <usize>GROUP; i++) {
        lo = Math.min(lo, load<f64>(line + (i << 3)));
        hi = Math.max(hi, load<f64>(line + (i << 3)));
      }
    }
    store<f64>(group.lower + (j << 3), lo);
    store<f64>(group.upper + (j << 3), hi);
  }
  measureReach(tree, group);
  return group;
}

/** How far a query still reaches in the filter's norm, rounded up: the k-th best distance, or the radius. */
function reachOf(tree: Tree, search: Search, query: i32): f32 {
  let reach = search.radius;
  if (search.kind == 0) reach = load<f64>(search.distances + ((<usize>(query + 1) * <usize>search.k) << 3) - 8);
  if (search.metric == 1) reach = Math.sqrt(reach);
  const value = (reach * tree.scale * tree.stretch + search.fuzz) * (1 + <f64>(tree.axes + 16) * 6e-8);
  return <f32>(value * 1.0000002 + 1e-36);
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
    const d = f64x2.max(f64x2.max(above, below), f64x2.splat(0));
    if (tree.norm == 0) sum = f64x2.add(sum, f64x2.mul(d, d));
    else if (tree.norm == 1) sum = f64x2.add(sum, d);
    else sum = f64x2.max(sum, d);
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
    const d = f64x2.max(f64x2.max(above, below), f64x2.splat(0));
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function scanLeaf(tree: Tree, search: Search, group: Group, leaf: i32): void {
  const blur = f32x4.splat(load<f32>(tree.blurs + ((<usize>leaf) << 2)));
  let changed = false;
  for (let i: i32 = 0; i < group.count; i += 4) {
    const reach = f32x4.add(v128.load(group.reaches + ((<usize>i) << 2)), blur);
    const limits = tree.norm == 0 ? f32x4.mul(f32x4.mul(reach, reach), f32x4.splat(1.000001)) : reach;
    let near = i32x4.bitmask(f32x4.le(boxDistances(tree, group, leaf, i), limits));
    while (near) {
      const lane = ctz(near);
      near &= near - 1;
      if (scanQuery(tree, search, group, leaf, i, lane)) changed = true;
    }
  }
  if (changed) measureReach(tree, group);
}

/** Filter distances of four queries from a leaf's box. Leaves their coordinates about the leaf's centre in `locals`. */
function boxDistances(tree: Tree, group: Group, leaf: i32, first: i32): v128 {
  const axes = <usize>tree.axes;
  const norm = tree.norm;
  let centre = tree.centres + ((<usize>leaf * axes) << 3);
  let half = tree.halves + ((<usize>leaf * axes) << 2);
  let column = group.columns + ((<usize>first) << 3);
  let local = group.locals;
  const end = local + (axes << 4);
  let sum = f32x4.splat(0);
  while (local < end) {
    const c = v128.load64_splat(centre);
    const a = f32x4.demote_f64x2_zero(f64x2.sub(v128.load(column), c));
    const b = f32x4.demote_f64x2_zero(f64x2.sub(v128.load(column, 16), c));
    const x = v128.shuffle<f32>(a, b, 0, 1, 4, 5);
    v128.store(local, x);
    const d = f32x4.max(f32x4.sub(f32x4.abs(x), v128.load32_splat(half)), f32x4.splat(0));
    if (norm == 0) sum = f32x4.add(sum, f32x4.mul(d, d));
    else if (norm == 1) sum = f32x4.add(sum, d);
    else sum = f32x4.max(sum, d);
    centre += 8;
    half += 4;
    column += GROUP * 8;
    local += 16;
  }
  return sum;
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
    const renewed = reachOf(tree, search, query);
    store<f32>(slot, renewed);
    passed &= atMost(group.found, limitOf(tree, renewed, leaf));
  }
  if (passed) measurePoints(tree, search, leaf, query, passed);
  const renewed = reachOf(tree, search, query);
  store<f32>(slot, renewed);
  return renewed != reach;
}

/** Bits of the points whose filter distance is at most `limit`; their distances go to `found` unless none is near. */
function filterLeaf(tree: Tree, leaf: i32, local: usize, limit: f32, found: usize): u32 {
  const axes = tree.axes;
  const norm = tree.norm;
  const top = f32x4.splat(limit);
  let panel = tree.panels + <usize>leaf * <usize>axes * LEAF * 4;
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  for (let j: i32 = 0; j < axes; ) {
    const end = min<i32>(axes, j + 4);
    if (norm == 0) {
      for (; j < end; j++) {
        const x = v128.load32_splat(local);
        let y = f32x4.sub(v128.load(panel), x);
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
    } else if (norm == 1) {
      for (; j < end; j++) {
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
    } else {
      for (; j < end; j++) {
        const x = v128.load32_splat(local);
        a = f32x4.max(a, f32x4.abs(f32x4.sub(v128.load(panel), x)));
        b = f32x4.max(b, f32x4.abs(f32x4.sub(v128.load(panel, 16), x)));
        c = f32x4.max(c, f32x4.abs(f32x4.sub(v128.load(panel, 32), x)));
        d = f32x4.max(d, f32x4.abs(f32x4.sub(v128.load(panel, 48), x)));
        e = f32x4.max(e, f32x4.abs(f32x4.sub(v128.load(panel, 64), x)));
        f = f32x4.max(f, f32x4.abs(f32x4.sub(v128.load(panel, 80), x)));
        g = f32x4.max(g, f32x4.abs(f32x4.sub(v128.load(panel, 96), x)));
        h = f32x4.max(h, f32x4.abs(f32x4.sub(v128.load(panel, 112), x)));
        panel += 128;
        local += 16;
      }
    }
    const least = f32x4.min(f32x4.min(f32x4.min(a, b), f32x4.min(c, d)), f32x4.min(f32x4.min(e, f), f32x4.min(g, h)));
    if (!v128.any_true(f32x4.le(least, top))) return 0;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return atMost(found, limit);
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
