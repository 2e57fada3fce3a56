import { type PackedTreeJSON, unpackTree } from './packed-tree.ts';
import type { Tree } from './tree.ts';

/** A tree as plain data. */
export interface TreeJSON {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly missingLeft: readonly number[];
  readonly value: readonly number[];
  readonly gain: readonly number[];
  readonly cover: readonly number[];
  /** Node and its categories. */
  readonly categories: readonly (readonly [number, readonly number[]])[];
}

export function treeToJSON(tree: Tree): TreeJSON {
  return {
    feature: [...tree.feature],
    threshold: [...tree.threshold],
    left: [...tree.left],
    right: [...tree.right],
    missingLeft: [...tree.missingLeft],
    value: [...tree.value],
    gain: [...tree.gain],
    cover: [...tree.cover],
    categories: [...tree.categories],
  };
}

/** Reads what `treeToJSON` or `packTree` wrote; undefined if it is no tree on rows of so many columns. */
export function treeFromJSON(json: unknown, columns: number, outputs = 1): Tree | undefined {
  const packed = typeof json === 'object' && json !== null && 'nodes' in json;
  const given = packed ? unpackTree(json as unknown as PackedTreeJSON, outputs) : json;
  const fields = (given ?? {}) as Record<keyof TreeJSON, unknown>;
  const { feature, threshold, left, right, missingLeft, value, gain, cover, categories } = fields;
  const nodes = Array.isArray(feature) ? feature.length : 0;
  if (nodes === 0 || !isNumbers(feature, nodes) || !isNumbers(left, nodes) || !isNumbers(right, nodes))
    return undefined;
  if (!isNumbers(threshold, nodes) || !isNumbers(missingLeft, nodes) || !isNumbers(gain, nodes)) return undefined;
  if (!isNumbers(value, nodes * outputs) || !isNumbers(cover, nodes) || !Array.isArray(categories)) return undefined;
  const parents = new Uint8Array(nodes);
  for (let node = 0; node < nodes; node++) {
    if (!Number.isInteger(feature[node]) || feature[node]! < -1 || feature[node]! >= columns) return undefined;
    if (missingLeft[node] !== 0 && missingLeft[node] !== 1) return undefined;
    for (const child of [left[node]!, right[node]!]) {
      if (feature[node] === -1 ? child !== -1 : !(Number.isInteger(child) && child > node && child < nodes))
        return undefined;
      if (child >= 0 && parents[child]!++ > 0) return undefined;
    }
  }
  for (let node = 1; node < nodes; node++) if (parents[node] !== 1) return undefined;
  if (!categories.every((entry) => isCategories(entry, feature))) return undefined;
  return Object.freeze({
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: Uint8Array.from(missingLeft),
    value: Float64Array.from(value),
    outputs,
    gain: Float64Array.from(gain),
    cover: Float64Array.from(cover),
    categories: new Map(categories as [number, number[]][]),
  });
}

/** Wide of any rounding, of other programs that wrote the file too, and near enough to tell shares from weights or counts. */
const SHARES_TOLERANCE = 1e-6;

/** Whether the values of each node are shares that sum to 1. */
export function holdsShares({ value, outputs }: Tree): boolean {
  for (let at = 0; at < value.length; at += outputs) {
    let sum = 0;
    for (let k = 0; k < outputs; k++) {
      if (!(value[at + k]! >= 0 && value[at + k]! <= 1)) return false;
      sum += value[at + k]!;
    }
    if (!(Math.abs(sum - 1) < SHARES_TOLERANCE)) return false;
  }
  return true;
}

function isNumbers(value: unknown, length: number): value is number[] {
  if (value instanceof Float64Array) return value.length === length;
  return Array.isArray(value) && value.length === length && value.every((item) => Number.isFinite(item));
}

function isCategories(entry: unknown, feature: readonly number[]): boolean {
  if (!Array.isArray(entry) || entry.length !== 2 || !Array.isArray(entry[1])) return false;
  const [node, codes] = entry as [unknown, unknown[]];
  if (!Number.isInteger(node) || !((feature[node as number] ?? -1) >= 0)) return false;
  return codes.every((code) => Number.isInteger(code) && (code as number) >= 0 && (code as number) < 256);
}
