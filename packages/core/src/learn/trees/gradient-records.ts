import { CounterweightError } from '../../runtime/errors.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';

/** Rows of a task over all rows; even, since kernels take two rows at a time. */
export const BLOCK_ROWS = 4096;

/** A loss's gradients in fixed point, and what a unit of them is worth. */
export interface GradientRecords {
  /** `[gradient, Hessian and count]` of each row, two 64-bit whole numbers. */
  readonly address: number;
  readonly unitG: number;
  readonly unitH: number;
  /** The count stands above this many bits. */
  readonly countShift: number;
  /** Rows that a unit of the count stands for. */
  readonly countUnit: number;
}

/** The units of the count that so many rows take at least. */
export function countUnits(rows: number, { countUnit }: GradientRecords): number {
  return Math.ceil(rows / countUnit);
}

export interface RecordWeights {
  /** In multiples of `unit`; undefined where all weights are 1. */
  readonly weights: KernelArray<Float64Array> | undefined;
  readonly unit: number;
  /** Rows that each row counts as, in multiples of `countUnit`; undefined where each counts once. */
  readonly counts: KernelArray<Float64Array> | undefined;
  readonly countUnit: number;
  /** Rows that all count as together. */
  readonly counted: number;
  /** Sum of `counts`. */
  readonly units: number;
}

/**
 * Sum of weights up to which whole ones are copies of rows to the bit. Counts share a word with Hessians: beyond, those of
 * single rows would be rounded coarsely, so counts are rounded instead, and products of weights and Hessians once.
 */
const MOST_COPIES = 2 ** 22;
const COUNT_UNITS = 2 ** 20;
/** Squares of sums of gradients stay finite, and weights by a share of a class that is small. */
const MOST_WEIGHT = 1e100;

/**
 * Puts weights into the kernels' memory, unless all are 1. Sample weights that are whole numbers count as so many rows;
 * `weights` are those times what a loss makes of them. Throws `bad-weights` above 1e100.
 */
export function recordWeights({ memory }: Work, sample: Float64Array, weights: Float64Array): RecordWeights {
  refuseBoundless(weights);
  const ones = (values: Float64Array) => values.every((value) => value === 1);
  const placed = (values: Float64Array) => {
    const block = memory.float64(values.length);
    block.view().set(values);
    return block;
  };
  const whole = !ones(sample) && sample.every((weight) => Number.isInteger(weight));
  const total = sumOf(sample);
  const countUnit = whole && total > MOST_COPIES ? 2 ** bitsOf(total / COUNT_UNITS) : 1;
  // Below 1, a weight's product with a gradient is rounded once and not the gradient before.
  const unit = total > MOST_COPIES || sumOf(weights) > MOST_COPIES ? 2 ** bitsOf(mostOf(weights)) : 1;
  const block = ones(weights) ? undefined : placed(unit === 1 ? weights : weights.map((weight) => weight / unit));
  // Up, so that a leaf never seems to hold fewer rows than it does.
  const counting = countUnit === 1 ? sample : sample.map((weight) => Math.ceil(weight / countUnit));
  const counts = whole ? (block && unit === 1 && weights === counting ? block : placed(counting)) : undefined;
  const units = whole ? sumOf(counting) : sample.length;
  return { weights: block, unit, counts, countUnit, counted: whole ? total : sample.length, units };
}

function refuseBoundless(weights: Float64Array): void {
  const row = weights.findIndex((weight) => !(weight <= MOST_WEIGHT));
  if (row < 0) return;
  throw new CounterweightError(
    'bad-weights',
    `a weight is ${weights[row]}; boosting takes weights up to ${MOST_WEIGHT}`,
  );
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function mostOf(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/**
 * Turns float64 `[gradient, Hessian]` pairs into whole numbers in place. The unit is a power of two, the smallest with
 * which no sum over the rows overflows and each number has at most 50 bits.
 */
export async function fixGradients(
  work: Work,
  records: number,
  rows: number,
  { weights, unit, counts, countUnit, units }: RecordWeights,
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
  const countShift = 62 - bitsOf(units + 1);
  const bitsG = Math.min(61 - bitsOf(sumG), 49 - bitsOf(mostG));
  const bitsH = Math.min(countShift - 1 - bitsOf(sumH), 49 - bitsOf(mostH));
  const shape = [rows, BLOCK_ROWS, address, counts?.address ?? 0];
  await work.run('fixRecords', blocks, [...shape, 2 ** bitsG, 2 ** bitsH, countShift, records]);
  return { address: records, unitG: unit * 2 ** -bitsG, unitH: unit * 2 ** -bitsH, countShift, countUnit };
}

/** The least k with value < 2^k; -900 for 0, so that powers stay in range. */
function bitsOf(value: number): number {
  if (!(value > 0)) return -900;
  let k = Math.max(-900, Math.ceil(Math.log2(value)) - 1);
  while (2 ** k <= value) k++;
  return k;
}
