import type { Matrix } from '../data/matrix.ts';
import { placedNumbers } from '../runtime/placed-numbers.ts';
import type { Work } from '../runtime/work.ts';

/** Cells in the kernels' memory at a time: so few stay in the cache, and memory does not grow with the rows. */
const SLAB_CELLS = 1 << 17;

/** Rows of one task of a kernel; a multiple of eight. */
export const BLOCK_ROWS = 256;

/** Rows that lie side by side for a kernel, see `kernels/row-groups.ts`. */
export const GROUP = 8;

/** A kernel that works on blocks of rows, with the arguments that follow those of all such kernels. */
export interface RowKernel {
  readonly kernel: string;
  /** Numbers of scratch that a thread needs. */
  readonly scratch: number;
  readonly rest: readonly number[];
}

/** Address of a copy of the values in the kernels' memory. */
export const placed = ({ memory }: Work, values: Float64Array): number => placedNumbers(memory, values).address;

/**
 * Runs a kernel over all rows, slab by slab. It gives `room` numbers a block, which `take` gets with the first row of the slab and the
 * number of its rows. Blocks do not depend on the threads.
 */
export async function overSlabs(
  work: Work,
  { rows, columns, data }: Matrix,
  { kernel, scratch, rest }: RowKernel,
  room: number,
  take: (found: Float64Array, first: number, count: number) => void,
): Promise<void> {
  const { memory, threads, run } = work;
  const blocks = Math.max(1, Math.floor(SLAB_CELLS / (BLOCK_ROWS * columns)));
  const slab = Math.min(rows, blocks * BLOCK_ROWS);
  const x = memory.float64(slab * columns);
  const own = memory.float64(threads * scratch);
  const target = memory.float64(Math.ceil(slab / BLOCK_ROWS) * room);
  for (let first = 0; first < rows; first += slab) {
    const count = Math.min(slab, rows - first);
    x.view().set(data.subarray(first * columns, (first + count) * columns));
    const tasks = Math.ceil(count / BLOCK_ROWS);
    const shape = [x.address, count, columns, BLOCK_ROWS, own.address, 8 * scratch, target.address];
    await run(kernel, tasks, [...shape, ...rest]);
    take(target.view(), first, count);
    await work.breathe();
  }
}

/** One number a row. */
export async function rowScores(work: Work, X: Matrix, kernel: RowKernel): Promise<Float64Array> {
  const scores = new Float64Array(X.rows);
  await overSlabs(work, X, kernel, BLOCK_ROWS, (found, first, count) => scores.set(found.subarray(0, count), first));
  return scores;
}
