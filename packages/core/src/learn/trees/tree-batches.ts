import type { Work } from '../../runtime/work.ts';
import { leavesOf, type Tree } from './tree.ts';
import type { TreeSum } from './tree-sum.ts';

/** Bytes of a row of a table: a bit a leaf of each tree of the batch. */
const ROW_BYTES = 128;
const MOST_LEAVES = 64;
const CODES = 256;

/** A node as its batch sees it: which leaves are ruled out where a row goes right. */
interface BatchNode {
  readonly place: number;
  readonly threshold: number;
  readonly categories: readonly number[] | undefined;
  readonly missingLeft: boolean;
  /** Leaves under the left child: first and one past the last. */
  readonly first: number;
  readonly last: number;
}

/** Trees as the kernel `predictBatches` reads them. */
export interface LoadedBatches {
  readonly batches: number;
  readonly count: number;
}

/** Whether all trees have few enough leaves for one machine word. */
export function fitBatches(trees: TreeSum['trees']): boolean {
  return trees.every(({ tree }) => leavesOf(tree) <= MOST_LEAVES);
}

/** Makes the tables of all batches in the kernels' memory. */
export function loadBatches({ memory }: Work, trees: TreeSum['trees']): LoadedBatches {
  let most = 0;
  for (const { tree } of trees) most = Math.max(most, leavesOf(tree));
  const bits = most > 32 ? 64 : 32;
  const size = (ROW_BYTES * 8) / bits;
  const count = Math.ceil(trees.length / size);
  const heads = memory.int32(Math.max(1, count) * 8);
  for (let b = 0; b < count; b++) {
    const part = trees.slice(b * size, (b + 1) * size);
    const leaves = memory.float64(part.length * bits, 'zero');
    const targets = memory.int32(part.length);
    const byFeature = new Map<number, BatchNode[]>();
    part.forEach(({ tree, output }, place) => {
      targets.view()[place] = output;
      leaves.view().set(collect(tree, place, byFeature), place * bits);
    });
    const features = memory.int32(Math.max(1, byFeature.size) * 8, 'zero');
    [...byFeature].forEach(([column, nodes], f) => {
      const words = nodes[0]!.categories ? categoryTable(memory, nodes, bits) : thresholdTable(memory, nodes, bits);
      features.view().set([column, ...words], f * 8);
    });
    const words = [byFeature.size, features.address, part.length, leaves.address, targets.address, bits];
    heads.view().set(words, b * 8);
  }
  return { batches: heads.address, count };
}

/** Adds the tree's nodes to those of their features; returns its leaf values from left to right. */
function collect(tree: Tree, place: number, byFeature: Map<number, BatchNode[]>): number[] {
  const values: number[] = [];
  const walk = (node: number): void => {
    const column = tree.feature[node]!;
    if (column < 0) {
      values.push(tree.value[node]!);
      return;
    }
    const first = values.length;
    walk(tree.left[node]!);
    const nodes = byFeature.get(column) ?? [];
    nodes.push({
      place,
      threshold: tree.threshold[node]!,
      categories: tree.categories.get(node),
      missingLeft: tree.missingLeft[node] === 1,
      first,
      last: values.length,
    });
    byFeature.set(column, nodes);
    walk(tree.right[node]!);
  };
  walk(0);
  return values;
}

type Memory = Work['memory'];

/** Size of the search, address of the thresholds, of the table, of the missing row, none for categories. */
function thresholdTable(memory: Memory, nodes: readonly BatchNode[], bits: number): number[] {
  const sorted = [...nodes].sort((a, b) => a.threshold - b.threshold);
  const distinct = [...new Set(sorted.map((node) => node.threshold))];
  let size = 1;
  while (size <= distinct.length) size *= 2;
  const thresholds = memory.float64(size);
  thresholds.view().fill(Number.POSITIVE_INFINITY);
  thresholds.view().set(distinct);
  const table = memory.int32(((distinct.length + 2) * ROW_BYTES) / 4);
  const cells = table.view().fill(-1);
  const line = ROW_BYTES / 4;
  let at = 0;
  distinct.forEach((threshold, i) => {
    cells.copyWithin((i + 1) * line, i * line, (i + 1) * line);
    for (; at < sorted.length && sorted[at]!.threshold === threshold; at++) {
      ruleOut(cells.subarray((i + 1) * line), sorted[at]!, bits);
    }
  });
  const missing = distinct.length + 1;
  for (const node of nodes) if (!node.missingLeft) ruleOut(cells.subarray(missing * line), node, bits);
  return [size, thresholds.address, table.address, table.address + missing * ROW_BYTES, 0];
}

function categoryTable(memory: Memory, nodes: readonly BatchNode[], bits: number): number[] {
  const table = memory.int32(((CODES + 2) * ROW_BYTES) / 4);
  const cells = table.view().fill(-1);
  const line = ROW_BYTES / 4;
  for (const node of nodes) {
    const inside = new Set(node.categories);
    for (let code = 0; code <= CODES; code++) if (!inside.has(code)) ruleOut(cells.subarray(code * line), node, bits);
    if (!node.missingLeft) ruleOut(cells.subarray((CODES + 1) * line), node, bits);
  }
  const unknown = table.address + CODES * ROW_BYTES;
  return [1, 0, table.address, unknown + ROW_BYTES, unknown];
}

/** Clears the bits of the leaves under the node's left child. */
function ruleOut(row: Int32Array, { place, first, last }: BatchNode, bits: number): void {
  const start = place * (bits / 32);
  for (let leaf = first; leaf < last; leaf++) row[start + (leaf >> 5)]! &= ~(1 << (leaf & 31));
}
