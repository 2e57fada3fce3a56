import { LEAF, Tree } from './neighbours-plan';

/** Rows that one task of `projectNeighbours` takes. */
const BLOCK: i32 = 256;
/** Points that decide the axis along which a node is split. */
const SAMPLE: i32 = 48;

/**
 * Coordinates of a row in the tree's frame: axis . (x - origin), scaled. Its float64 error is bounded in docs/neighbours.md
 * ("delta"). `scratch` takes one row.
 */
export function projectRow(tree: Tree, row: usize, target: usize, step: usize, scratch: usize): void {
  const columns = tree.columns;
  if (!tree.rotated) {
    for (let j: i32 = 0; j < tree.axes; j++) {
      const column = (<usize>load<i32>(tree.picked + ((<usize>j) << 2))) << 3;
      store<f64>(target, (load<f64>(row + column) - load<f64>(tree.origin + column)) * tree.scale);
      target += step;
    }
    return;
  }
  const bytes = (<usize>columns) << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<f64>(scratch + i, load<f64>(row + i) - load<f64>(tree.origin + i));
  let axis = tree.frame;
  for (let j: i32 = 0; j < tree.axes; j++) {
    let sum = f64x2.splat(0);
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(scratch + i), v128.load(axis + i)));
    let value = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    if (i < bytes) value += load<f64>(scratch + i) * load<f64>(axis + i);
    store<f64>(target, value * tree.scale);
    target += step;
    axis += bytes;
  }
}

/**
 * Task: 256 of `count` rows. Writes float32 coordinates to `keys[axis * total + first + row]`. Scratch a thread:
 * `columns + axes` numbers.
 */
export function projectNeighbours(
  task: i32,
  thread: i32,
  plan: usize,
  rows: usize,
  count: i32,
  keys: usize,
  total: i32,
  first: i32,
  scratch: usize,
): void {
  const tree = changetype<Tree>(plan);
  const columns = tree.columns;
  const axes = tree.axes;
  const mine = scratch + <usize>thread * <usize>(columns + axes) * 8;
  const values = mine + ((<usize>columns) << 3);
  const end = min<i32>(count, (task + 1) * BLOCK);
  for (let r = task * BLOCK; r < end; r++) {
    projectRow(tree, rows + ((<usize>r * <usize>columns) << 3), values, 8, mine);
    for (let j: i32 = 0; j < axes; j++) {
      const key = keys + ((<usize>j * <usize>total + <usize>(first + r)) << 2);
      store<f32>(key, <f32>load<f64>(values + ((<usize>j) << 3)));
    }
  }
}

/**
 * Task: one node, leaves `nodes[2 task] ... nodes[2 task + 1]`. Puts the points with the smaller coordinates on the widest axis
 * first in `order`, so many as fill the first half of the leaves. `keys` holds coordinates by row, `sorted` takes one
 * number a position. Scratch a thread: PIVOTS numbers of 4 bytes.
 */
export function splitNeighbours(
  task: i32,
  thread: i32,
  nodes: usize,
  points: i32,
  axes: i32,
  keys: usize,
  order: usize,
  sorted: usize,
  scratch: usize,
): void {
  const a = load<i32>(nodes + ((<usize>task) << 3));
  const b = load<i32>(nodes + ((<usize>task) << 3), 4);
  const first = a * LEAF;
  const last = min<i32>(points, b * LEAF);
  const column = keys + <usize>widest(first, last, points, axes, keys, order) * <usize>points * 4;
  for (let i = first; i < last; i++) {
    const row = <usize>load<i32>(order + ((<usize>i) << 2));
    store<f32>(sorted + ((<usize>i) << 2), load<f32>(column + (row << 2)));
  }
  select(sorted, order, first, last, ((a + b) >> 1) * LEAF, scratch + ((<usize>(thread * PIVOTS)) << 2));
}

/** The axis of the largest variance among some points, evenly taken. */
function widest(first: i32, last: i32, points: i32, axes: i32, keys: usize, order: usize): i32 {
  const step = max<i32>(1, (last - first) / SAMPLE);
  let best: i32 = 0;
  let most: f64 = -1;
  for (let j: i32 = 0; j < axes; j++) {
    const column = keys + <usize>j * <usize>points * 4;
    // About the first of them, so that little is lost in the difference of the sums.
    const origin = <f64>load<f32>(column + ((<usize>load<i32>(order + ((<usize>first) << 2))) << 2));
    let total: f64 = 0;
    let squares: f64 = 0;
    for (let i = first + step; i < last; i += step) {
      const d = <f64>load<f32>(column + ((<usize>load<i32>(order + ((<usize>i) << 2))) << 2)) - origin;
      total += d;
      squares += d * d;
    }
    const sum = squares - (total * total) / <f64>((last - first + step - 1) / step);
    if (sum > most) {
      most = sum;
      best = j;
    }
  }
  return best;
}

