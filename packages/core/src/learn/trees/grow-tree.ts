import type { RandomStream } from '../../runtime/random.ts';
import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { GradientRecords } from './gradient-records.ts';
import { histogramPool } from './histogram-pool.ts';
import { type LeafSums, leafSums } from './leaf-sums.ts';
import { type Bounds, readSums, type Sums } from './node-sums.ts';
import { rowLists } from './row-lists.ts';
import { splitRuler } from './split-rule.ts';
import { type FoundSplit, type SplitRules, splitSearch } from './split-search.ts';
import type { Tree } from './tree.ts';
import { type TreeDraft, treeDraft } from './tree-draft.ts';

export interface GrowthRules extends SplitRules {
  readonly maxLeaves: number;
  /** Most splits on a way from the root; Infinity for any. */
  readonly maxDepth: number;
  /** `leaf-wise`: the split with the largest gain next. `depth-wise`: level by level. */
  readonly growth: 'leaf-wise' | 'depth-wise';
  /** Features looked at for each split; all where it is their number. */
  readonly maxFeatures: number;
}

/** A tree and the rows of its leaves. */
export interface GrownTree {
  readonly tree: Tree;
  /** Leaves with their rows: `begin` and `count` in the list of rows. */
  readonly leaves: readonly { readonly node: number; readonly begin: number; readonly count: number }[];
}

export interface TreeGrower {
  /**
   * Grows a tree on the rows listed (undefined for all). `scale` multiplies the leaf values (the learning rate).
   * The list of rows is put in the order of the leaves.
   */
  grow(records: GradientRecords, rows: Int32Array | undefined, scale: number, stream?: RandomStream): GrownTree;
  /** Adds each leaf's value to the scores of its rows. */
  addTo(scores: number, grown: GrownTree): void;
}

interface Leaf {
  readonly sums: Sums;
  readonly bounds: Bounds;
  readonly node: number;
  readonly depth: number;
  readonly begin: number;
  readonly count: number;
  /** Address of the histogram; 0 where the leaf is not split further. */
  histogram: number;
  split: FoundSplit | null;
}

/** Sets up memory to grow trees one after another on the same binned rows. */
export function treeGrower(work: Work, rows: BinnedRows, rules: GrowthRules): TreeGrower {
  const pool = histogramPool(work, rows);
  const lists = rowLists(work, rows);
  const search = splitSearch(work, rows, rules);
  const ruleOf = splitRuler();
  const features = rows.features.length;

  /** Finds the leaves' best splits; a leaf without one gives its histogram back. */
  const look = (leaves: readonly Leaf[], records: GradientRecords, stream: RandomStream | undefined) => {
    const drawn = stream && rules.maxFeatures < features ? stream : undefined;
    const chosen = drawn && leaves.map(() => someFeatures(drawn, features, rules.maxFeatures));
    search.find(leaves, records, chosen).forEach((split, i) => {
      const leaf = leaves[i]!;
      leaf.split = split;
      if (!split) close(leaf);
    });
  };
  const close = (leaf: Leaf) => {
    pool.release(leaf.histogram);
    leaf.histogram = 0;
  };

  /** Parts a leaf's rows and makes its two children, without histograms. */
  const part = (leaf: Leaf, split: FoundSplit, draft: TreeDraft, sums: LeafSums): [Leaf, Leaf] => {
    const feature = rows.features[split.feature]!;
    const { left, right } = split;
    const mostLeft = sums.covered(left) >= sums.covered(right);
    const rule = ruleOf(feature, split, mostLeft);
    const leftCount = lists.part(leaf.begin, leaf.count, feature.column, rule.goesLeft);
    const bounds = sums.childBounds(leaf.bounds, rules.monotone.get(feature.feature) ?? 0, left, right);
    const child = (of: Sums, limits: Bounds, begin: number, count: number): Leaf => {
      const node = draft.add(sums.valueOf(of, limits), sums.covered(of));
      return { sums: of, bounds: limits, node, depth: leaf.depth + 1, begin, count, histogram: 0, split: null };
    };
    const children: [Leaf, Leaf] = [
      child(left, bounds.left, leaf.begin, leftCount),
      child(right, bounds.right, leaf.begin + leftCount, leaf.count - leftCount),
    ];
    draft.split(leaf.node, feature.feature, rule, split.gain, children[0].node, children[1].node);
    return children;
  };

  /** Gives the children their histograms: that of the smaller is built, that of the larger is what remains. */
  const open = (leaf: Leaf, children: readonly [Leaf, Leaf], records: GradientRecords, sums: LeafSums): Leaf[] => {
    const splittable = children.filter((child) => sums.splittable(child.sums, child.depth));
    if (splittable.length === 0) {
      close(leaf);
      return [];
    }
    const [small, large] = children[0].count <= children[1].count ? children : [children[1], children[0]];
    small.histogram = pool.fill(lists.addressAt(small.begin), small.count, records.address, leaf.histogram);
    large.histogram = leaf.histogram;
    for (const child of children) if (!splittable.includes(child)) close(child);
    return splittable;
  };

  const grow: TreeGrower['grow'] = (records, bag, scale, stream) => {
    const sums = leafSums(records, rules, scale);
    const draft = treeDraft();
    const count = lists.reset(bag);
    const [g, h] = lists.sums(records.address);
    const all = readSums(g, h, records);
    const bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const node = draft.add(sums.valueOf(all, bounds), sums.covered(all));
    const root: Leaf = { sums: all, bounds, node, depth: 0, begin: 0, count, histogram: 0, split: null };
    if (features > 0 && sums.splittable(all, 0)) {
      root.histogram = pool.fill(bag ? lists.addressAt(0) : 0, count, records.address);
      look([root], records, stream);
    }
    const leaves: Leaf[] = [root];
    while (leaves.length < rules.maxLeaves) {
      const at = nextLeaf(leaves, rules.growth);
      if (at < 0) break;
      const leaf = leaves[at]!;
      const children = part(leaf, leaf.split!, draft, sums);
      leaves.splice(at, 1, ...children);
      if (leaves.length === rules.maxLeaves) close(leaf);
      else {
        const splittable = open(leaf, children, records, sums);
        if (splittable.length > 0) look(splittable, records, stream);
      }
    }
    for (const leaf of leaves) if (leaf.histogram) close(leaf);
    return {
      tree: draft.done(),
      leaves: leaves.map((leaf) => ({ node: leaf.node, begin: leaf.begin, count: leaf.count })),
    };
  };

  const addTo = (scores: number, { tree, leaves }: GrownTree) =>
    lists.add(
      scores,
      leaves.map(({ node, begin, count }) => ({ begin, count, value: tree.value[node]! })),
    );
  return Object.freeze({ grow, addTo });
}

/** The open leaf to split next; of equal ones the first from the left. -1 if none is left. */
function nextLeaf(leaves: readonly Leaf[], growth: GrowthRules['growth']): number {
  let at = -1;
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]!;
    if (!leaf.split) continue;
    const other = leaves[at];
    const better = !other || (growth === 'leaf-wise' ? leaf.split.gain > other.split!.gain : leaf.depth < other.depth);
    if (better) at = i;
  }
  return at;
}

/** Features for one split, ascending, drawn without replacement. */
function someFeatures(stream: RandomStream, features: number, wanted: number): Int32Array {
  const all = Int32Array.from({ length: features }, (_, i) => i);
  for (let i = 0; i < wanted; i++) {
    const j = i + stream.integer(features - i);
    const held = all[i]!;
    all[i] = all[j]!;
    all[j] = held;
  }
  return all.slice(0, wanted).sort();
}
