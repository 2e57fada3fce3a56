import { wider, widthOf } from './neighbours-boxes';
import { outerReach } from './neighbours-filter';
import { ENTRY, GROUP, LEAF, Search, STACK, Tree } from './neighbours-plan';
import { projectRow } from './neighbours-tree-build';

/** What a thread needs beside the plan. */
@unmanaged
export class Group {
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

export function openGroup(tree: Tree, search: Search, task: i32, thread: i32): Group {
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
export function reachOf(tree: Tree, search: Search, group: Group, query: i32): f32 {
  let reach = search.radius;
  if (search.kind == 0) reach = load<f64>(search.distances + ((<usize>(query + 1) * <usize>search.k) << 3) - 8);
  return <f32>(outerReach(tree, search, reach) + <f64>group.blur);
}

export function measureReach(tree: Tree, group: Group): void {
  let most: f32 = 0;
  for (let i: usize = 0; i < <usize>group.count; i++) most = max(most, load<f32>(group.reaches + (i << 2)));
  group.farthest = tree.norm == 0 ? <f64>most * <f64>most : <f64>most;
}

/** Distance between the boxes of the group and of a node; squared for the Euclidean norm. */
export function gap(tree: Tree, group: Group, node: i32): f64 {
  const bytes = (<usize>tree.stride) << 3;
  const box = tree.boxes + <usize>node * bytes * 2;
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    const above = f64x2.sub(v128.load(box + j), v128.load(group.upper + j));
    const below = f64x2.sub(v128.load(group.lower + j), v128.load(box + bytes + j));
    sum = wider(tree.norm, sum, f64x2.pmax(f64x2.pmax(above, below), f64x2.splat(0)));
  }
  return widthOf(tree.norm, sum);
}

/** How far the middle of the group lies outside a node's box; only an order of visits hangs on it. */
export function offset(tree: Tree, group: Group, node: i32): f64 {
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
