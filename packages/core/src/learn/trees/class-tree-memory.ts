import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { RandomStream } from '../../runtime/random.ts';
import type { Work } from '../../runtime/work.ts';
import type { BinnedFeature, BinnedRows } from './binned-rows.ts';
import { blankTree, type Tree } from './tree.ts';

/** Where classification trees stand in the kernels' memory; must be as `growClassTree` has it. */
const FEATURE_WORDS = 16;
const NODE_BYTES = 80;
const NODE_WORDS = NODE_BYTES / 4;
const HEAD_BYTES = 64;
const SET_WORD = 12;
/** Work of categorical splits. */
const CATEGORY_BYTES = 3136;

/** Sizes of the memory that growing takes. `sums`: numbers that a node has of its rows, see `nodeNumbers`. */
export interface TreeSizes {
  readonly rows: number;
  /** Rows of the largest bag. */
  readonly mostRows: number;
  readonly maxNodes: number;
  readonly sums: number;
  readonly features: number;
  /** Numbers kept of each row while its node is split, beside its weight and class. */
  readonly kept?: number | undefined;
}

/** Bytes of a tree's slot, of a thread's scratch, and from a slot's begin to its list of rows. */
export function treeSlots({ rows, mostRows, maxNodes, sums, features, kept = 0 }: TreeSizes) {
  const even = rows + (rows & 1);
  const rounded = (bytes: number) => HEAD_BYTES * Math.ceil(bytes / HEAD_BYTES);
  const listBytes = HEAD_BYTES + maxNodes * (NODE_BYTES + 8 * sums);
  return {
    slotBytes: rounded(listBytes + 4 * maxNodes + 16 * even),
    scratchBytes: rounded(
      features * 4 + 512 + 258 * sums * 8 + CATEGORY_BYTES + (16 + 8 * kept) * mostRows + HEAD_BYTES,
    ),
    listBytes,
    even,
  };
}

/** What a tree is grown by. */
export interface ClassTreeSettings {
  readonly rows: number;
  readonly classes: number;
  /** Features there are, and those looked at for each split at most. */
  readonly features: number;
  readonly maxFeatures: number;
  /** Rows drawn; 0 where the bag is all rows, -1 where bags are given. */
  readonly draws: number;
  /** Number of the criterion: 0 Gini impurity, 1 entropy, from 2 on the costs of `costCriteria`. */
  readonly criterion: number;
  readonly maxDepth: number;
  /** Least weight of a leaf, in the units of the weights. */
  readonly least: number;
  readonly randomThresholds?: boolean | undefined;
  /** Address of the running sum of whole weights, for draws by weight, or of the bags given. */
  readonly drawsOrBags?: number | undefined;
  readonly maxNodes: number;
  /** Address of the rows' costs, `rows × classes`. */
  readonly costs?: number | undefined;
  /** Least gain of a split as a share of its node's cost. */
  readonly minGain?: number | undefined;
  /** Whether columns are monotone: nodes have bounds. */
  readonly bounded?: boolean | undefined;
}

/** Numbers of `classTreeSettings`. */
export const SETTING_COUNT = 14;

/** Numbers of a node: sums of the classes, and behind those of two classes the bounds of the first one's share. */
export function nodeNumbers(classes: number, bounded: boolean): number {
  return bounded ? classes + 2 : classes;
}

/** Settings in the order of `growClassTree`. */
export function classTreeSettings(settings: ClassTreeSettings): number[] {
  const { rows, classes, features, maxFeatures, draws, criterion, maxDepth, least, maxNodes } = settings;
  const { randomThresholds = false, drawsOrBags = 0, costs = 0, minGain = 0, bounded = false } = settings;
  const looked = Math.min(maxFeatures, features);
  const thresholds = randomThresholds ? 1 : 0;
  return [
    rows,
    classes,
    features,
    looked,
    draws,
    criterion,
    maxDepth,
    least,
    thresholds,
    drawsOrBags,
    maxNodes,
    costs,
    minGain,
    bounded ? 1 : 0,
  ];
}

/** The table of features, with the way of the second class's share along monotone columns (1 up, -1 down). */
export function featureTable({ memory }: Work, rows: BinnedRows, monotone?: ReadonlyMap<number, number>): number {
  let bins = 0;
  for (const feature of rows.features) bins += feature.bins;
  const ranges = memory.float64(2 * Math.max(1, bins), 'zero');
  const table = memory.int32(Math.max(1, rows.features.length) * FEATURE_WORDS, 'zero');
  const edges = ranges.view();
  let at = 0;
  rows.features.forEach((feature, f) => {
    const { address, width } = rows.cellsOf(feature.column);
    const shift = feature.missing ? 1 : 0;
    const missing = feature.missing ? 0 : -1;
    const place = ranges.address + 16 * at;
    const kind = feature.categorical ? 1 : 0;
    // The kernel speaks of the first class's share.
    const way = -(monotone?.get(feature.feature) ?? 0);
    const words = [address, width, feature.firstByte, feature.bins, feature.defaultBin, missing, place, kind, way];
    table.view().set(words, f * FEATURE_WORDS);
    feature.lows.forEach((low, b) => {
      edges[2 * (at + shift + b)] = low;
      edges[2 * (at + shift + b) + 1] = feature.highs[b]!;
    });
    at += feature.bins;
  });
  return table.address;
}

