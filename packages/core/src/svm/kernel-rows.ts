import type { NumericRows } from '../data/dataset.ts';
import { readRow } from '../data/read-row.ts';
import type { SvmKernel } from './kernel.ts';

/**
 * Rows in the form in which a kernel is an inner product, or the exponential of one: for `rbf` the rows are centred and
 * stretched by sqrt(2 gamma), so that the kernel is exp(x.z - |x|²/2 - |z|²/2).
 */
export interface KernelRows {
  readonly kernel: SvmKernel;
  readonly rows: number;
  readonly columns: number;
  /** Blocks of eight rows, each block column after column, so that eight sums run at once through memory that lies in order. */
  readonly cells: Float64Array;
  /** |x|²/2 of each row, or 0 for the linear kernel. */
  readonly halves: Float64Array;
}

/** Rows of a block, as the kernels read them. */
export const BLOCK = 8;

/** Column means, from which the rows of both sides of a kernel are counted. */
export function columnMeans(X: NumericRows): Float64Array {
  const means = new Float64Array(X.columns);
  if (X.kind === 'dense') {
    for (let at = 0; at < X.data.length; ) for (let j = 0; j < X.columns; j++, at++) means[j]! += X.data[at]!;
  } else {
    for (let e = 0; e < X.values.length; e++) means[X.indices[e]!]! += X.values[e]!;
  }
  for (let j = 0; j < means.length; j++) means[j]! /= Math.max(1, X.rows);
  return means;
}

/** Brings the given rows (all without `rows`) into that form. */
export function kernelRows(
  X: NumericRows,
  kernel: SvmKernel,
  means: Float64Array,
  rows: Int32Array = Int32Array.from({ length: X.rows }, (_, row) => row),
): KernelRows {
  const { columns } = X;
  const cells = new Float64Array(Math.ceil(rows.length / BLOCK) * BLOCK * columns);
  const scratch = new Float64Array(columns);
  const halves = new Float64Array(rows.length);
  const stretch = Math.sqrt(2 * kernel.gamma);
  for (let i = 0; i < rows.length; i++) {
    readRow(X, rows[i]!, scratch);
    if (kernel.name === 'rbf') {
      let squares = 0;
      for (let j = 0; j < columns; j++) {
        scratch[j] = stretch * (scratch[j]! - means[j]!);
        squares += scratch[j]! * scratch[j]!;
      }
      halves[i] = squares / 2;
    }
    for (let j = 0, at = placeOf(i, columns); j < columns; j++, at += BLOCK) cells[at] = scratch[j]!;
  }
  return { kernel, rows: rows.length, columns, cells, halves };
}

/** Where the first cell of a row stands; the next ones follow `BLOCK` apart. */
const placeOf = (row: number, columns: number) => (row - (row % BLOCK)) * columns + (row % BLOCK);

/** Kernel of a row with itself. */
export function kernelOfItself(rows: KernelRows, i: number): number {
  if (rows.kernel.name === 'rbf') return 1;
  const { cells, columns } = rows;
  let sum = 0;
  for (let j = 0, at = placeOf(i, columns); j < columns; j++, at += BLOCK) sum += cells[at]! * cells[at]!;
  return sum;
}

/** Swaps two rows of blocks. */
export function swapCells(cells: Float64Array, columns: number, a: number, b: number): void {
  let x = placeOf(a, columns);
  let y = placeOf(b, columns);
  for (let j = 0; j < columns; j++, x += BLOCK, y += BLOCK) {
    const held = cells[x]!;
    cells[x] = cells[y]!;
    cells[y] = held;
  }
}
