import { expPair } from './elementary';

/**
 * Scores of rows by a list of trees.
 *
 * Nodes of 24 bytes: threshold f64 (of a leaf its value), feature i32 (of a leaf -1), left i32, right i32, flags: 1 missing
 * goes left, 2 a set of categories. Children are places from the tree's first node on.
 */
const NODE_BYTES: usize = 24;
const MISSING_LEFT: i32 = 1;
const CATEGORIES: i32 = 2;

/**
 * Task: one block of `blockRows` rows. Adds to `scores[row * stride + target[tree]]` the leaves of each tree, tree by tree.
 * `trees`: first node (i32) and target (i32) of each. Of a set of categories the threshold is its place among `sets`: 8 words.
 */
export function predictTrees(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  trees: usize,
  treeCount: i32,
  nodes: usize,
  sets: usize,
  scores: usize,
  stride: i32,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const line = (<usize>columns) << 3;
  for (let t: i32 = 0; t < treeCount; t++) {
    const root = nodes + <usize>load<i32>(trees + ((<usize>t) << 3)) * NODE_BYTES;
    const target = scores + ((<usize>load<i32>(trees + ((<usize>t) << 3), 4)) << 3);
    for (let i = begin; i < end; i++) {
      const leaf = descend(x + <usize>i * line, root, sets);
      const at = target + ((<usize>i * <usize>stride) << 3);
      store<f64>(at, load<f64>(at) + load<f64>(leaf));
    }
  }
}

// @inline
function descend(row: usize, root: usize, sets: usize): usize {
  let node = root;
  let feature = load<i32>(node, 8);
  while (feature >= 0) {
    const value = load<f64>(row + ((<usize>feature) << 3));
    const flags = load<i32>(node, 20);
    let left: i32;
    if (value != value) left = flags & MISSING_LEFT;
    else if ((flags & CATEGORIES) == 0) left = value <= load<f64>(node) ? 1 : 0;
    else left = inSet(sets + ((<usize>load<f64>(node)) << 5), value);
    node = root + <usize>load<i32>(node + 16 - ((<usize>left) << 2)) * NODE_BYTES;
    feature = load<i32>(node, 8);
  }
  return node;
}

function inSet(set: usize, value: f64): i32 {
  const code = <i32>value;
  if (!(value >= 0 && value < 256)) return 0;
  return (load<i32>(set + ((<usize>(code >> 5)) << 2)) >> (code & 31)) & 1;
}

/** Task: one block of rows. Both probabilities of each row from its score. */
export function sigmoidRows(task: i32, thread: i32, scores: usize, rows: i32, blockRows: i32, target: usize): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  for (let i = begin; i < end; i++) {
    const z = load<f64>(scores + ((<usize>i) << 3));
    const e = f64x2.extract_lane(expPair(f64x2.splat(-abs(z))), 0);
    const large = 1 / (1 + e);
    const small = e / (1 + e);
    store<f64>(target + ((<usize>i) << 4), z >= 0 ? small : large);
    store<f64>(target + ((<usize>i) << 4), z >= 0 ? large : small, 8);
  }
}

/** Task: one block of rows. Softmax of each row's `classes` scores in place. */
export function softmaxLines(task: i32, thread: i32, scores: usize, rows: i32, classes: i32, blockRows: i32): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  for (let i = begin; i < end; i++) {
    const row = scores + ((<usize>i * <usize>classes) << 3);
    let most = load<f64>(row);
    for (let k: i32 = 1; k < classes; k++) most = max(most, load<f64>(row + ((<usize>k) << 3)));
    let sum: f64 = 0;
    for (let k: i32 = 0; k < classes; k++) {
      const e = f64x2.extract_lane(expPair(f64x2.splat(load<f64>(row + ((<usize>k) << 3)) - most)), 0);
      store<f64>(row + ((<usize>k) << 3), e);
      sum += e;
    }
    for (let k: i32 = 0; k < classes; k++)
      store<f64>(row + ((<usize>k) << 3), load<f64>(row + ((<usize>k) << 3)) / sum);
  }
}
