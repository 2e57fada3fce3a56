import type { Matrix } from '../../data/matrix.ts';

/** A row of a matrix to a class code. */
export type RowClassifier = (X: Matrix, row: number) => number;

/** Splits whose purity differs by less, relative to it, are equally pure: the same fractions summed in another order. */
const ROUNDING = 1e-12;
/** Rows that a leaf has at least. */
const LEAST_IN_LEAF = 2;

/**
 * A classification tree by Gini impurity: splits of the form `column ≤ threshold` (half way between two values) until a node has
 * one class, fewer than four rows, or no split that leaves two rows a side. Nothing is pruned and no weight counts.
 *
 * Of splits that are equally pure, the one with the widest gap between the two values wins, held against the column's range in
 * the node, then the earlier column; a leaf with a tie has the tied class with the lowest code. Who numbers the classes by
 * something other than their names gets a tree on which these have no influence.
 *
 * Breiman, Friedman, Olshen and Stone, "Classification and regression trees" (1984).
 */
export function classificationTree(X: Matrix, codes: Int32Array, classes: number): RowClassifier {
  const { rows, columns, data } = X;
  // The rows of every node, in the order of each column: a node is the same range of places in all of them.
  const orders = Array.from({ length: columns }, (_, j) =>
    Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => data[a * columns + j]! - data[b * columns + j]!),
  );
  const ids = Int32Array.from({ length: rows }, (_, row) => row);
  const buffer = new Int32Array(rows);
  const goesLeft = new Uint8Array(rows);
  const nodes: Node[] = [{ start: 0, end: rows, column: -1, threshold: 0, left: 0, label: 0 }];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]!;
    const counts = new Float64Array(classes);
    for (let i = node.start; i < node.end; i++) counts[codes[ids[i]!]!]!++;
    node.label = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
    const split = bestSplit(X, codes, orders, node, counts);
    if (!split) continue;
    for (let i = node.start; i < node.end; i++) {
      const row = ids[i]!;
      goesLeft[row] = data[row * columns + split.column]! <= split.threshold ? 1 : 0;
    }
    let middle = 0;
    for (const order of [ids, ...orders]) middle = part(order, node, goesLeft, buffer);
    Object.assign(node, { column: split.column, threshold: split.threshold, left: nodes.length });
    nodes.push({ ...node, start: node.start, end: middle, column: -1 }, { ...node, start: middle, column: -1 });
  }
  return (asked, row) => {
    let node = nodes[0]!;
    while (node.column >= 0) {
      const value = asked.data[row * columns + node.column]!;
      node = nodes[value <= node.threshold ? node.left : node.left + 1]!;
    }
    return node.label;
  };
}

/** A leaf has no column. The right child follows the left one. */
interface Node {
  readonly start: number;
  readonly end: number;
  column: number;
  threshold: number;
  left: number;
  label: number;
}

interface Split {
  readonly column: number;
  readonly threshold: number;
}

function bestSplit(
  { data, columns }: Matrix,
  codes: Int32Array,
  orders: readonly Int32Array[],
  { start, end }: Node,
  counts: Float64Array,
): Split | undefined {
  const size = end - start;
  const whole = sumOfSquares(counts);
  if (size < 2 * LEAST_IN_LEAF || whole === size * size) return undefined;
  // Σ c² / n over both sides is largest where the impurity is least.
  let [purest, widest] = [whole / size, 0];
  let best: Split | undefined;
  for (const [column, order] of orders.entries()) {
    const valueAt = (place: number) => data[order[place]! * columns + column]!;
    const range = valueAt(end - 1) - valueAt(start);
    if (range === 0) continue;
    const before = new Float64Array(counts.length);
    let [left, right] = [0, whole];
    for (let i = start; i < end - LEAST_IN_LEAF; i++) {
      const code = codes[order[i]!]!;
      right -= 2 * (counts[code]! - before[code]!) - 1;
      left += 2 * before[code]!++ + 1;
      const value = valueAt(i);
      const next = valueAt(i + 1);
      const inLeft = i + 1 - start;
      if (next === value || inLeft < LEAST_IN_LEAF) continue;
      const purity = left / inLeft + right / (size - inLeft);
      const width = (next - value) / range;
      const gain = purity - purest;
      if (gain < -ROUNDING * purest || (gain <= ROUNDING * purest && (width <= widest || !best))) continue;
      [purest, widest] = [purity, width];
      best = { column, threshold: middleOf(value, next) };
    }
  }
  return best;
}

function sumOfSquares(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count * count, 0);
}

/** From `value` to below `next`. */
function middleOf(value: number, next: number): number {
  const middle = value / 2 + next / 2;
  return middle >= value && middle < next ? middle : value;
}

/** Moves what goes left to the front of the node's range, both sides keeping their order; gives where the right starts. */
function part(order: Int32Array, { start, end }: Node, goesLeft: Uint8Array, buffer: Int32Array): number {
  let [to, aside] = [start, 0];
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    if (goesLeft[row] === 1) order[to++] = row;
    else buffer[aside++] = row;
  }
  order.set(buffer.subarray(0, aside), to);
  return to;
}
