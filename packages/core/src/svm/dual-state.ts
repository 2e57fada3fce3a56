import type { KernelArray, KernelScope } from '../runtime/kernel-runtime.ts';
import { placedNumbers } from '../runtime/placed-numbers.ts';
import type { DualProblem } from './dual-problem.ts';
import { BLOCK, kernelOfItself } from './kernel-rows.ts';

/**
 * Where the solver of the dual stands, in the kernels' memory. Rows are reordered as it goes; `origin` tells which row of the problem each
 * is. Those from `active` on are set aside: their derivatives are out of date.
 */
export interface DualState {
  readonly memory: KernelScope;
  readonly size: number;
  readonly columns: number;
  /** Address of the fields that the kernels share; see `kernels/svm-cache.ts`. */
  readonly address: number;
  /** y of each row. */
  readonly linear: Int8Array;
  readonly origin: Int32Array;
  /** Room for one column of the kernel matrix. */
  readonly spare: KernelArray<Float64Array>;
  /** Made afresh at each call: a growing memory leaves old views behind. */
  views(): DualViews;
  active: number;
}

export interface DualViews {
  readonly fields: Int32Array;
  readonly cells: Float64Array;
  readonly halves: Float64Array;
  /** Bounds of b. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Kernel of each row with itself. */
  readonly diagonal: Float64Array;
  /** Signed weights y_i a_i. */
  readonly b: Float64Array;
  /** Derivative of the objective by each b. */
  readonly v: Float64Array;
}

/** Places of the fields, in words of four bytes, as `kernels/svm-cache.ts` reads them. */
export const fieldPlaces = { active: 0, stopped: 19 } as const;
const FIELD_WORDS = 24;
const TOLERANCE_PLACE = 10;

/** The cache of columns takes at most so many bytes, but always two columns. Derivatives are those where all weights are 0. */
export function startState(
  memory: KernelScope,
  { rows, linear, low: floors, high: ceilings, start, tolerance, cacheBytes }: DualProblem,
): DualState {
  const size = rows.rows;
  const { columns } = rows;
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  const most = Math.min(size, Math.max(2, Math.floor(cacheBytes / (8 * Math.max(1, padded)))));
  const fields = memory.int32(FIELD_WORDS, 'zero');
  const cells = placedNumbers(memory, rows.cells);
  const halves = placedNumbers(memory, rows.halves, padded);
  const low = placedNumbers(memory, floors, padded);
  const high = placedNumbers(memory, ceilings, padded);
  const own = Float64Array.from({ length: size }, (_, i) => kernelOfItself(rows, i));
  const diagonal = placedNumbers(memory, own, padded);
  const b = placedNumbers(memory, start ?? new Float64Array(size), padded);
  const slopes = Float64Array.from(linear, (sign) => -sign);
  const v = placedNumbers(memory, slopes, padded);
  const scratch = memory.float64(Math.max(1, columns));
  const spare = memory.float64(padded);
  const slotOf = memory.int32(size);
  const [keys, lengths] = [memory.int32(most), memory.int32(most)];
  const [before, after] = [memory.int32(most + 1), memory.int32(most + 1)];
  const cache = memory.float64(most * padded);
  slotOf.view().fill(-1);
  before.view().fill(most);
  after.view().fill(most);
  const places = [cells, halves, low, high, diagonal, b, v, scratch, slotOf, keys, lengths, before, after, cache];
  const words = [size, columns, ...places.map(({ address }) => address), most, 0, padded, 0];
  if (rows.kernel.name === 'linear') words[3] = 0;
  fields.view().set(words);
  new Float64Array(fields.view().buffer, fields.address, FIELD_WORDS / 2)[TOLERANCE_PLACE] = tolerance;
  return {
    memory,
    size,
    columns,
    address: fields.address,
    linear: linear.slice(),
    origin: Int32Array.from({ length: size }, (_, i) => i),
    spare,
    views: () => ({
      fields: fields.view(),
      cells: cells.view(),
      halves: halves.view(),
      low: low.view(),
      high: high.view(),
      diagonal: diagonal.view(),
      b: b.view(),
      v: v.view(),
    }),
    active: size,
  };
}

/** Minus the mean derivative of the rows between their bounds, or the middle of what the rows at their bounds allow. */
export function interceptOf({ size }: DualState, { b, v, low, high }: DualViews): number {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let free = 0;
  for (let t = 0; t < size; t++) {
    const grows = b[t]! < high[t]!;
    const falls = b[t]! > low[t]!;
    if (grows && falls) {
      sum += v[t]!;
      free++;
    } else if (grows) least = Math.min(least, v[t]!);
    else if (falls) largest = Math.max(largest, v[t]!);
  }
  if (free > 0) return -sum / free;
  return -(least + largest) / 2;
}
