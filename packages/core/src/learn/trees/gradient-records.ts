import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';

/** Rows of a task over all rows; even, since kernels take two rows at a time. */
export const BLOCK_ROWS = 8192;

/** A loss's gradients in fixed point, and what a unit of them is worth. */
export interface GradientRecords {
  /** `[gradient, Hessian and count]` of each row, two 64-bit whole numbers. */
  readonly address: number;
  readonly unitG: number;
  readonly unitH: number;
  /** The count stands above this many bits. */
  readonly countShift: number;
}

export interface RecordWeights {
  /** Undefined where all weights are 1. */
  readonly weights: KernelArray<Float64Array> | undefined;
  /** Rows that each row counts as; undefined where each counts once. */
  readonly counts: KernelArray<Float64Array> | undefined;
  /** Sum of the rows' counts. */
  readonly counted: number;
}

/** Most counted rows for which whole weights are taken as copies of rows. */
const MOST_COUNTED = 2 ** 31;

/**
 * Puts weights into the kernels' memory, unless all are 1. Sample weights that are whole numbers count as so many rows;
 * `weights` are those times what a loss makes of them.
 */
export function recordWeights({ memory }: Work, sample: Float64Array, weights: Float64Array): RecordWeights {
  const ones = (values: Float64Array) => values.every((value) => value === 1);
  const placed = (values: Float64Array) => {
    const block = memory.float64(values.length);
    block.view().set(values);
    return block;
  };
  let total = 0;
  for (const weight of sample) total += weight;
  const counting = total <= MOST_COUNTED && !ones(sample) && sample.every((weight) => Number.isInteger(weight));
  const block = ones(weights) ? undefined : placed(weights);
  const counts = counting ? (weights === sample ? block : placed(sample)) : undefined;
  return { weights: block, counts, counted: counting ? total : sample.length };
}

/**
 * Turns float64 `[gradient, Hessian]` pairs into whole numbers in place. The unit is a power of two, the smallest with
 * which no sum over the rows overflows and each number has at most 50 bits.
 */
export async function fixGradients(
  work: Work,
  records: number,
  rows: number,
  { weights, counts, counted }: RecordWeights,
): Promise<GradientRecords> {
  const blocks = Math.ceil(rows / BLOCK_ROWS);
  const statistics = work.memory.float64(blocks * 4);
  const address = weights?.address ?? 0;
  await work.run('gradientStatistics', blocks, [rows, BLOCK_ROWS, address, records, statistics.address]);
  let sumG = 0;
  let sumH = 0;
  let mostG = 0;
  let mostH = 0;
  const found = statistics.view();
  for (let b = 0; b < blocks; b++) {
    sumG += found[4 * b]!;
    sumH += found[4 * b + 1]!;
    mostG = Math.max(mostG, found[4 * b + 2]!);
    mostH = Math.max(mostH, found[4 * b + 3]!);
  }
  work.memory.release(statistics);
  const countShift = 62 - bitsOf(counted + 1);
  const bitsG = Math.min(61 - bitsOf(sumG), 49 - bitsOf(mostG));
  const bitsH = Math.min(countShift - 1 - bitsOf(sumH), 49 - bitsOf(mostH));
  const shape = [rows, BLOCK_ROWS, address, counts?.address ?? 0];
  await work.run('fixRecords', blocks, [...shape, 2 ** bitsG, 2 ** bitsH, countShift, records]);
  return { address: records, unitG: 2 ** -bitsG, unitH: 2 ** -bitsH, countShift };
}

/** The least k with value < 2^k; -900 for 0, so that powers stay in range. */
function bitsOf(value: number): number {
  if (!(value > 0)) return -900;
  let k = Math.max(-900, Math.ceil(Math.log2(value)) - 1);
  while (2 ** k <= value) k++;
  return k;
}
