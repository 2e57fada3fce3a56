import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import { countUnits, type GradientRecords } from './gradient-records.ts';
import { keptView, keptViewOf } from './kept-view.ts';
import type { Bounds, Sums } from './node-sums.ts';

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

/** A split that was found. */
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
  readonly left: Sums;
  readonly right: Sums;
  /** Bins that go left, for categories. */
  readonly bins: readonly number[];
}

export interface SearchNode {
  /** Address of the histogram. */
  readonly histogram: number;
  readonly sums: Sums;
  readonly bounds: Bounds;
}

const COLUMN_BYTES = 4096;
const CELL_BYTES = 16;
const FEATURE_WORDS = 8;
const JOINED_WORDS = 64;
const SPLIT_BYTES = 80;
const BEST_BYTES = 160;
const BIN_SET_BYTE = 112;
/** Below so many bins in all, threads cost more than they bring. */
const SHARED_BINS = 2000;

export interface SplitSearch {
  /**
   * The best split of each node (one or two); null where none fulfils the rules. `chosen` are places of the features to look
   * at, as many for each node; undefined for all.
   */
  find(
    nodes: readonly SearchNode[],
    records: GradientRecords,
    chosen: readonly Int32Array[] | undefined,
  ): (FoundSplit | null)[];
}

/** Prepares the search over the features of binned rows. */
export function splitSearch({ memory, threads }: Work, rows: BinnedRows, rules: SplitRules): SplitSearch {
  const { features } = rows;
  const table = featureTable(memory, rows, rules);
  const { joined, cells } = joinedTable(memory, rows);
  const listed = memory.int32(Math.max(1, 2 * features.length));
  const all = Int32Array.from({ length: listed.length }, (_, i) => i % features.length);
  listed.view().set(all);
  let listsAll = true;
  const nodeBlock = memory.int32(32, 'zero');
  const words = keptView(nodeBlock);
  const bounds = keptViewOf(() => new Float64Array(nodeBlock.view().buffer, nodeBlock.address, 16));
  const parameters = memory.float64(11);
  const splits = memory.bytes(Math.max(1, 2 * features.length) * SPLIT_BYTES);
  const best = bestReader(memory);
  const scratch = memory.bytes(8192 * threads);
  let binsOfAll = 0;
  for (const one of features) binsOfAll += one.bins;
  let last: GradientRecords | undefined;

  const find: SplitSearch['find'] = (nodes, records, chosen) => {
    if (features.length === 0) return nodes.map(() => null);
    if (records !== last) parameters.view().set(parametersOf(records, rules));
    last = records;
    nodes.forEach(({ histogram, sums, bounds: { low, high } }, n) => {
      const node = words();
      node[16 * n] = histogram;
      node[16 * n + 1] = cells.address + (n * cells.length) / 2;
      for (let i = 0; i < 4; i++) node[16 * n + 4 + i] = sums.words[i]!;
      bounds()[8 * n + 4] = low;
      bounds()[8 * n + 5] = high;
    });
    const width = chosen ? chosen[0]!.length : features.length;
    if (chosen) for (let n = 0; n < nodes.length; n++) listed.view().set(chosen[n]!, n * width);
    else if (!listsAll) listed.view().set(all);
    listsAll = !chosen;
    const pairs = nodes.length * width;
    const joinedArgs = [joined.address, rows.joined.length];
    const search = [listed.address, width, table.address, parameters.address, splits.address, scratch.address];
    if (threads === 1 || binsOfAll * nodes.length < SHARED_BINS) {
      memory.call('searchNodes', nodeBlock.address, nodes.length, ...joinedArgs, ...search, best.address);
    } else {
      const share = Math.ceil(pairs / (2 * threads));
      const tasks = nodes.length * rows.joined.length;
      memory.run('splitDigits', 0, tasks, [nodeBlock.address, ...joinedArgs, scratch.address]);
      memory.run('findSplits', 0, Math.ceil(pairs / share), [nodeBlock.address, ...search, pairs, share]);
      memory.call(
        'bestSplits',
        nodeBlock.address,
        nodes.length,
        width,
        parameters.address,
        splits.address,
        best.address,
      );
    }
    return nodes.map((_node, n) => best.read(n, (place) => (chosen ? chosen[n]![place]! : place)));
  };
  return Object.freeze({ find });
}

function featureTable(memory: Work['memory'], { features }: BinnedRows, rules: SplitRules) {
  const table = memory.int32(Math.max(1, features.length) * FEATURE_WORDS);
  features.forEach((one, i) => {
    const missing = one.missing ? 0 : -1;
    const kind = one.categorical ? 1 : 0;
    const monotone = rules.monotone.get(one.feature) ?? 0;
    const place = one.cell < 0 ? one.column * COLUMN_BYTES : one.cell * CELL_BYTES;
    const words = [place, one.firstByte, one.bins, one.defaultBin, missing, kind, monotone, one.cell < 0 ? 0 : 1];
    table.view().set(words, i * FEATURE_WORDS);
  });
  return table;
}

function parametersOf(records: GradientRecords, rules: SplitRules): number[] {
  return [
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
  ];
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

/** Reads what the kernel `bestSplits` writes of each of two nodes. */
function bestReader(memory: Work['memory']) {
  const block = memory.bytes(2 * BEST_BYTES);
  const viewOf = <T extends ArrayBufferView>(
    View: new (buffer: ArrayBufferLike, address: number, length: number) => T,
    size: number,
  ) => keptViewOf(() => new View(block.view().buffer, block.address, (2 * BEST_BYTES) / size));
  const wordView = viewOf(Int32Array, 4);
  const valueView = viewOf(Float64Array, 8);

  const sumsAt = (word: number, value: number): Sums => {
    const words = wordView();
    const values = valueView();
    return {
      gradient: values[value]!,
      hessian: values[value + 1]!,
      units: values[value + 2]!,
      words: [words[word]!, words[word + 1]!, words[word + 2]!, words[word + 3]!],
    };
  };
  const binsAt = (byte: number): number[] => {
    const words = wordView();
    const bins: number[] = [];
    for (let b = 0; b < 256; b++) if ((words[(byte >> 2) + (b >> 5)]! >> (b & 31)) & 1) bins.push(b);
    return bins;
  };
  const read = (node: number, featureAt: (place: number) => number): FoundSplit | null => {
    const word = (node * BEST_BYTES) / 4;
    const value = (node * BEST_BYTES) / 8;
    const words = wordView();
    const gain = valueView()[value]!;
    if (!(gain > 0)) return null;
    return {
      gain,
      feature: featureAt(words[word + 6]!),
      last: words[word + 2]!,
      next: words[word + 3]!,
      missingLeft: words[word + 4] === 1,
      missingSeen: words[word + 5] === 1,
      left: sumsAt(word + 8, value + 8),
      right: sumsAt(word + 12, value + 11),
      bins: words[word + 2] === -1 ? binsAt(node * BEST_BYTES + BIN_SET_BYTE) : [],
    };
  };
  return { address: block.address, read };
}
