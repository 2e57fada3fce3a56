import { drawBag, setting } from './tree-bag';
import { holdsBin } from './tree-class-categories';
import { boundedShare, openBounds, passBounds } from './tree-class-monotone';
import { splitNode } from './tree-class-search';
import { seedDraws } from './tree-draws';

/**
 * Classification trees: a task grows a whole tree, so that a forest's trees grow side by side.
 *
 * Labels are 16-bit. Weights are whole numbers in float64 (fixed point), their sums below 2^53, so every sum is exact. Only bins that hold rows
 * of the node are looked at, which makes small nodes cheap.
 */
const FEATURE_BYTES: usize = 64;

const NODE_BYTES: usize = 80;

/**
 * Task: a tree. Its slot (`slots + task * slotBytes`): 16 bytes of seed, then written: number of nodes (i32) at 16, nodes at
 * 64, their class sums behind `maxNodes` nodes, then the rows' list, a second list, weights of the bag, a stack.
 *
 * Settings: rows, classes, features, features looked at, draws (0: no bootstrap, -1: bags given, else their number),
 * criterion, deepest, least weight of a leaf, random thresholds, address of the cumulative counts for draws (0: uniform over
 * rows) or of the bags, most nodes, address of the rows' costs (rows x classes, times their weights; 0: none), least gain as
 * a share of the node's cost, whether columns are monotone. With costs a node's sums are those of the classes, then those of
 * the costs of each decision; with monotone columns those of two classes, then the bounds of the first one's share.
 * Feature: address of its first cell, stride, first byte, bins, default bin, missing bin, address of bin ranges, 1 for
 * categories, and where the column is monotone 1 if the first class's share rises along it, -1 if it falls.
 */
export function growClassTree(
  task: i32,
  thread: i32,
  slots: usize,
  slotBytes: usize,
  settings: usize,
  features: usize,
  labels: usize,
  weights: usize,
  scratch: usize,
  scratchBytes: usize,
): void {
  const slot = slots + <usize>task * slotBytes;
  seedDraws(load<u64>(slot), load<u64>(slot, 8));
  const rows = <i32>setting(settings, 0);
  const classes = <i32>setting(settings, 1);
  const maxNodes = <usize>setting(settings, 10);
  const costs = <usize>setting(settings, 11);
  const bounded = setting(settings, 13) != 0;
  const summed: usize = costs != 0 ? 2 * <usize>classes : <usize>classes;
  const width = lineWidth(settings);
  const nodes = slot + 64;
  const sums = nodes + maxNodes * NODE_BYTES;
  const list = sums + ((maxNodes * width) << 3);
  const spare = list + ((<usize>((rows + 1) & ~1)) << 2);
  const bag = spare + ((<usize>((rows + 1) & ~1)) << 2);
  const stack = bag + ((<usize>rows) << 3);
  const work = scratch + <usize>thread * scratchBytes;
  const given = setting(settings, 4) < 0;
  const count = given ? takeBag(settings, task, bag, list) : drawBag(settings, labels, weights, bag, list, spare);
  store<i32>(slot, 1, 16);
  openNode(nodes, 0, 0, count, 0);
  sumRows(list, 0, count, <usize>classes, labels, bag, costs, sums);
  if (bounded) openBounds(sums);
  store<i32>(stack, 0);
  let depth: i32 = 1;
  while (depth > 0) {
    depth--;
    const id = <usize>load<i32>(stack + ((<usize>depth) << 2));
    const node = nodes + id * NODE_BYTES;
    const nodeSums = sums + ((id * width) << 3);
    if (!splitNode(node, nodeSums, settings, features, labels, bag, list, work)) continue;
    const next = <usize>load<i32>(slot, 16);
    if (next + 2 > maxNodes) {
      store<i32>(node, -1);
      store<f64>(node, 0, 40);
      continue;
    }
    const begin = load<i32>(node, 16);
    const end = load<i32>(node, 20);
    const middle = part(node, features, list, spare, begin, end);
    store<i32>(node, <i32>next, 8);
    store<i32>(node, <i32>next + 1, 12);
    store<i32>(slot, <i32>next + 2, 16);
    const level = load<i32>(node, 24) + 1;
    openNode(nodes, next, begin, middle, level);
    openNode(nodes, next + 1, middle, end, level);
    const left = sums + ((next * width) << 3);
    const right = left + (width << 3);
    sumRows(list, begin, middle, <usize>classes, labels, bag, costs, left);
    for (let k: usize = 0; k < summed; k++) {
      store<f64>(right + (k << 3), load<f64>(nodeSums + (k << 3)) - load<f64>(left + (k << 3)));
    }
    if (bounded) passBounds(nodeSums, left, right, load<i32>(features + <usize>load<i32>(node) * FEATURE_BYTES, 32));
    store<i32>(stack + ((<usize>depth) << 2), <i32>next + 1);
    store<i32>(stack + ((<usize>depth) << 2), <i32>next, 4);
    depth += 2;
  }
}

