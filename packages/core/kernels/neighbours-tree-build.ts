import { LEAF, Tree } from './neighbours-plan';

/** Rows that one task of `projectNeighbours` takes. */
const BLOCK: i32 = 256;
/** Points that decide the axis along which a node is split. */
const SAMPLE: i32 = 128;

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
 * number a position.
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
  select(sorted, order, first, last - 1, ((a + b) >> 1) * LEAF);
}

/** The axis of the largest variance among some points, evenly taken. */
function widest(first: i32, last: i32, points: i32, axes: i32, keys: usize, order: usize): i32 {
  const step = max<i32>(1, (last - first) / SAMPLE);
  let best: i32 = 0;
  let most: f64 = -1;
  for (let j: i32 = 0; j < axes; j++) {
    const column = keys + <usize>j * <usize>points * 4;
    let n: f64 = 0;
    let mean: f64 = 0;
    let sum: f64 = 0;
    for (let i = first; i < last; i += step) {
      const x = <f64>load<f32>(column + ((<usize>load<i32>(order + ((<usize>i) << 2))) << 2));
      n++;
      const d = x - mean;
      mean += d / n;
      sum += d * (x - mean);
    }
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

// @inline
function exchange(keys: usize, order: usize, i: i32, j: i32): void {
  const p = (<usize>i) << 2;
  const q = (<usize>j) << 2;
  const x = load<f32>(keys + p);
  store<f32>(keys + p, load<f32>(keys + q));
  store<f32>(keys + q, x);
  const id = load<i32>(order + p);
  store<i32>(order + p, load<i32>(order + q));
  store<i32>(order + q, id);
}

function middle(a: f32, b: f32, c: f32): f32 {
  return max(min(a, b), min(max(a, b), c));
}

/** Hoare's selection; the pivot is a median of medians of nine keys evenly taken. */
function select(keys: usize, order: usize, lo: i32, hi: i32, nth: i32): void {
  while (hi > lo) {
    const s = (hi - lo) >> 3;
    const pivot = middle(
      middle(key(keys, lo), key(keys, lo + s), key(keys, lo + 2 * s)),
      middle(key(keys, lo + 3 * s), key(keys, lo + 4 * s), key(keys, lo + 5 * s)),
      middle(key(keys, lo + 6 * s), key(keys, lo + 7 * s), key(keys, hi)),
    );
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (key(keys, i) < pivot) i++;
      while (key(keys, j) > pivot) j--;
      if (i > j) break;
      exchange(keys, order, i, j);
      i++;
      j--;
    }
    if (nth <= j) hi = j;
    else if (nth >= i) lo = i;
    else return;
  }
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
