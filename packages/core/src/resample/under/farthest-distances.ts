import type { Matrix } from '../../data/matrix.ts';

/** Rows of a leaf of the tree: few enough that bounds prune well, many enough that the walk down costs little. */
const LEAF = 16;

/**
 * For rows of the same columns: the sum of the k largest Euclidean distances to the rows of `points`, in memory that grows
 * with `points` only; infinity where the sum is larger than `limit`.
 *
 * A k-d tree with bounding boxes: no row of a box is farther than its farthest corner, so boxes that reach no farther than
 * the k-th largest distance so far are passed over; and once the k largest so far add up to more than the limit, the
 * rest is. Exact; k is at most the number of points.
 */
export function farthestDistanceSums(
  points: Matrix,
  k: number,
): (values: Float64Array, start: number, limit?: number) => number {
  const { columns } = points;
  const tree = plant(points);
  const largest = new Float64Array(k);

  const bound = (node: number, x: Float64Array, start: number): number => {
    let sum = 0;
    const low = node * 2 * columns;
    for (let j = 0; j < columns; j++) {
      const value = x[start + j]!;
      const a = Math.abs(value - tree.boxes[low + j]!);
      const b = Math.abs(tree.boxes[low + columns + j]! - value);
      sum += a > b ? a * a : b * b;
    }
    return sum;
  };
  /** `largest` ascends; its first entry is the one to beat. */
  const offer = (squared: number) => {
    if (squared <= largest[0]!) return;
    let at = 1;
    for (; at < k && largest[at]! < squared; at++) largest[at - 1] = largest[at]!;
    largest[at - 1] = squared;
  };
  /** The sum so far, which only grows; summed in the same order, so rounding cannot make it exceed the final one. */
  const sumSoFar = () => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += largest[i]! > 0 ? Math.sqrt(largest[i]!) : 0;
    return sum;
  };
  let limit = Number.POSITIVE_INFINITY;
  let above = false;
  const visit = (node: number, x: Float64Array, start: number, reach: number) => {
    if (above || reach <= largest[0]!) return;
    const left = tree.children[node]!;
    if (left < 0) {
      for (let i = tree.starts[node]!; i < tree.ends[node]!; i++) {
        let sum = 0;
        for (let j = 0, at = i * columns; j < columns; j++, at++) {
          const difference = x[start + j]! - tree.values[at]!;
          sum += difference * difference;
        }
        offer(sum);
      }
      above = limit < Number.POSITIVE_INFINITY && sumSoFar() > limit;
      return;
    }
    const a = bound(left, x, start);
    const b = bound(left + 1, x, start);
    visit(a >= b ? left : left + 1, x, start, Math.max(a, b));
    visit(a >= b ? left + 1 : left, x, start, Math.min(a, b));
  };

  return (values, start, most = Number.POSITIVE_INFINITY) => {
    largest.fill(-1);
    limit = most;
    above = false;
    visit(0, values, start, bound(0, values, start));
    return above ? Number.POSITIVE_INFINITY : sumSoFar();
  };
}

interface Tree {
  /** The points, leaf after leaf. */
  readonly values: Float64Array;
  readonly starts: number[];
  readonly ends: number[];
  /** First of the two children of a node, -1 for a leaf. */
  readonly children: number[];
  /** Lowest corner, then highest corner, of each node. */
  readonly boxes: number[];
}

function plant({ data, rows, columns }: Matrix): Tree {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const tree: Tree = { values: new Float64Array(rows * columns), starts: [], ends: [], children: [], boxes: [] };
  const add = (start: number, end: number) => {
    const box = boxOf(data, columns, order, start, end);
    tree.starts.push(start);
    tree.ends.push(end);
    tree.children.push(-1);
    for (const corner of box) tree.boxes.push(corner);
    return box;
  };
  const pending = [{ node: 0, box: add(0, rows) }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, box } = next;
    const [start, end] = [tree.starts[node]!, tree.ends[node]!];
    let widest = -1;
    let width = 0;
    for (let j = 0; j < columns; j++) {
      const span = box[columns + j]! - box[j]!;
      if (span > width) [widest, width] = [j, span];
    }
    if (end - start <= LEAF || widest < 0) continue;
    order.subarray(start, end).sort((a, b) => data[a * columns + widest]! - data[b * columns + widest]! || a - b);
    const middle = (start + end) >> 1;
    const left = tree.starts.length;
    tree.children[node] = left;
    const boxes = [add(start, middle), add(middle, end)];
    pending.push({ node: left, box: boxes[0]! }, { node: left + 1, box: boxes[1]! });
  }
  for (let i = 0; i < rows; i++) {
    tree.values.set(data.subarray(order[i]! * columns, (order[i]! + 1) * columns), i * columns);
  }
  return tree;
}

function boxOf(data: Float64Array, columns: number, order: Int32Array, start: number, end: number): Float64Array {
  const box = new Float64Array(2 * columns);
  box.fill(Number.POSITIVE_INFINITY, 0, columns);
  box.fill(Number.NEGATIVE_INFINITY, columns);
  for (let i = start; i < end; i++) {
    for (let j = 0, at = order[i]! * columns; j < columns; j++, at++) {
      const value = data[at]!;
      if (value < box[j]!) box[j] = value;
      if (value > box[columns + j]!) box[columns + j] = value;
    }
  }
  return box;
}