export function seedSlot(slots: KernelArray<Uint8Array>, offset: number, stream: RandomStream): void {
  const words = new Uint32Array(slots.view().buffer, slots.address + offset, 4);
  for (let i = 0; i < 4; i++) words[i] = stream.uint32();
  words[0]! |= 1;
}

/** A node as the kernel left it. */
export interface GrownNodes {
  readonly count: number;
  /** First and one past the last place of a node's rows in the list. */
  rowsOf(node: number): readonly [number, number];
  /** `nodes × sums`, a view of kernel memory. */
  readonly sums: Float64Array;
  /** The tree with the weights of its nodes, in units of `1 / scale`; its values are to be filled. */
  treeOf(classes: number, scale: number, rows: BinnedRows): Tree;
}

export function readNodes(slots: KernelArray<Uint8Array>, slot: number, maxNodes: number, width: number): GrownNodes {
  const { buffer } = slots.view();
  const count = new Int32Array(buffer, slot + 16, 1)[0]!;
  const words = new Int32Array(buffer, slot + HEAD_BYTES, count * NODE_WORDS);
  const values = new Float64Array(buffer, slot + HEAD_BYTES, (count * NODE_WORDS) / 2);
  const sums = new Float64Array(buffer, slot + HEAD_BYTES + maxNodes * NODE_BYTES, count * width);

  const treeOf = (classes: number, scale: number, rows: BinnedRows): Tree => {
    const tree = blankTree(count, classes);
    for (let node = 0; node < count; node++) {
      let total = 0;
      for (let k = 0; k < classes; k++) total += sums[node * width + k]!;
      tree.cover[node] = total / scale;
    }
    for (let node = 0; node < count; node++) {
      const at = NODE_WORDS * node;
      const left = words[at + 2]!;
      if (left < 0) continue;
      const right = words[at + 3]!;
      const feature = rows.features[words[at]!]!;
      tree.feature[node] = feature.feature;
      tree.left[node] = left;
      tree.right[node] = right;
      tree.threshold[node] = values[at / 2 + 4]! + 0;
      tree.gain[node] = Math.max(0, values[at / 2 + 5]! / scale);
      // The kernel says where missing rows of the node went; where there were none the way of most is taken.
      tree.missingLeft[node] = words[at + 7]! || (!feature.missing && tree.cover[left]! >= tree.cover[right]!) ? 1 : 0;
      if (!feature.categorical) continue;
      tree.categories.set(node, codesOf(words.subarray(at + SET_WORD, at + NODE_WORDS), feature));
    }
    return tree;
  };
  const rowsOf = (node: number) => [words[NODE_WORDS * node + 4]!, words[NODE_WORDS * node + 5]!] as const;
  return { count, rowsOf, sums, treeOf };
}

/** Codes of the bins in a set, without the missing bin. */
function codesOf(set: Int32Array, { lows, missing }: BinnedFeature): readonly number[] {
  const shift = missing ? 1 : 0;
  const codes: number[] = [];
  for (let bin = shift; bin < lows.length + shift; bin++) {
    if ((set[bin >> 5]! >> (bin & 31)) & 1) codes.push(lows[bin - shift]!);
  }
  return codes;
}

/** A classification tree; its values are the shares of the classes, within their bounds where columns are monotone. */
export function readTree(
  slots: KernelArray<Uint8Array>,
  slot: number,
  maxNodes: number,
  classes: number,
  scale: number,
  rows: BinnedRows,
  bounded = false,
): Tree {
  const width = nodeNumbers(classes, bounded);
  const nodes = readNodes(slots, slot, maxNodes, width);
  const tree = nodes.treeOf(classes, scale, rows);
  for (let node = 0; node < nodes.count; node++) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += nodes.sums[node * width + k]!;
    for (let k = 0; k < classes; k++) tree.value[node * classes + k] = nodes.sums[node * width + k]! / total;
    if (!bounded) continue;
    const [low, high] = nodes.sums.subarray(node * width + classes, (node + 1) * width);
    // The second share is the rest, not a quotient of its own, so that rounding cannot turn the order of two leaves.
    tree.value[2 * node] = Math.max(low!, Math.min(high!, tree.value[2 * node]!));
    tree.value[2 * node + 1] = 1 - tree.value[2 * node]!;
  }
  return Object.freeze(tree);
}
