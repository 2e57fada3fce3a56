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

/**
 * Task: one block of rows. The same for trees with a value a class: of a leaf the threshold is its place among `values`, whose
 * lines hold `classes` numbers. `sets` is 0 where no tree asks for categories.
 */
export function predictForest(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  trees: usize,
  treeCount: i32,
  nodes: usize,
  values: usize,
  classes: i32,
  scores: usize,
  sets: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const line = (<usize>columns) << 3;
  const width = (<usize>classes) << 3;
  for (let t: i32 = 0; t < treeCount; t++) {
    const root = nodes + <usize>load<i32>(trees + ((<usize>t) << 3)) * NODE_BYTES;
    let i = begin;
    // Four rows walk side by side, so that one's wait for memory is another's step; a leaf stays where it is. Not through sets.
    for (; sets == 0 && i + 4 <= end; i += 4) {
      const row = x + <usize>i * line;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      let moving = true;
      while (moving) {
        const nextA = step(row, a, root);
        const nextB = step(row + line, b, root);
        const nextC = step(row + 2 * line, c, root);
        const nextD = step(row + 3 * line, d, root);
        moving = nextA != a || nextB != b || nextC != c || nextD != d;
        a = nextA;
        b = nextB;
        c = nextC;
        d = nextD;
      }
      const at = scores + <usize>i * width;
      addLeaf(at, values + <usize>load<f64>(a) * width, width);
      addLeaf(at + width, values + <usize>load<f64>(b) * width, width);
      addLeaf(at + 2 * width, values + <usize>load<f64>(c) * width, width);
      addLeaf(at + 3 * width, values + <usize>load<f64>(d) * width, width);
    }
    for (; i < end; i++) {
      const leaf = descend(x + <usize>i * line, root, sets);
      addLeaf(scores + <usize>i * width, values + <usize>load<f64>(leaf) * width, width);
    }
  }
}

/** The child that the row goes to; of a leaf itself. */
// @inline
function step(row: usize, node: usize, root: usize): usize {
  const feature = load<i32>(node, 8);
  const value = load<f64>(row + ((<usize>max<i32>(feature, 0)) << 3));
  const flags = load<i32>(node, 20);
  const left = value != value ? flags & MISSING_LEFT : value <= load<f64>(node) ? 1 : 0;
  const child = root + <usize>load<i32>(node + 16 - ((<usize>left) << 2)) * NODE_BYTES;
  return feature < 0 ? node : child;
}

// @inline
function addLeaf(target: usize, leaf: usize, width: usize): void {
  for (let k: usize = 0; k < width; k += 8) store<f64>(target + k, load<f64>(target + k) + load<f64>(leaf + k));
}

function inSet(set: usize, value: f64): i32 {
  const code = <i32>value;
  if (!(value >= 0 && value < 256 && <f64>code == value)) return 0;
  return (load<i32>(set + ((<usize>(code >> 5)) << 2)) >> (code & 31)) & 1;
}

/**
 * The same for trees of at most 32 (or 64) leaves, in batches of 32 (or 16) trees, without a branch on the rows' values: a
 * table tells for each place of a value among a feature's thresholds which leaves of each tree it rules out, and the first
 * leaf from the left that nothing rules out is the row's (QuickScorer, Lucchese et al. 2015).
 *
 * Words of a batch: features, address of the features, trees, address of the leaves, of the trees' targets, leaves a tree.
 * Words of a feature: column, power of two above its thresholds, their address, address of the table, of its row for
 * missing values, of its row for unknown categories (0 for numbers). A row of a table has 128 bytes.
 */
export function predictBatches(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  batches: usize,
  batchCount: i32,
  scores: usize,
  stride: i32,
  scratch: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const line = (<usize>columns) << 3;
  const masks = scratch + ((<usize>thread) << 7);
  for (let b: i32 = 0; b < batchCount; b++) {
    const batch = batches + ((<usize>b) << 5);
    const features = load<i32>(batch);
    const table = <usize>load<i32>(batch, 4);
    const trees = load<i32>(batch, 8);
    const leaves = <usize>load<i32>(batch, 12);
    const targets = <usize>load<i32>(batch, 16);
    const wide = load<i32>(batch, 20) > 32;
    for (let i = begin; i < end; i++) {
      leavesLeft(x + <usize>i * line, features, table, masks);
      const score = scores + ((<usize>i * <usize>stride) << 3);
      if (stride == 1) {
        let sum = load<f64>(score);
        if (wide) {
          for (let t: i32 = 0; t < trees; t++) {
            const leaf = <usize>ctz<u64>(load<u64>(masks + ((<usize>t) << 3)));
            sum += load<f64>(leaves + ((((<usize>t) << 6) + leaf) << 3));
          }
        } else {
          for (let t: i32 = 0; t < trees; t++) {
            const leaf = <usize>ctz<u32>(load<u32>(masks + ((<usize>t) << 2)));
            sum += load<f64>(leaves + ((((<usize>t) << 5) + leaf) << 3));
          }
        }
        store<f64>(score, sum);
        continue;
      }
      for (let t: i32 = 0; t < trees; t++) {
        const at = score + ((<usize>load<i32>(targets + ((<usize>t) << 2))) << 3);
        const leaf = wide
          ? ((<usize>t) << 6) + <usize>ctz<u64>(load<u64>(masks + ((<usize>t) << 3)))
          : ((<usize>t) << 5) + <usize>ctz<u32>(load<u32>(masks + ((<usize>t) << 2)));
        store<f64>(at, load<f64>(at) + load<f64>(leaves + (leaf << 3)));
      }
    }
  }
}

// @inline
function leavesLeft(row: usize, features: i32, table: usize, masks: usize): void {
  let m0 = i64x2.splat(-1);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  let m4 = m0;
  let m5 = m0;
  let m6 = m0;
  let m7 = m0;
  let feature = table;
  for (let f: i32 = 0; f < features; f++) {
    const p = tableRow(load<f64>(row + ((<usize>load<i32>(feature)) << 3)), feature);
    m0 = v128.and(m0, v128.load(p));
    m1 = v128.and(m1, v128.load(p, 16));
    m2 = v128.and(m2, v128.load(p, 32));
    m3 = v128.and(m3, v128.load(p, 48));
    m4 = v128.and(m4, v128.load(p, 64));
    m5 = v128.and(m5, v128.load(p, 80));
    m6 = v128.and(m6, v128.load(p, 96));
    m7 = v128.and(m7, v128.load(p, 112));
    feature += 32;
  }
  v128.store(masks, m0);
  v128.store(masks, m1, 16);
  v128.store(masks, m2, 32);
  v128.store(masks, m3, 48);
  v128.store(masks, m4, 64);
  v128.store(masks, m5, 80);
  v128.store(masks, m6, 96);
  v128.store(masks, m7, 112);
}

// @inline
function tableRow(value: f64, feature: usize): usize {
  const table = <usize>load<i32>(feature, 12);
  const missing = <usize>load<i32>(feature, 16);
  const unknown = <usize>load<i32>(feature, 20);
  let found: usize;
  if (unknown != 0) {
    found = value >= 0 && value < 256 && floor<f64>(value) == value ? table + ((<usize>value) << 7) : unknown;
  } else {
    const thresholds = <usize>load<i32>(feature, 8);
    let at = thresholds;
    for (let step = <usize>load<i32>(feature, 4) >> 1; step > 0; step >>= 1) {
      at += load<f64>(at + ((step - 1) << 3)) < value ? step << 3 : 0;
    }
    found = table + ((at - thresholds) << 4);
  }
  return value == value ? found : missing;
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