// @inline
function key(keys: usize, i: i32): f32 {
  return load<f32>(keys + ((<usize>i) << 2));
}

function middle(a: f32, b: f32, c: f32): f32 {
  return max(min(a, b), min(max(a, b), c));
}

/** Keys that a pivot is chosen from; the margin is somewhat more than the deviation of a rank among so many. */
const PIVOTS: i32 = 64;
const MARGIN: i32 = 6;
/** So few are put in order one by one. */
const FEW: i32 = 12;

/**
 * Puts the `nth - lo` smallest keys of `lo ... end - 1` first. Pivots lie to that side of the wanted rank which leaves less (Floyd and
 * Rivest, CACM 18 (1975)); partitions have no branches, which keys at random would mispredict. `room` takes PIVOTS keys.
 */
function select(keys: usize, order: usize, lo: i32, end: i32, nth: i32, room: usize): void {
  while (end - lo > FEW) {
    const pivot = end - lo > 8 * PIVOTS ? samplePivot(keys, lo, end, nth, room) : ninther(keys, lo, end);
    const less = partition(keys, order, lo, end, pivot);
    if (nth < less) {
      end = less;
      continue;
    }
    // What equals the pivot is set apart, so that many equal keys take one round.
    const equal = partition(keys, order, less, end, above(pivot));
    if (nth < equal) return;
    lo = equal;
  }
  for (let i = lo + 1; i < end; i++) {
    const x = key(keys, i);
    const id = load<i32>(order + ((<usize>i) << 2));
    let j = i;
    for (; j > lo && key(keys, j - 1) > x; j--) {
      store<f32>(keys + ((<usize>j) << 2), key(keys, j - 1));
      store<i32>(order + ((<usize>j) << 2), load<i32>(order + ((<usize>(j - 1)) << 2)));
    }
    store<f32>(keys + ((<usize>j) << 2), x);
    store<i32>(order + ((<usize>j) << 2), id);
  }
}

function ninther(keys: usize, lo: i32, end: i32): f32 {
  const s = (end - 1 - lo) >> 3;
  return middle(
    middle(key(keys, lo), key(keys, lo + s), key(keys, lo + 2 * s)),
    middle(key(keys, lo + 3 * s), key(keys, lo + 4 * s), key(keys, lo + 5 * s)),
    middle(key(keys, lo + 6 * s), key(keys, lo + 7 * s), key(keys, end - 1)),
  );
}

function samplePivot(keys: usize, lo: i32, end: i32, nth: i32, room: usize): f32 {
  const step = (end - lo) / PIVOTS;
  for (let i: i32 = 0; i < PIVOTS; i++) {
    const x = key(keys, lo + i * step);
    let j = i;
    for (; j > 0 && key(room, j - 1) > x; j--) store<f32>(room + ((<usize>j) << 2), key(room, j - 1));
    store<f32>(room + ((<usize>j) << 2), x);
  }
  const rank = <i32>((<f64>(nth - lo) / <f64>(end - lo)) * PIVOTS);
  const shifted = rank * 2 >= PIVOTS ? rank - MARGIN : rank + MARGIN;
  return key(room, max<i32>(0, min<i32>(PIVOTS - 1, shifted)));
}

/** The next larger number. */
function above(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  if (x == 0) return reinterpret<f32>(1);
  return reinterpret<f32>(bits < 0 ? bits - 1 : bits + 1);
}

/** Moves keys below the pivot to the front. Returns where the others begin. */
function partition(keys: usize, order: usize, lo: i32, end: i32, pivot: f32): i32 {
  let j = (<usize>lo) << 2;
  const stop = (<usize>end) << 2;
  for (let i = j; i < stop; i += 4) {
    const x = load<f32>(keys + i);
    const id = load<i32>(order + i);
    store<f32>(keys + i, load<f32>(keys + j));
    store<i32>(order + i, load<i32>(order + j));
    store<f32>(keys + j, x);
    store<i32>(order + j, id);
    j += (<usize>(x < pivot)) << 2;
  }
  return <i32>(j >> 2);
}

/**
 * Task: one leaf. Writes its panel, centre, half sides, blur, and its box to node `leafNodes[task]`. Scratch a thread:
 * `columns + LEAF * axes` numbers.
 */