/** Numbers that a node has behind the nodes: sums, and bounds where columns are monotone. */
function lineWidth(settings: usize): usize {
  const classes = <usize>setting(settings, 1);
  if (setting(settings, 11) != 0) return 2 * classes;
  return setting(settings, 13) != 0 ? classes + 2 : classes;
}

/**
 * Node: feature -1, last bin left, left, right, begin, end, depth, missing left, threshold, gain, and 32 bytes with a bit a bin:
 * those that go left, for categories.
 */
function openNode(nodes: usize, id: usize, begin: i32, end: i32, depth: i32): void {
  const node = nodes + id * NODE_BYTES;
  memory.fill(node, 0, NODE_BYTES);
  store<i32>(node, -1);
  store<i32>(node, -1, 8);
  store<i32>(node, -1, 12);
  store<i32>(node, begin, 16);
  store<i32>(node, end, 20);
  store<i32>(node, depth, 24);
}

/** A task's bag as given: addresses of its rows (ascending) and of their weights, and their number. */
function takeBag(settings: usize, task: i32, bag: usize, list: usize): i32 {
  const entry = <usize>setting(settings, 9) + ((<usize>task) << 4);
  const rows = <usize>load<i32>(entry);
  const weights = <usize>load<i32>(entry, 4);
  const count = load<i32>(entry, 8);
  memory.fill(bag, 0, (<usize>setting(settings, 0)) << 3);
  memory.copy(list, rows, (<usize>count) << 2);
  for (let i: usize = 0; i < <usize>count; i++) {
    const r = <usize>load<i32>(rows + (i << 2));
    store<f64>(bag + (r << 3), load<f64>(weights + (i << 3)));
  }
  return count;
}

function sumRows(
  list: usize,
  begin: i32,
  end: i32,
  classes: usize,
  labels: usize,
  bag: usize,
  costs: usize,
  sums: usize,
): void {
  memory.fill(sums, 0, (costs != 0 ? 2 * classes : classes) << 3);
  for (let i = begin; i < end; i++) {
    const r = <usize>load<i32>(list + ((<usize>i) << 2));
    const at = sums + ((<usize>load<u16>(labels + (r << 1))) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(bag + (r << 3)));
    if (costs == 0) continue;
    const from = costs + ((r * classes) << 3);
    const to = sums + (classes << 3);
    for (let k: usize = 0; k < classes; k++)
      store<f64>(to + (k << 3), load<f64>(to + (k << 3)) + load<f64>(from + (k << 3)));
  }
}

/** Whether a row's byte goes left at a node. */
// @inline
function goesLeft(node: usize, feature: usize, byte: i32): bool {
  let bin = byte;
  const ordinary = load<i32>(feature, 16);
  if (ordinary >= 0) {
    const bins = load<i32>(feature, 12);
    bin -= load<i32>(feature, 8);
    bin = bin < 0 || bin >= bins - 1 ? ordinary : bin >= ordinary ? bin + 1 : bin;
  }
  if (bin == load<i32>(feature, 20)) return load<i32>(node, 28) != 0;
  if (load<i32>(feature, 28) != 0) return holdsBin(node + 48, bin);
  return bin <= load<i32>(node, 4);
}

