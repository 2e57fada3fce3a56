/**
 * A decision tree as columns, a place a node; node 0 is the root, children come after their parent.
 *
 * A row goes left where its value of `feature` is at most `threshold`, or, at a node with `categories`, where its value is
 * one of them. A missing value (NaN) goes left where `missingLeft` is 1.
 */
export interface Tree {
  /** Column of the rows that the node asks; -1 at a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  /** What the leaf gives, `nodes × outputs`; also at inner nodes: what the node would give were it a leaf. */
  readonly value: Float64Array;
  readonly outputs: number;
  /** What the split took off the objective; 0 at a leaf. */
  readonly gain: Float64Array;
  /** Training rows that came by, an integer weight as so many. */
  readonly cover: Float64Array;
  /** Categories that go left, by node; empty where there are none. */
  readonly categories: ReadonlyMap<number, readonly number[]>;
}

/** Arrays of a tree of so many nodes, all of them leaves of value 0, to be filled in. */
export function blankTree(nodes: number, outputs: number) {
  return {
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    missingLeft: new Uint8Array(nodes),
    value: new Float64Array(nodes * outputs),
    outputs,
    gain: new Float64Array(nodes),
    cover: new Float64Array(nodes),
    categories: new Map<number, readonly number[]>(),
  };
}

/** Number of leaves. */
export function leavesOf(tree: Tree): number {
  return (tree.feature.length + 1) / 2;
}

/** Number of splits on the longest way from the root to a leaf. */
export function depthOf(tree: Tree): number {
  const depth = new Int32Array(tree.feature.length);
  let deepest = 0;
  for (let node = 0; node < depth.length; node++) {
    if (tree.feature[node]! < 0) continue;
    depth[tree.left[node]!] = depth[tree.right[node]!] = depth[node]! + 1;
    deepest = Math.max(deepest, depth[node]! + 1);
  }
  return deepest;
}
