import type { ModelFields } from '../calibrate/model-fields.ts';
import { modelFields } from '../calibrate/model-fields.ts';
import type { RandomStream } from '../runtime/random.ts';

/** One isolation tree; node 0 is the root, children come after their parent and the right one is next to the left. */
export interface IsolationTree {
  /** Column of each node; -1 for a leaf. */
  readonly features: Int32Array;
  /** Rows go left where the value is at most this; 0 for a leaf. */
  readonly thresholds: Float64Array;
  /** Left child; -1 for a leaf. */
  readonly left: Int32Array;
  /** Rows of the sample that ended in a leaf; 0 for inner nodes. */
  readonly sizes: Int32Array;
}

/** The Euler-Mascheroni constant. */
const EULER = 0.5772156649015329;

/**
 * Mean path length of an unsuccessful search in a binary search tree of n rows: 2 H(n - 1) - 2 (n - 1) / n, with
 * H(i) = ln i + 0.5772156649...; 1 for two rows, and 0 below (Liu, Ting and Zhou, "Isolation-based anomaly detection", ACM TKDD 6, 2012).
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n;
}

/** Depth of every node and the path length of every leaf: its depth, and what a tree of its rows would have added. */
export function leafLengths({ left, sizes }: Pick<IsolationTree, 'left' | 'sizes'>): {
  lengths: Float64Array;
  depth: number;
} {
  const depths = new Int32Array(left.length);
  const lengths = new Float64Array(left.length);
  let depth = 0;
  for (let node = 0; node < left.length; node++) {
    const child = left[node]!;
    if (child >= 0) depths[child] = depths[child + 1] = depths[node]! + 1;
    else {
      lengths[node] = depths[node]! + averagePathLength(sizes[node]!);
      depth = Math.max(depth, depths[node]!);
    }
  }
  return { lengths, depth };
}

/**
 * Draws `size` of `order.length` rows without replacement. `order` holds 0, 1, 2, ... before and after, so that a draw does not hang on
 * those before it.
 */
export function drawRows(order: Int32Array, size: number, stream: RandomStream): Int32Array {
  const swaps = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const j = i + stream.integer(order.length - i);
    swaps[i] = j;
    exchange(order, i, j);
  }
  const drawn = order.slice(0, size);
  for (let i = size - 1; i >= 0; i--) exchange(order, i, swaps[i]!);
  return drawn;
}

function exchange(values: Int32Array, a: number, b: number): void {
  const held = values[a]!;
  values[a] = values[b]!;
  values[b] = held;
}

/** Reads trees of plain data; each must be whole: every node reached once, from a parent before it. Throws `bad-model`. */
export function readIsolationTrees(fields: ModelFields, columns: number): readonly IsolationTree[] {
  const list = fields.list('trees');
  fields.require('trees', list.length > 0);
  return list.map((json) => {
    const tree = modelFields(json, 'isolation tree');
    const features = Int32Array.from(tree.numbers('features'));
    const thresholds = tree.numbers('thresholds', features.length);
    tree.require(
      'features',
      features.every((feature) => feature >= -1 && feature < columns),
    );
    const left = readChildren(tree, features.length, (node) => features[node]! < 0);
    return { features, thresholds, left, sizes: readSizes(tree, left) };
  });
}

/** Left children of `nodes` nodes, -1 exactly for leaves. Throws `bad-model`. */
export function readChildren(tree: ModelFields, nodes: number, isLeaf: (node: number) => boolean): Int32Array {
  const left = Int32Array.from(tree.numbers('left', nodes));
  const reached = new Uint8Array(nodes + 1);
  let count = nodes > 0 ? 1 : 0;
  for (let node = 0; node < nodes; node++) {
    const child = left[node]!;
    tree.require('left', isLeaf(node) === (child === -1));
    if (child === -1) continue;
    tree.require('left', child > node && child + 1 < nodes && reached[child] === 0 && reached[child + 1] === 0);
    reached[child] = reached[child + 1] = 1;
    count += 2;
  }
  tree.require('left', nodes > 0 && count === nodes);
  return left;
}

/** Rows of each leaf. Throws `bad-model`. */
export function readSizes(tree: ModelFields, left: Int32Array): Int32Array {
  const sizes = Int32Array.from(tree.numbers('sizes', left.length));
  tree.require(
    'sizes',
    sizes.every((size) => size >= 0),
  );
  return sizes;
}
