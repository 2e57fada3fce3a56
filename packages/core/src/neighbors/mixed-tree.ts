import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import { listMembers, splitOrder } from './build-tree.ts';
import type { MixedMetric } from './mixed-metric.ts';
import type { MixedRows } from './mixed-rows.ts';
import { LEAF, writePlan } from './plan.ts';
import { type UniqueRows, uniqueRows } from './unique-rows.ts';

/** Scaled numbers beyond this are brought to it in float32, which only lessens differences. */
const FARTHEST = 1e18;

/** Rows of numbers and categories in leaves, in kernel memory. */
export interface MixedTree {
  readonly plan: KernelArray<Uint8Array>;
  readonly unique: UniqueRows;
  readonly placeOf: Int32Array;
  readonly values: KernelArray<Float64Array>;
  readonly codes: KernelArray<Int32Array>;
  /** Float32 errors of the columns of numbers, which follow the queries. */
  readonly errors: KernelArray<Uint8Array>;
  readonly middles: Float64Array;
  readonly leaves: number;
}

/** Puts rows in leaves with boxes. */
export async function buildMixedTree(work: Work, rows: MixedRows, metric: MixedMetric): Promise<MixedTree> {
  const { memory } = work;
  const numbers = rows.numeric.columns;
  const width = rows.categories.length;
  const unique = uniqueRows(asCells(rows), rows.rows, numbers + width);
  const points = unique.count;
  const leaves = Math.ceil(points / LEAF);
  const middles = middlesOf(rows);
  const keys = splitKeys(rows, metric, unique, middles);
  const keyBlock = memory.bytes(Math.max(1, keys.length) * 4);
  new Float32Array(keyBlock.view().buffer, keyBlock.address, keys.length).set(keys);
  const order = await splitOrder(work, keyBlock.address, points, numbers + width);
  memory.release(keyBlock);
  const placeOf = new Int32Array(points);
  for (let place = 0; place < points; place++) placeOf[order[place]!] = place;
  const { starts, members } = listMembers(work, unique, placeOf);

  const values = memory.float64(Math.max(1, points * numbers));
  const codes = memory.int32(Math.max(1, points * width));
  const placedValues = values.view();
  const placedCodes = codes.view();
  for (let place = 0; place < points; place++) {
    const row = unique.first[order[place]!]!;
    for (let j = 0; j < numbers; j++) placedValues[place * numbers + j] = rows.numeric.data[row * numbers + j]!;
    for (let j = 0; j < width; j++) placedCodes[place * width + j] = rows.codes[row * width + j]!;
  }
  const held = (data: Float64Array | Int32Array) => {
    const block =
      data instanceof Float64Array ? memory.float64(Math.max(1, data.length)) : memory.int32(Math.max(1, data.length));
    block.view().set(data);
    return block.address;
  };
  const panels = memory.bytes(Math.max(1, leaves * (numbers + width) * LEAF * 4));
  const blocks = Math.ceil(leaves / LEAF);
  const boxes = memory.bytes(Math.max(1, blocks * (2 * numbers + width) * LEAF * 4));
  // Taking a block may move the memory, which empties views taken before.
  const placed = { points, numbers, width, values: values.view(), codes: codes.view() };
  fillPanels(panels, placed, metric.scales, middles);
  fillBoxes(boxes, panels, { points, numbers, width });
  const errors = memory.bytes(Math.max(4, numbers * 4), 'zero');
  coverErrors({ errors, middles }, metric.scales, rows);
  const tables = metric.tables.map((table) => (table ? held(table) : 0));
  const addresses = [
    values.address,
    codes.address,
    held(middles),
    held(metric.scales),
    held(metric.weights),
    errors.address,
    held(metric.mismatches),
    held(Int32Array.from(tables)),
    held(Int32Array.from(rows.categories, (count) => count + 1)),
    panels.address,
    boxes.address,
    starts.address,
    members.address,
  ];
  const flags = [metric.kind, metric.squared ? 1 : 0, metric.missing === undefined ? 1 : 0];
  const total = [...metric.weights, ...metric.mismatches].reduce((sum, weight) => sum + weight, 0);
  const plan = writePlan(
    memory,
    [points, leaves, numbers, width, ...flags, ...addresses],
    [metric.missing ?? 0, total],
  );
  return { plan, unique, placeOf, values, codes, errors, middles, leaves };
}

/** Numbers, then codes, of each row as one row of numbers. */
function asCells({ rows, numeric, codes, categories }: MixedRows): Float64Array {
  const numbers = numeric.columns;
  const width = categories.length;
  const cells = new Float64Array(rows * (numbers + width));
  for (let i = 0, to = 0; i < rows; i++) {
    for (let j = 0; j < numbers; j++) cells[to++] = numeric.data[i * numbers + j]!;
    for (let j = 0; j < width; j++) cells[to++] = codes[i * width + j]!;
  }
  return cells;
}

function middlesOf({ numeric }: MixedRows): Float64Array {
  const { data, columns, rows } = numeric;
  const middles = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let lower = Number.POSITIVE_INFINITY;
    let upper = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows; i++) {
      const value = data[i * columns + j]!;
      if (value < lower) lower = value;
      if (value > upper) upper = value;
    }
    middles[j] = lower <= upper ? lower / 2 + upper / 2 : 0;
  }
  return middles;
}

const scaled = (value: number, middle: number, scale: number) =>
  Math.min(FARTHEST, Math.max(-FARTHEST, (value - middle) * scale));

