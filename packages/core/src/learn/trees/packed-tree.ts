import { packNumbers, unpackNumbers } from './pack-numbers.ts';
import type { Tree } from './tree.ts';

/**
 * A tree in little text, for forests: arrays as `packNumbers` writes them. Whole class counts stand for the shares and covers of
 * the leaves, and what follows from the leaves is left out, where both give the tree's numbers exactly.
 */
export interface PackedTreeJSON {
  readonly nodes: number;
  /** Column and 1; 0 at a leaf. */
  readonly feature: string;
  /** Of inner nodes. */
  readonly threshold: string;
  readonly left: string;
  /** Left out where it is the place after the left one. */
  readonly right?: string;
  readonly missingLeft: string;
  /** Left out where it is what `counts` say that splits took off the Gini impurity. */
  readonly gain?: string;
  /** Class counts of the leaves, `leaves × outputs`. */
  readonly counts?: string;
  /** Of all nodes, where there are no `counts`. */
  readonly value?: string;
  readonly cover?: string;
  readonly categories?: readonly (readonly [number, readonly number[]])[];
}

/** The same fields as `TreeJSON`, as arrays. */
export interface UnpackedTree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly missingLeft: readonly number[];
  readonly value: ArrayLike<number>;
  readonly gain: ArrayLike<number>;
  readonly cover: ArrayLike<number>;
  readonly categories: unknown;
}

export function packTree(tree: Tree): PackedTreeJSON {
  const nodes = tree.feature.length;
  const inner: number[] = [];
  for (let node = 0; node < nodes; node++) if (tree.feature[node]! >= 0) inner.push(node);
  const of = (values: ArrayLike<number>) => packNumbers(inner.map((node) => values[node]!));
  const paired = inner.every((node) => tree.right[node] === tree.left[node]! + 1);
  const counts = leafCounts(tree);
  return {
    nodes,
    feature: packNumbers(tree.feature.map((feature) => feature + 1)),
    threshold: of(tree.threshold),
    left: of(tree.left),
    ...(paired ? {} : { right: of(tree.right) }),
    missingLeft: of(tree.missingLeft),
    ...(counts && sameGains(tree, counts) ? {} : { gain: of(tree.gain) }),
    ...(counts ? { counts: packNumbers(counts) } : { value: packNumbers(tree.value), cover: packNumbers(tree.cover) }),
    ...(tree.categories.size > 0 ? { categories: [...tree.categories] } : {}),
  };
}

/** The arrays of a packed tree, whose lengths are right; whether they make a tree is for the reader to check. */
export function unpackTree(json: PackedTreeJSON, outputs: number): UnpackedTree | undefined {
  const { nodes } = json;
  if (!Number.isSafeInteger(nodes) || nodes < 1 || nodes % 2 === 0 || typeof json.feature !== 'string')
    return undefined;
  const codes = unpackNumbers(json.feature, nodes);
  if (!codes) return undefined;
  const inner = [...codes.keys()].filter((node) => codes[node] !== 0);
  if (2 * inner.length + 1 !== nodes) return undefined;
  const spread = (text: unknown, leaf: number): number[] | undefined => {
    const found = unpackNumbers(text, inner.length);
    if (!found) return undefined;
    const all = Array<number>(nodes).fill(leaf);
    inner.forEach((node, i) => {
      all[node] = found[i]!;
    });
    return all;
  };
  const feature = Array.from(codes, (code) => code - 1);
  const threshold = spread(json.threshold, 0);
  const left = spread(json.left, -1);
  const right = json.right === undefined ? left?.map((child) => (child < 0 ? -1 : child + 1)) : spread(json.right, -1);
  const missingLeft = spread(json.missingLeft, 0);
  if (!threshold || !left || !right || !missingLeft) return undefined;
  const shares = sharesOf(json, { left, right }, outputs);
  if (!shares) return undefined;
  const gain =
    json.gain === undefined && shares.sums ? giniGains(shares.sums, { left, right }, outputs) : spread(json.gain, 0);
  if (!gain) return undefined;
  const { value, cover } = shares;
  return { feature, threshold, left, right, missingLeft, value, gain, cover, categories: json.categories ?? [] };
}

