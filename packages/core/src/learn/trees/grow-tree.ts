import type { RandomStream } from '../../runtime/random.ts';
import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { GradientRecords } from './gradient-records.ts';
import { histogramPool } from './histogram-pool.ts';
import { rowLists } from './row-lists.ts';
import { splitRule } from './split-rule.ts';
import { type FoundSplit, type SplitRules, splitSearch } from './split-search.ts';
import type { Tree } from './tree.ts';

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
  readonly node: number;
  readonly depth: number;
  readonly begin: number;
  readonly count: number;
  readonly g: bigint;
  readonly h: bigint;
  readonly low: number;
  readonly high: number;
  /** Address of the histogram; 0 where the leaf is not split further. */
  histogram: number;
  split: FoundSplit | null;
}

/** Sets up memory to grow trees one after another on the same binned rows. */
export function treeGrower(work: Work, rows: BinnedRows, rules: GrowthRules): TreeGrower {
  const pool = histogramPool(work, rows);
  const lists = rowLists(work, rows);
  const search = splitSearch(work, rows, rules);

  const grow = (
    records: GradientRecords,
    bag: Int32Array | undefined,
    scale: number,
    stream?: RandomStream,
  ): GrownTree => {
    const mask = (1n << BigInt(records.countShift)) - 1n;
    const shift = BigInt(records.countShift);
    const draft = treeDraft();
    const count = lists.reset(bag);
    const [g, h] = lists.sums(records.address);
    const hessian = (sum: bigint) => Number(sum & mask) * records.unitH;
    const covered = (sum: bigint) => Number(sum >> shift);
    const valueAt = (leaf: { g: bigint; h: bigint; low: number; high: number }) => {
      const gradient = Number(leaf.g) * records.unitG;
      const shrunk = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - rules.l1);
      const value = -shrunk / (hessian(leaf.h) + rules.l2);
      return Math.min(Math.max(Number.isFinite(value) ? value : 0, leaf.low), leaf.high);
    };
    const addNode = (part: { g: bigint; h: bigint; low: number; high: number }) =>
      draft.add(valueAt(part) * scale, covered(part.h));
    const splittable = ({ h: sum, depth }: { h: bigint; depth: number }) =>
      depth < rules.maxDepth && covered(sum) >= 2 * rules.minRows && hessian(sum) >= 2 * rules.minHessian;
    const chosen = () =>
      stream && rules.maxFeatures < rows.features.length
        ? someFeatures(stream, rows.features.length, rules.maxFeatures)
        : undefined;
    const look = (leaves: readonly Leaf[]) => {
      const nodes = leaves.map((leaf) => ({ ...leaf, chosen: chosen() }));
      search.find(nodes, records).forEach((split, i) => {
        const leaf = leaves[i]!;
        leaf.split = split;
        if (!split) {
          pool.release(leaf.histogram);
          leaf.histogram = 0;
        }
      });
    };

    const bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const start = { g, h, ...bounds };
    const root: Leaf = { node: addNode(start), depth: 0, begin: 0, count, ...start, histogram: 0, split: null };
    if (rows.features.length > 0 && splittable(root)) {
      root.histogram = pool.fill(bag ? lists.addressAt(0) : 0, count, records.address);
      look([root]);
    }
    const leaves: Leaf[] = [root];

    while (leaves.length < rules.maxLeaves) {
      const at = nextLeaf(leaves, rules.growth);
      if (at < 0) break;
      const leaf = leaves[at]!;
      const split = leaf.split!;
      const feature = rows.features[split.feature]!;
      const leftSums = { g: split.leftG, h: split.leftH };
      const rightSums = { g: leaf.g - split.leftG, h: leaf.h - split.leftH };
      const mostLeft = covered(leftSums.h) >= covered(rightSums.h);
      const rule = splitRule(feature, split, mostLeft, feature.missing && pool.holdsMissing(leaf.histogram, feature));
      const leftCount = lists.part(leaf.begin, leaf.count, feature.column, rule.goesLeft);
      const limits = boundsOf(leaf, rules.monotone.get(feature.feature) ?? 0, leftSums, rightSums, valueAt);
      const left = { ...leftSums, ...limits.left };
      const right = { ...rightSums, ...limits.right };
      const children = [
        { node: addNode(left), depth: leaf.depth + 1, begin: leaf.begin, count: leftCount, ...left },
        {
          node: addNode(right),
          depth: leaf.depth + 1,
          begin: leaf.begin + leftCount,
          count: leaf.count - leftCount,
          ...right,
        },
      ].map((child): Leaf => ({ ...child, histogram: 0, split: null }));
      draft.split(leaf.node, feature.feature, rule, split.gain, children[0]!.node, children[1]!.node);
      leaves.splice(at, 1, ...children);
      const open = leaves.length < rules.maxLeaves ? children.filter(splittable) : [];
      if (open.length === 0) pool.release(leaf.histogram);
      else {
        const [small, large] = leftCount <= leaf.count - leftCount ? children : [children[1]!, children[0]!];
        small!.histogram = pool.fill(lists.addressAt(small!.begin), small!.count, records.address, leaf.histogram);
        large!.histogram = leaf.histogram;
        for (const child of children) {
          if (open.includes(child)) continue;
          pool.release(child.histogram);
          child.histogram = 0;
        }
        look(open);
      }
    }
    for (const leaf of leaves) if (leaf.histogram) pool.release(leaf.histogram);
    return { tree: draft.done(), leaves: leaves.map(({ node, begin, count: size }) => ({ node, begin, count: size })) };
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

type Sums = { readonly g: bigint; readonly h: bigint };

/** Bounds of the children's values: below a monotone split, the middle of its two values parts them for good. */
function boundsOf(
  { low, high }: Leaf,
  monotone: number,
  left: Sums,
  right: Sums,
  valueAt: (leaf: Sums & { low: number; high: number }) => number,
) {
  if (monotone === 0) return { left: { low, high }, right: { low, high } };
  const middle = (valueAt({ ...left, low, high }) + valueAt({ ...right, low, high })) / 2;
  const below = { low, high: middle };
  const above = { low: middle, high };
  return monotone > 0 ? { left: below, right: above } : { left: above, right: below };
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

/** Collects nodes and makes the tree of them. */
function treeDraft() {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const value: number[] = [];
  const gain: number[] = [];
  const cover: number[] = [];
  const categories = new Map<number, readonly number[]>();
  return {
    add(leafValue: number, rows: number): number {
      feature.push(-1);
      for (const column of [threshold, missingLeft, gain]) column.push(0);
      left.push(-1);
      right.push(-1);
      value.push(leafValue + 0);
      cover.push(rows);
      return feature.length - 1;
    },
    split(
      node: number,
      by: number,
      rule: { threshold: number; missingLeft: boolean; categories: readonly number[] | undefined },
      gained: number,
      leftNode: number,
      rightNode: number,
    ) {
      feature[node] = by;
      threshold[node] = rule.threshold + 0;
      missingLeft[node] = rule.missingLeft ? 1 : 0;
      gain[node] = gained;
      left[node] = leftNode;
      right[node] = rightNode;
      if (rule.categories) categories.set(node, rule.categories);
    },
    done: (): Tree =>
      Object.freeze({
        feature: Int32Array.from(feature),
        threshold: Float64Array.from(threshold),
        left: Int32Array.from(left),
        right: Int32Array.from(right),
        missingLeft: Uint8Array.from(missingLeft),
        value: Float64Array.from(value),
        outputs: 1,
        gain: Float64Array.from(gain),
        cover: Float64Array.from(cover),
        categories,
      }),
  };
}
