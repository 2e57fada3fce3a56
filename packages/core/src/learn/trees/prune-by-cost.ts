import { blankTree, type Tree } from './tree.ts';

/** Which nodes of a tree stay. */
export interface CostPruning {
  /** For each node of the tree its place in the pruned one; -1 for those that went. */
  readonly place: Int32Array;
  /** Nodes of the pruned tree. */
  readonly nodes: number;
}

/**
 * The smallest tree that costs least when each leaf costs `alpha` besides (Breiman et al. 1984, chapter 3, with costs as the
 * risk): a branch goes where it saves no more than `alpha` for each leaf that it has beyond one. `leafCosts`: what each node
 * costs as a leaf.
 */
export function pruneByCost(tree: Tree, leafCosts: Float64Array, alpha: number): CostPruning {
  const count = tree.feature.length;
  const cost = leafCosts.slice();
  const leaves = new Float64Array(count).fill(1);
  const stays = new Uint8Array(count);
  // Sums of branches differ from their parts' by rounding alone where nothing is saved.
  const rounding = 1e-12 * Math.abs(leafCosts[0]!);
  for (let node = count - 1; node >= 0; node--) {
    if (tree.feature[node]! < 0) continue;
    const left = tree.left[node]!;
    const right = tree.right[node]!;
    const branch = cost[left]! + cost[right]!;
    const size = leaves[left]! + leaves[right]!;
    if (leafCosts[node]! - branch <= alpha * (size - 1) + rounding) continue;
    stays[node] = 1;
    cost[node] = branch;
    leaves[node] = size;
  }
  const place = new Int32Array(count).fill(-1);
  place[0] = 0;
  const inside = new Uint8Array(count);
  inside[0] = 1;
  let nodes = 0;
  for (let node = 0; node < count; node++) {
    if (!inside[node]) continue;
    place[node] = nodes++;
    if (!stays[node]) continue;
    inside[tree.left[node]!] = inside[tree.right[node]!] = 1;
  }
  return { place, nodes };
}

/** The nodes that stay; an inner node whose children went is a leaf. */
export function prunedTree(tree: Tree, { place, nodes }: CostPruning): Tree {
  const { outputs } = tree;
  const pruned = {
    ...blankTree(nodes, outputs),
    value: keptLines(tree.value, outputs, { place, nodes }),
    cover: keptLines(tree.cover, 1, { place, nodes }),
  };
  place.forEach((at, node) => {
    if (at < 0 || tree.feature[node]! < 0 || place[tree.left[node]!]! < 0) return;
    pruned.feature[at] = tree.feature[node]!;
    pruned.threshold[at] = tree.threshold[node]!;
    pruned.left[at] = place[tree.left[node]!]!;
    pruned.right[at] = place[tree.right[node]!]!;
    pruned.missingLeft[at] = tree.missingLeft[node]!;
    pruned.gain[at] = tree.gain[node]!;
    const codes = tree.categories.get(node);
    if (codes) pruned.categories.set(at, codes);
  });
  return Object.freeze(pruned);
}

/** Lines of the nodes that stay. */
export function keptLines(values: Float64Array, width: number, { place, nodes }: CostPruning): Float64Array {
  const kept = new Float64Array(nodes * width);
  place.forEach((at, node) => {
    if (at >= 0) kept.set(values.subarray(node * width, (node + 1) * width), at * width);
  });
  return kept;
}