/** Puts the node's left rows before its right ones, each in order; returns where the right ones begin. */
function part(node: usize, features: usize, list: usize, spare: usize, begin: i32, end: i32): i32 {
  const feature = features + <usize>load<i32>(node) * FEATURE_BYTES;
  const bytes = <usize>load<i32>(feature);
  const stride = <usize>load<i32>(feature, 4);
  let left = begin;
  let right: i32 = 0;
  for (let i = begin; i < end; i++) {
    const r = load<i32>(list + ((<usize>i) << 2));
    const byte = <i32>load<u8>(bytes + <usize>r * stride);
    if (goesLeft(node, feature, byte)) {
      store<i32>(list + ((<usize>left) << 2), r);
      left++;
    } else {
      store<i32>(spare + ((<usize>right) << 2), r);
      right++;
    }
  }
  memory.copy(list + ((<usize>left) << 2), spare, (<usize>right) << 2);
  return left;
}

/**
 * Task: one block of rows. Adds to `sums` (rows x classes) and `counts` the leaves of the rows that the slot's tree was not
 * grown on, as shares of the classes.
 */
export function addOutOfBag(
  task: i32,
  thread: i32,
  slot: usize,
  settings: usize,
  features: usize,
  blockRows: i32,
  sums: usize,
  counts: usize,
): void {
  const rows = <i32>setting(settings, 0);
  const classes = <usize>setting(settings, 1);
  const maxNodes = <usize>setting(settings, 10);
  const bounded = setting(settings, 13) != 0;
  const width = lineWidth(settings);
  const nodes = slot + 64;
  const nodeSums = nodes + maxNodes * NODE_BYTES;
  const bag = nodeSums + ((maxNodes * width) << 3) + ((<usize>((rows + 1) & ~1)) << 3);
  const end = min<i32>(rows, (task + 1) * blockRows);
  for (let r = <usize>(task * blockRows); r < <usize>end; r++) {
    if (load<f64>(bag + (r << 3)) != 0) continue;
    const id = leafOf(nodes, features, r);
    const leaf = nodeSums + ((id * width) << 3);
    const target = sums + ((r * classes) << 3);
    store<i32>(counts + (r << 2), load<i32>(counts + (r << 2)) + 1);
    if (bounded) {
      const share = boundedShare(leaf);
      store<f64>(target, load<f64>(target) + share);
      store<f64>(target, load<f64>(target, 8) + (1 - share), 8);
      continue;
    }
    let total: f64 = 0;
    for (let k: usize = 0; k < classes; k++) total += load<f64>(leaf + (k << 3));
    for (let k: usize = 0; k < classes; k++) {
      store<f64>(target + (k << 3), load<f64>(target + (k << 3)) + load<f64>(leaf + (k << 3)) / total);
    }
  }
}

// @inline
function leafOf(nodes: usize, features: usize, r: usize): usize {
  let id: usize = 0;
  let node = nodes;
  while (load<i32>(node, 8) >= 0) {
    const feature = features + <usize>load<i32>(node) * FEATURE_BYTES;
    const byte = <i32>load<u8>(<usize>load<i32>(feature) + r * <usize>load<i32>(feature, 4));
    id = <usize>load<i32>(goesLeft(node, feature, byte) ? node + 8 : node + 12);
    node = nodes + id * NODE_BYTES;
  }
  return id;
}

/** Task: one block of rows. The leaf of each row, as its place among the slot's nodes. */
export function findLeaves(
  task: i32,
  thread: i32,
  slot: usize,
  rows: i32,
  features: usize,
  blockRows: i32,
  target: usize,
): void {
  const end = min<i32>(rows, (task + 1) * blockRows);
  for (let r = <usize>(task * blockRows); r < <usize>end; r++) {
    store<i32>(target + (r << 2), <i32>leafOf(slot + 64, features, r));
  }
}