export function packNeighbourLeaves(task: i32, thread: i32, plan: usize, leafNodes: usize, scratch: usize): void {
  const tree = changetype<Tree>(plan);
  const columns = tree.columns;
  const axes = tree.axes;
  const mine = scratch + <usize>thread * <usize>(columns + LEAF * axes) * 8;
  const values = mine + ((<usize>columns) << 3);
  const first = task * LEAF;
  const count = min<i32>(LEAF, tree.points - first);
  for (let r: i32 = 0; r < count; r++) {
    const row = tree.rows + ((<usize>(first + r) * <usize>columns) << 3);
    projectRow(tree, row, values + ((<usize>r) << 3), LEAF * 8, mine);
  }
  const box = tree.boxes + <usize>load<i32>(leafNodes + ((<usize>task) << 2)) * <usize>tree.stride * 16;
  const upper = box + ((<usize>tree.stride) << 3);
  for (let j: usize = 0; j < <usize>tree.stride; j++) {
    store<f64>(box + (j << 3), 0);
    store<f64>(upper + (j << 3), 0);
  }
  for (let j: usize = 0; j < <usize>axes; j++) {
    const line = values + j * LEAF * 8;
    let lo = load<f64>(line);
    let hi = lo;
    for (let r: usize = 1; r < <usize>count; r++) {
      lo = Math.min(lo, load<f64>(line + (r << 3)));
      hi = Math.max(hi, load<f64>(line + (r << 3)));
    }
    store<f64>(box + (j << 3), lo);
    store<f64>(upper + (j << 3), hi);
    const centre = lo + (hi - lo) * 0.5;
    const cell = <usize>task * <usize>axes + j;
    store<f64>(tree.centres + (cell << 3), centre);
    const panel = tree.panels + cell * LEAF * 4;
    let half: f32 = 0;
    for (let r: usize = 0; r < <usize>LEAF; r++) {
      const local: f32 = r < <usize>count ? <f32>(load<f64>(line + (r << 3)) - centre) : Infinity;
      store<f32>(panel + (r << 2), local);
      if (r < <usize>count) half = max(half, abs(local));
    }
    store<f32>(tree.halves + (cell << 2), half);
  }
  store<f32>(tree.blurs + ((<usize>task) << 2), blur(tree, task, count));
  storeNorms(tree, task, count);
}

/** Bound of the relative error of a sum of products and of the norms it is compared with; see docs/neighbours.md. */
export function productSlack(axes: i32): f32 {
  const roundings = 2 * axes + 40;
  return <f32>(<f64>roundings * 6e-8);
}

/** Half of each point's squared norm about the leaf's centre, less the slack; infinite where there is no point. */
function storeNorms(tree: Tree, leaf: i32, count: i32): void {
  const panel = tree.panels + <usize>leaf * <usize>tree.axes * LEAF * 4;
  for (let r: usize = 0; r < <usize>LEAF; r++) {
    let sum: f64 = 0;
    for (let j: usize = 0; j < <usize>tree.axes; j++) {
      const cell = panel + ((j * LEAF + r) << 2);
      sum += <f64>load<f32>(cell) * <f64>load<f32>(cell);
    }
    const norm = tree.norms + ((<usize>leaf * LEAF + r) << 2);
    store<f32>(norm, r < <usize>count ? <f32>(sum * 0.5 * (1 - <f64>productSlack(tree.axes))) : Infinity);
  }
}

/** Four times the rounding of the coordinates of the outermost point (docs/neighbours.md, "blur"), and a trifle for what lies below float32's range. */
function blur(tree: Tree, leaf: i32, count: i32): f32 {
  const panel = tree.panels + <usize>leaf * <usize>tree.axes * LEAF * 4;
  let outermost: f64 = 0;
  for (let r: usize = 0; r < <usize>count; r++) {
    let sum: f64 = 0;
    for (let j: usize = 0; j < <usize>tree.axes; j++) {
      const x = Math.abs(<f64>load<f32>(panel + ((j * LEAF + r) << 2)));
      if (tree.norm == 0) sum += x * x;
      else if (tree.norm == 1) sum += x;
      else sum = Math.max(sum, x);
    }
    outermost = Math.max(outermost, sum);
  }
  if (tree.norm == 0) outermost = Math.sqrt(outermost);
  return <f32>(outermost * 4.001 * 5.9604644775390625e-8 + 1e-36);
}

/** Boxes of inner nodes from those of their children. `nodes` lists (node, first leaf, end leaf), parents before children. */
export function joinNeighbourBoxes(plan: usize, nodes: usize, count: i32): void {
  const tree = changetype<Tree>(plan);
  const stride = <usize>tree.stride;
  for (let n = count - 1; n >= 0; n--) {
    const entry = nodes + <usize>n * 12;
    const node = load<i32>(entry);
    const a = load<i32>(entry, 4);
    const middle = (a + load<i32>(entry, 8)) >> 1;
    const box = tree.boxes + <usize>node * stride * 16;
    const left = tree.boxes + <usize>(node + 1) * stride * 16;
    const right = tree.boxes + <usize>(node + 2 * (middle - a)) * stride * 16;
    for (let j: usize = 0; j < stride << 3; j += 16) {
      v128.store(box + j, f64x2.pmin(v128.load(left + j), v128.load(right + j)));
      const upper = j + (stride << 3);
      v128.store(box + upper, f64x2.pmax(v128.load(left + upper), v128.load(right + upper)));
    }
  }
}