/** Keys whose variances are like the columns' shares of the sums, so that splits tell as much as they can. */
function splitKeys(rows: MixedRows, metric: MixedMetric, unique: UniqueRows, middles: Float64Array): Float32Array {
  const { count, first } = unique;
  const numbers = rows.numeric.columns;
  const width = rows.categories.length;
  const keys = new Float32Array(count * (numbers + width));
  for (let j = 0; j < numbers; j++) {
    const weight = Math.sqrt(metric.weights[j]!);
    for (let i = 0; i < count; i++) {
      const value = scaled(rows.numeric.data[first[i]! * numbers + j]!, middles[j]!, metric.scales[j]!);
      keys[j * count + i] = Number.isNaN(value) ? 0 : value * weight;
    }
  }
  rows.categories.forEach((codes, j) => {
    const counts = new Float64Array(codes + 1);
    for (let i = 0; i < count; i++) counts[rows.codes[first[i]! * width + j]! + 1]!++;
    const ranks = new Float64Array(codes + 1);
    [...counts.keys()]
      .sort((a, b) => counts[b]! - counts[a]! || a - b)
      .forEach((code, rank) => {
        ranks[code] = rank;
      });
    const { spread, expected } = spreadOf(counts, ranks, metric, j);
    const factor = spread > 0 ? Math.sqrt(expected / 2 / spread) : 0;
    for (let i = 0; i < count; i++) {
      keys[(numbers + j) * count + i] = ranks[rows.codes[first[i]! * width + j]! + 1]! * factor;
    }
  });
  return keys;
}

/** Variance of the ranks of a column's codes, and what a random pair of rows adds. */
function spreadOf(counts: Float64Array, ranks: Float64Array, metric: MixedMetric, j: number) {
  const total = counts.reduce((sum, n) => sum + n, 0);
  let mean = 0;
  let square = 0;
  let same = 0;
  counts.forEach((n, code) => {
    mean += (n / total) * ranks[code]!;
    square += (n / total) * ranks[code]! ** 2;
    same += (n / total) ** 2;
  });
  const table = metric.tables[j];
  const most = table ? table.reduce((sum, value) => Math.max(sum, value), 0) / 2 : metric.mismatches[j]!;
  return { spread: square - mean * mean, expected: most * (1 - same) };
}

interface Placed {
  readonly points: number;
  readonly numbers: number;
  readonly width: number;
}

function fillPanels(
  panels: KernelArray<Uint8Array>,
  { points, numbers, width, values, codes }: Placed & { readonly values: Float64Array; readonly codes: Int32Array },
  scales: Float64Array,
  middles: Float64Array,
): void {
  const { buffer } = panels.view();
  const floats = new Float32Array(buffer, panels.address, panels.length >> 2);
  const words = new Int32Array(buffer, panels.address, panels.length >> 2);
  floats.fill(0);
  for (let place = 0; place < points; place++) {
    const at = Math.floor(place / LEAF) * (numbers + width) * LEAF + (place % LEAF);
    for (let j = 0; j < numbers; j++) {
      floats[at + j * LEAF] = scaled(values[place * numbers + j]!, middles[j]!, scales[j]!);
    }
    for (let j = 0; j < width; j++) words[at + (numbers + j) * LEAF] = codes[place * width + j]!;
  }
}

/** Boxes of leaves: bounds of the numbers (without limits where one is missing), and the code where there is only one. */
function fillBoxes(boxes: KernelArray<Uint8Array>, panels: KernelArray<Uint8Array>, placed: Placed): void {
  const { points, numbers, width } = placed;
  const { buffer } = boxes.view();
  const floats = new Float32Array(buffer, panels.address, panels.length >> 2);
  const words = new Int32Array(buffer, panels.address, panels.length >> 2);
  const bounds = new Float32Array(buffer, boxes.address, boxes.length >> 2);
  const codes = new Int32Array(buffer, boxes.address, boxes.length >> 2);
  bounds.fill(0);
  for (let leaf = 0; leaf * LEAF < points; leaf++) {
    const count = Math.min(LEAF, points - leaf * LEAF);
    const from = leaf * (numbers + width) * LEAF;
    const to = Math.floor(leaf / LEAF) * (2 * numbers + width) * LEAF + (leaf % LEAF);
    for (let j = 0; j < numbers; j++) {
      let lower = Number.POSITIVE_INFINITY;
      let upper = Number.NEGATIVE_INFINITY;
      for (let r = 0; r < count; r++) {
        const value = floats[from + j * LEAF + r]!;
        lower = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : Math.min(lower, value);
        upper = Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.max(upper, value);
      }
      bounds[to + 2 * j * LEAF] = lower;
      bounds[to + (2 * j + 1) * LEAF] = upper;
    }
    for (let j = numbers; j < numbers + width; j++) {
      const code = words[from + j * LEAF]!;
      let pure = true;
      for (let r = 1; r < count; r++) pure &&= words[from + j * LEAF + r] === code;
      codes[to + (numbers + j) * LEAF] = pure ? code : -2;
    }
  }
}

/** Lets the float32 errors of columns cover rows with these numbers too. They only grow, so searches may run side by side. */
export function coverErrors(
  { errors, middles }: Pick<MixedTree, 'errors' | 'middles'>,
  scales: Float64Array,
  { numeric: { data, columns } }: MixedRows,
): void {
  const held = new Float32Array(errors.view().buffer, errors.address, columns);
  for (let j = 0; j < columns; j++) {
    let reach = 0;
    for (let at = j; at < data.length; at += columns) {
      const value = Math.abs(scaled(data[at]!, middles[j]!, scales[j]!));
      if (value > reach) reach = value;
    }
    held[j] = Math.max(held[j]!, reach * 3e-7 + 1e-44);
  }
}
