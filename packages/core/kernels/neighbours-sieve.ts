import { boxGap, farthestOf } from './neighbours-boxes';
import { measureRows } from './neighbours-distance';
import { atMost, leafDistances, limitOfReach, outerReach } from './neighbours-filter';
import { keepNearest } from './neighbours-lists';
import { LEAF, Search, Tree } from './neighbours-plan';
import { projectRow } from './neighbours-tree-build';

/**
 * The k nearest rows of few queries among many rows: the tree stands over the queries, and every row goes down to those
 * that it may be near to. Each thread keeps lists of its own, which are merged; so rows can be dealt out to threads.
 */

/** Rows that one task takes. */
const BLOCK: i32 = 512;

/** Laid out in memory by src/neighbors/sieve.ts. */
@unmanaged
export class Sieve {
  /** Rows, `count × columns`. */
  rows: usize;
  count: i32;
  /** Lists of the points of the tree, `threads × points × k`. */
  distances: usize;
  indices: usize;
  /** Float32 reach of each point, as the filter has it, padded to whole leaves with -1; `threads × leaves × LEAF`. */
  reaches: usize;
  /** Largest reach of each node, float64, `threads × nodes`. */
  farthest: usize;
  /** A thread's count of leaves looked into, and its coordinates of a row. */
  scratch: usize;
  scratchBytes: i32;
  /** Only rows whose index divides by `step`, and not by `seen` unless that is 0. */
  step: i32;
  seen: i32;
}

/** What a thread works with. */
@unmanaged
class Sifter {
  scans: f64;
  point: usize;
  local: usize;
  found: usize;
  row: usize;
  distances: usize;
  indices: usize;
  reaches: usize;
  farthest: usize;
  x: usize;
  id: i32;
}

export function sieveScratch(plan: usize): i32 {
  const tree = changetype<Tree>(plan);
  return (128 + tree.stride * 8 + tree.axes * 16 + LEAF * 4 + tree.columns * 8 + 63) & ~63;
}

function sifterOf(tree: Tree, search: Search, sieve: Sieve, thread: i32): Sifter {
  let at = sieve.scratch + <usize>thread * <usize>sieve.scratchBytes;
  const sifter = changetype<Sifter>(at);
  at += 128;
  sifter.local = at;
  at += (<usize>tree.axes) << 4;
  sifter.found = at;
  at += LEAF * 4;
  sifter.point = at;
  at += (<usize>tree.stride) << 3;
  sifter.row = at;
  const cells = <usize>thread * <usize>tree.points * <usize>search.k;
  sifter.distances = sieve.distances + (cells << 3);
  sifter.indices = sieve.indices + (cells << 2);
  sifter.reaches = sieve.reaches + ((<usize>thread * <usize>tree.leaves * LEAF) << 2);
  sifter.farthest = sieve.farthest + ((<usize>thread * <usize>(2 * tree.leaves - 1)) << 3);
  return sifter;
}

/** Task: one thread's reaches, from its lists. */
export function openSieve(task: i32, thread: i32, plan: usize, wanted: usize, state: usize): void {
  const tree = changetype<Tree>(plan);
  const search = changetype<Search>(wanted);
  const sifter = sifterOf(tree, search, changetype<Sieve>(state), task);
  for (let point: i32 = 0; point < tree.leaves * LEAF; point++) {
    let reach: f32 = -1;
    if (point < tree.points) reach = reachOf(tree, search, sifter, point);
    store<f32>(sifter.reaches + ((<usize>point) << 2), reach);
  }
  measureNode(tree, sifter, 0, 0, tree.leaves);
}

function reachOf(tree: Tree, search: Search, sifter: Sifter, point: i32): f32 {
  const worst = load<f64>(sifter.distances + ((<usize>(point + 1) * <usize>search.k) << 3) - 8);
  return <f32>outerReach(tree, search, worst);
}

function measureNode(tree: Tree, sifter: Sifter, node: i32, a: i32, b: i32): f64 {
  let most: f64;
  if (b - a == 1) most = farthestOf(sifter.reaches + ((<usize>a * LEAF) << 2));
  else {
    const middle = (a + b) >> 1;
    const left = measureNode(tree, sifter, node + 1, a, middle);
    most = Math.max(left, measureNode(tree, sifter, node + 2 * (middle - a), middle, b));
  }
  store<f64>(sifter.farthest + ((<usize>node) << 3), most);
  return most;
}