type Children = { readonly left: ArrayLike<number>; readonly right: ArrayLike<number> };

function sharesOf({ nodes, counts, value, cover }: PackedTreeJSON, children: Children, outputs: number) {
  if (counts === undefined) {
    const read = { value: unpackNumbers(value, nodes * outputs), cover: unpackNumbers(cover, nodes) };
    return read.value && read.cover ? { value: read.value, cover: read.cover, sums: undefined } : undefined;
  }
  const found = unpackNumbers(counts, ((nodes + 1) / 2) * outputs);
  if (!found?.every((count) => count >= 0)) return undefined;
  return fromCounts(found, children, nodes, outputs);
}

/** Shares and covers of all nodes; undefined where a leaf is empty or a child does not come after its parent. */
function fromCounts(counts: Float64Array, { left, right }: Children, nodes: number, outputs: number) {
  const sums = new Float64Array(nodes * outputs);
  const value = new Float64Array(nodes * outputs);
  const cover = new Float64Array(nodes);
  let leaf = counts.length;
  for (let node = nodes - 1; node >= 0; node--) {
    const from = left[node]!;
    const other = right[node]!;
    if (from < 0) {
      leaf -= outputs;
      if (leaf < 0) return undefined;
      sums.set(counts.subarray(leaf, leaf + outputs), node * outputs);
    } else {
      if (!(from > node && from < nodes && other > node && other < nodes)) return undefined;
      for (let k = 0; k < outputs; k++)
        sums[node * outputs + k] = sums[from * outputs + k]! + sums[other * outputs + k]!;
    }
    let total = 0;
    for (let k = 0; k < outputs; k++) total += sums[node * outputs + k]!;
    if (!(total > 0)) return undefined;
    for (let k = 0; k < outputs; k++) value[node * outputs + k] = sums[node * outputs + k]! / total;
    cover[node] = total;
  }
  return { value, cover, sums };
}

/** Whole class counts of the leaves, if the tree's shares and covers follow from them to the last bit. */
function leafCounts({ feature, left, right, value, cover, outputs }: Tree): Float64Array | undefined {
  const nodes = feature.length;
  const counts: number[] = [];
  for (let node = 0; node < nodes; node++) {
    if (feature[node]! >= 0) continue;
    for (let k = 0; k < outputs; k++) counts.push(Math.round(value[node * outputs + k]! * cover[node]!));
  }
  const found = fromCounts(Float64Array.from(counts), { left, right }, nodes, outputs);
  if (!found?.value.every((share, at) => share === value[at]!)) return undefined;
  return found.cover.every((weight, node) => weight === cover[node]!) ? Float64Array.from(counts) : undefined;
}

function sameGains({ left, right, gain, outputs }: Tree, counts: Float64Array): boolean {
  const { sums } = fromCounts(counts, { left, right }, gain.length, outputs)!;
  return giniGains(sums, { left, right }, outputs).every((one, node) => one === gain[node]!);
}

/** What each split takes off the weighted Gini impurity, by the operations of the kernel that grows trees. */
function giniGains(sums: Float64Array, { left, right }: Children, outputs: number): Float64Array {
  const nodes = sums.length / outputs;
  const purity = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    let squares = 0;
    let total = 0;
    for (let k = 0; k < outputs; k++) {
      const count = sums[node * outputs + k]!;
      squares += count * count;
      total += count;
    }
    purity[node] = squares / total;
  }
  const gains = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    if (left[node]! >= 0) gains[node] = Math.max(0, purity[left[node]!]! + purity[right[node]!]! - purity[node]!);
  }
  return gains;
}
