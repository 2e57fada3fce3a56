import { expPair } from './elementary';

/**
 * Scores of rows by isolation trees.
 *
 * Axis-parallel nodes have 16 bytes: threshold f64, feature i32, left child i32; the right child is the next node. A leaf has an
 * infinite threshold and itself as left child, so that every row takes as many steps as the tree is deep, without a branch.
 * `trees` holds root and depth (i32) of each tree, `lengths` the path length (f64) of each node that is a leaf, `factor` the
 * number by which the sum of the path lengths becomes the exponent.
 */
const LANES: i32 = 4;

/** Task: one block of `blockRows` rows. Writes the score of each row. */
export function isolationScores(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  trees: usize,
  treeCount: i32,
  nodes: usize,
  lengths: usize,
  factor: usize,
  scores: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const line = (<usize>columns) << 3;
  for (let i = begin; i < end; i++) store<f64>(scores + ((<usize>i) << 3), 0);
  for (let t: i32 = 0; t < treeCount; t++) {
    const root = load<i32>(trees + ((<usize>t) << 3));
    const depth = load<i32>(trees + ((<usize>t) << 3), 4);
    let i = begin;
    for (; i + LANES <= end; i += LANES) {
      const row = x + <usize>i * line;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (let s: i32 = 0; s < depth; s++) {
        a = child(nodes, a, row);
        b = child(nodes, b, row + line);
        c = child(nodes, c, row + 2 * line);
        d = child(nodes, d, row + 3 * line);
      }
      const at = scores + ((<usize>i) << 3);
      addLength(at, lengths, a);
      addLength(at + 8, lengths, b);
      addLength(at + 16, lengths, c);
      addLength(at + 24, lengths, d);
    }
    for (; i < end; i++) {
      let a = root;
      for (let s: i32 = 0; s < depth; s++) a = child(nodes, a, x + <usize>i * line);
      addLength(scores + ((<usize>i) << 3), lengths, a);
    }
  }
  finish(scores, begin, end, load<f64>(factor));
}

// @inline
function child(nodes: usize, place: i32, row: usize): i32 {
  const node = nodes + ((<usize>place) << 4);
  const value = load<f64>(row + ((<usize>load<i32>(node, 8)) << 3));
  return load<i32>(node, 12) + i32(value > load<f64>(node));
}

/**
 * The same for trees that cut along hyperplanes. Nodes have 16 bytes: intercept f64, left child i32, place of the normal among `normals`
 * i32. A row goes left where its product with the normal is at most the intercept; a leaf has an infinite one and itself as left
 * child. Rows and normals have an even number of columns, `width`; even and odd columns are summed apart.
 */
export function hyperplaneScores(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  width: i32,
  blockRows: i32,
  trees: usize,
  treeCount: i32,
  nodes: usize,
  normals: usize,
  lengths: usize,
  factor: usize,
  scores: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const line = (<usize>width) << 3;
  for (let i = begin; i < end; i++) store<f64>(scores + ((<usize>i) << 3), 0);
  for (let t: i32 = 0; t < treeCount; t++) {
    const root = load<i32>(trees + ((<usize>t) << 3));
    const depth = load<i32>(trees + ((<usize>t) << 3), 4);
    let i = begin;
    for (; i + LANES <= end; i += LANES) {
      const row = x + <usize>i * line;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (let s: i32 = 0; s < depth; s++) {
        const nodeA = nodes + ((<usize>a) << 4);
        const nodeB = nodes + ((<usize>b) << 4);
        const nodeC = nodes + ((<usize>c) << 4);
        const nodeD = nodes + ((<usize>d) << 4);
        const normalA = normals + <usize>load<i32>(nodeA, 12) * line;
        const normalB = normals + <usize>load<i32>(nodeB, 12) * line;
        const normalC = normals + <usize>load<i32>(nodeC, 12) * line;
        const normalD = normals + <usize>load<i32>(nodeD, 12) * line;
        let sumA = f64x2.splat(0);
        let sumB = f64x2.splat(0);
        let sumC = f64x2.splat(0);
        let sumD = f64x2.splat(0);
        for (let at: usize = 0; at < line; at += 16) {
          sumA = f64x2.add(sumA, f64x2.mul(v128.load(row + at), v128.load(normalA + at)));
          sumB = f64x2.add(sumB, f64x2.mul(v128.load(row + line + at), v128.load(normalB + at)));
          sumC = f64x2.add(sumC, f64x2.mul(v128.load(row + 2 * line + at), v128.load(normalC + at)));
          sumD = f64x2.add(sumD, f64x2.mul(v128.load(row + 3 * line + at), v128.load(normalD + at)));
        }
        a = side(nodeA, sumA);
        b = side(nodeB, sumB);
        c = side(nodeC, sumC);
        d = side(nodeD, sumD);
      }
      const at = scores + ((<usize>i) << 3);
      addLength(at, lengths, a);
      addLength(at + 8, lengths, b);
      addLength(at + 16, lengths, c);
      addLength(at + 24, lengths, d);
    }
    for (; i < end; i++) {
      const row = x + <usize>i * line;
      let a = root;
      for (let s: i32 = 0; s < depth; s++) {
        const node = nodes + ((<usize>a) << 4);
        const normal = normals + <usize>load<i32>(node, 12) * line;
        let sum = f64x2.splat(0);
        for (let at: usize = 0; at < line; at += 16) {
          sum = f64x2.add(sum, f64x2.mul(v128.load(row + at), v128.load(normal + at)));
        }
        a = side(node, sum);
      }
      addLength(scores + ((<usize>i) << 3), lengths, a);
    }
  }
  finish(scores, begin, end, load<f64>(factor));
}

// @inline
function side(node: usize, sum: v128): i32 {
  const product = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return load<i32>(node, 8) + i32(product > load<f64>(node));
}

/** Adds the path length of a leaf to the sum of a row, which stands at `at`. */
// @inline
function addLength(at: usize, lengths: usize, leaf: i32): void {
  store<f64>(at, load<f64>(at) + load<f64>(lengths + ((<usize>leaf) << 3)));
}

/** Turns sums of path lengths into scores, 2^(-mean / c(n)), by their factor. */
function finish(scores: usize, begin: i32, end: i32, factor: f64): void {
  for (let i = begin; i < end; i++) {
    const at = scores + ((<usize>i) << 3);
    store<f64>(at, f64x2.extract_lane(expPair(f64x2.splat(load<f64>(at) * factor)), 0));
  }
}
