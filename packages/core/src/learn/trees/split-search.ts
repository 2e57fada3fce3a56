import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import { countUnits, type GradientRecords } from './gradient-records.ts';

/** What a split must fulfil. */
export interface SplitRules {
  readonly l1: number;
  readonly l2: number;
  /** Bound of a leaf's value, before the learning rate. */
  readonly maxStep: number;
  readonly minGain: number;
  /** Least counted rows of a leaf. */
  readonly minRows: number;
  /** Least sum of Hessians of a leaf; positive. */
  readonly minHessian: number;
  /** By column of the rows: 1 for a score that may not fall as the value grows, -1 for one that may not rise. */
  readonly monotone: ReadonlyMap<number, number>;
  /** Added to the Hessian by which categories are ordered; extra L2 of their leaves; most on the smaller side. */
  readonly categorySmooth: number;
  readonly categoryL2: number;
  readonly mostCategories: number;
}

/** A split that was found; sums are in fixed point. */
export interface FoundSplit {
  readonly gain: number;
  /** Place among the binned features. */
  readonly feature: number;
  /** Last filled bin on the left; -1 for categories. */
  readonly last: number;
  /** First filled bin on the right; -1 where all values go left and the missing ones right. */
  readonly next: number;
  readonly missingLeft: boolean;
  /** Whether rows of the node miss the feature. */
  readonly missingSeen: boolean;
  readonly leftG: bigint;
  readonly leftH: bigint;
  /** Bins that go left, for categories. */
  readonly bins: readonly number[];
}

export interface SearchNode {
  /** Address of the histogram. */
  readonly histogram: number;
  readonly g: bigint;
  readonly h: bigint;
  readonly low: number;
  readonly high: number;
  /** Places of the features to look at; undefined for all. */
  readonly chosen?: Int32Array | undefined;
}

const COLUMN_BYTES = 4096;
const CELL_BYTES = 16;
const FEATURE_WORDS = 8;
const JOINED_WORDS = 64;
const SPLIT_BYTES = 80;
/** Below so many bins in all, threads cost more than they bring. */
const SHARED_BINS = 2000;

export interface SplitSearch {
  /** The best split of each node (one or two); null where none fulfils the rules. */
  find(nodes: readonly SearchNode[], records: GradientRecords): (FoundSplit | null)[];
}