/** Task: a block of rows. */
export function sieveNeighbours(task: i32, thread: i32, plan: usize, wanted: usize, state: usize): void {
  const tree = changetype<Tree>(plan);
  const search = changetype<Search>(wanted);
  const sieve = changetype<Sieve>(state);
  const sifter = sifterOf(tree, search, sieve, thread);
  const last = min<i32>(sieve.count, (task + 1) * BLOCK);
  // The last of an odd number of axes is filled up with a coordinate that all boxes hold.
  if (tree.stride > tree.axes) store<f64>(sifter.point + ((<usize>tree.axes) << 3), 0);
  const step = sieve.step;
  for (let row = ((task * BLOCK + step - 1) / step) * step; row < last; row += step) {
    if (sieve.seen && row % sieve.seen == 0) continue;
    sifter.id = row;
    sifter.x = sieve.rows + ((<usize>row * <usize>tree.columns) << 3);
    projectRow(tree, sifter.x, sifter.point, 8, sifter.row);
    visit(tree, search, sifter, 0, 0, tree.leaves);
  }
}

/** True if a list changed. */
function visit(tree: Tree, search: Search, sifter: Sifter, node: i32, a: i32, b: i32): bool {
  const far = sifter.farthest + ((<usize>node) << 3);
  const reach = load<f64>(far);
  if (boxGap(tree, sifter.point, node) > (tree.norm == 0 ? reach * reach : reach)) return false;
  if (b - a == 1) {
    if (!visitLeaf(tree, search, sifter, a, reach)) return false;
    store<f64>(far, farthestOf(sifter.reaches + ((<usize>a * LEAF) << 2)));
    return true;
  }
  const middle = (a + b) >> 1;
  const left = node + 1;
  const right = node + 2 * (middle - a);
  let changed = visit(tree, search, sifter, left, a, middle);
  if (visit(tree, search, sifter, right, middle, b)) changed = true;
  if (changed) {
    const other = load<f64>(sifter.farthest + ((<usize>right) << 3));
    store<f64>(far, Math.max(load<f64>(sifter.farthest + ((<usize>left) << 3)), other));
  }
  return changed;
}

function visitLeaf(tree: Tree, search: Search, sifter: Sifter, leaf: i32, farthest: f64): bool {
  sifter.scans += 1;
  const centre = tree.centres + ((<usize>leaf * <usize>tree.axes) << 3);
  for (let j: usize = 0; j < <usize>tree.axes; j++) {
    const way = load<f64>(sifter.point + (j << 3)) - load<f64>(centre + (j << 3));
    v128.store(sifter.local + (j << 4), f32x4.splat(<f32>way));
  }
  const blur = load<f32>(tree.blurs + ((<usize>leaf) << 2));
  const most = limitOfReach(tree.norm, <f32>farthest + blur);
  if (!leafDistances(tree, leaf, sifter.local, most, sifter.found)) return false;
  const count = min<i32>(LEAF, tree.points - leaf * LEAF);
  let passed = atMost(sifter.found, most) & (count == LEAF ? 0xffffffff : (1 << count) - 1);
  const columns = tree.columns;
  const k = <usize>search.k;
  let changed = false;
  for (; passed; passed &= passed - 1) {
    const point = leaf * LEAF + <i32>ctz(passed);
    const slot = sifter.reaches + ((<usize>point) << 2);
    const near = load<f32>(sifter.found + ((<usize>ctz(passed)) << 2));
    if (!(near <= limitOfReach(tree.norm, load<f32>(slot) + blur))) continue;
    const y = tree.rows + ((<usize>point * <usize>columns) << 3);
    const d = measureRows(search.metric, search.power, sifter.x, y, columns);
    const best = sifter.distances + ((<usize>point * k) << 3);
    const ids = sifter.indices + ((<usize>point * k) << 2);
    if (!keepNearest(best, ids, search.k, d, sifter.id)) continue;
    store<f32>(slot, reachOf(tree, search, sifter, point));
    changed = true;
  }
  return changed;
}

/** Task: the list of one point, from those of all threads; the others then hold its last distance, and no row. */
export function mergeSieve(task: i32, thread: i32, plan: usize, wanted: usize, state: usize, threads: i32): void {
  const tree = changetype<Tree>(plan);
  const search = changetype<Search>(wanted);
  const sieve = changetype<Sieve>(state);
  const k = <usize>search.k;
  const bytes = <usize>tree.points * k;
  const list = <usize>task * k;
  const best = sieve.distances + (list << 3);
  const ids = sieve.indices + (list << 2);
  for (let t: usize = 1; t < <usize>threads; t++) {
    const at = t * bytes + list;
    for (let i: usize = at; i < at + k; i++) {
      if (!keepNearest(best, ids, search.k, load<f64>(sieve.distances + (i << 3)), load<i32>(sieve.indices + (i << 2))))
        break;
    }
  }
  const worst = load<f64>(best + (k << 3) - 8);
  for (let t: usize = 1; t < <usize>threads; t++) {
    const at = t * bytes + list;
    for (let i: usize = at; i < at + k; i++) {
      store<f64>(sieve.distances + (i << 3), worst);
      store<i32>(sieve.indices + (i << 2), i32.MAX_VALUE);
    }
  }
}