/** Prepares the search over the features of binned rows. */
export function splitSearch({ memory, threads }: Work, rows: BinnedRows, rules: SplitRules): SplitSearch {
  const { features } = rows;
  const table = memory.int32(Math.max(1, features.length) * FEATURE_WORDS);
  features.forEach((one, i) => {
    const missing = one.missing ? 0 : -1;
    const kind = one.categorical ? 1 : 0;
    const monotone = rules.monotone.get(one.feature) ?? 0;
    const place = one.cell < 0 ? one.column * COLUMN_BYTES : one.cell * CELL_BYTES;
    const words = [place, one.firstByte, one.bins, one.defaultBin, missing, kind, monotone, one.cell < 0 ? 0 : 1];
    table.view().set(words, i * FEATURE_WORDS);
  });
  const chosen = memory.int32(Math.max(1, 2 * features.length));
  const nodeWords = memory.int32(32, 'zero');
  const parameters = memory.float64(11);
  const splits = memory.bytes(Math.max(1, 2 * features.length) * SPLIT_BYTES);
  const scratch = memory.bytes(8192 * threads);
  const all = Int32Array.from({ length: features.length }, (_, i) => i);
  const { joined, cells } = joinedTable(memory, rows);
  let binsOfAll = 0;
  for (const one of features) binsOfAll += one.bins;

  const find = (nodes: readonly SearchNode[], records: GradientRecords) => {
    if (features.length === 0) return nodes.map(() => null);
    parameters
      .view()
      .set([
        records.unitG,
        records.unitH,
        records.countShift,
        rules.l1,
        rules.l2,
        countUnits(rules.minRows, records),
        rules.minHessian,
        rules.minGain,
        rules.categoryL2,
        rules.categorySmooth,
        rules.mostCategories,
      ]);
    const width = nodes[0]?.chosen?.length ?? features.length;
    const words = nodeWords.view();
    const sums = new BigInt64Array(words.buffer, nodeWords.address, 16);
    const bounds = new Float64Array(words.buffer, nodeWords.address, 16);
    const list = chosen.view();
    nodes.forEach((node, n) => {
      words[16 * n] = node.histogram;
      words[16 * n + 1] = cells.address + (n * cells.length) / 2;
      sums[8 * n + 2] = node.g;
      sums[8 * n + 3] = node.h;
      bounds[8 * n + 4] = node.low;
      bounds[8 * n + 5] = node.high;
      list.set(node.chosen ?? all, n * width);
    });
    const pairs = nodes.length * width;
    const shared = threads > 1 && binsOfAll * nodes.length >= SHARED_BINS;
    const share = shared ? Math.ceil(pairs / (2 * threads)) : pairs;
    if (rows.joined.length > 0) {
      const tasks = nodes.length * rows.joined.length;
      const args = [nodeWords.address, joined.address, rows.joined.length, scratch.address];
      if (shared) memory.run('splitDigits', 0, tasks, args);
      else for (let task = 0; task < tasks; task++) memory.call('splitDigits', task, 0, ...args);
    }
    memory.run('findSplits', 0, Math.ceil(pairs / share), [
      nodeWords.address,
      chosen.address,
      width,
      table.address,
      parameters.address,
      splits.address,
      scratch.address,
      pairs,
      share,
    ]);
    return nodes.map((_node, n) => best(splits, list.subarray(n * width, (n + 1) * width), n * width));
  };
  return Object.freeze({ find });
}

/** Joined columns as the kernel reads them, and room for the histograms of their digits of two nodes. */
function joinedTable(memory: Work['memory'], rows: BinnedRows) {
  const joined = memory.int32(Math.max(1, rows.joined.length) * JOINED_WORDS, 'zero');
  let cells = 0;
  rows.joined.forEach(({ column, digits }, at) => {
    const parts = digits.flatMap(({ radix, cell }) => [radix, cell * CELL_BYTES]);
    joined.view().set([column * COLUMN_BYTES, rows.columns[column]!, digits.length, ...parts], at * JOINED_WORDS);
    for (const { radix } of digits) cells += radix;
  });
  return { joined, cells: memory.bytes(Math.max(1, 2 * cells) * CELL_BYTES) };
}

/** The largest gain; of equal ones that of the feature listed first. */
function best(splits: KernelArray<Uint8Array>, chosen: Int32Array, first: number): FoundSplit | null {
  const { buffer } = splits.view();
  const gains = new Float64Array(buffer, splits.address, (first + chosen.length) * (SPLIT_BYTES / 8));
  let found = -1;
  let most = 0;
  for (let i = 0; i < chosen.length; i++) {
    const gain = gains[(first + i) * (SPLIT_BYTES / 8)]!;
    if (gain > most) {
      most = gain;
      found = i;
    }
  }
  if (found < 0) return null;
  const at = splits.address + (first + found) * SPLIT_BYTES;
  const words = new Int32Array(buffer, at, SPLIT_BYTES / 4);
  const sums = new BigInt64Array(buffer, at, SPLIT_BYTES / 8);
  const bins: number[] = [];
  if (words[2] === -1) for (let b = 0; b < 256; b++) if ((words[12 + (b >> 5)]! >> (b & 31)) & 1) bins.push(b);
  return {
    gain: most,
    feature: chosen[found]!,
    last: words[2]!,
    next: words[3]!,
    missingLeft: words[4] === 1,
    missingSeen: words[5] === 1,
    leftG: sums[3]!,
    leftH: sums[4]!,
    bins,
  };
}
