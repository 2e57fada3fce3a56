import type { NumericRows } from '../data/dataset.ts';
import { exponentiate } from './exponential.ts';
import type { SvmKernel } from './kernel.ts';

/**
 * Rows in the form in which a kernel is an inner product, or the exponential of one: for `rbf` the rows are centred and
 * stretched by sqrt(2 gamma), so that the kernel is exp(x.z - |x|²/2 - |z|²/2).
 */
export interface KernelRows {
  readonly kernel: SvmKernel;
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly cells: Float64Array;
  /** |x|²/2 of each row, or 0 for the linear kernel. */
  readonly halves: Float64Array;
}

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
  const cells = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (X.kind === 'dense') cells.set(X.data.subarray(row * columns, (row + 1) * columns), i * columns);
    else for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) cells[i * columns + X.indices[e]!] = X.values[e]!;
  }
  const halves = new Float64Array(rows.length);
  if (kernel.name === 'rbf') {
    const stretch = Math.sqrt(2 * kernel.gamma);
    for (let at = 0; at < cells.length; ) {
      for (let j = 0; j < columns; j++, at++) cells[at] = stretch * (cells[at]! - means[j]!);
    }
    for (let i = 0; i < rows.length; i++) halves[i] = dot(cells, i * columns, cells, i * columns, columns) / 2;
  }
  return { kernel, rows: rows.length, columns, cells, halves };
}

/** Kernel of row `i` of `left` with the rows `from` to `to - 1` of `right`, written to the same places of `target`. */
export function kernelSlice(
  left: KernelRows,
  i: number,
  right: KernelRows,
  target: Float64Array,
  from: number,
  to: number,
): void {
  const { columns, cells, halves } = right;
  dots(left.cells, i * columns, cells, columns, target, from, to);
  if (right.kernel.name === 'linear') return;
  const half = left.halves[i]!;
  for (let t = from; t < to; t++) target[t] = target[t]! - half - halves[t]!;
  exponentiate(target, from, to);
}

/** Kernel of a row with itself. */
export function kernelOfItself({ kernel, cells, columns }: KernelRows, i: number): number {
  return kernel.name === 'rbf' ? 1 : dot(cells, i * columns, cells, i * columns, columns);
}

/** In order of the columns, as `dots` adds. */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, length: number): number {
  let sum = 0;
  for (const end = i + length; i < end; i++, j++) sum += a[i]! * b[j]!;
  return sum;
}

/** Inner products of the row of `a` that starts at `start` with rows `from` to `to - 1` of `b`; four rows at a time, so that additions need not wait. */
function dots(
  a: Float64Array,
  start: number,
  b: Float64Array,
  columns: number,
  target: Float64Array,
  from: number,
  to: number,
): void {
  const end = start + columns;
  let t = from;
  for (; t + 3 < to; t += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let j0 = t * columns;
    let j1 = j0 + columns;
    let j2 = j1 + columns;
    let j3 = j2 + columns;
    for (let i = start; i < end; i++) {
      const x = a[i]!;
      s0 += x * b[j0++]!;
      s1 += x * b[j1++]!;
      s2 += x * b[j2++]!;
      s3 += x * b[j3++]!;
    }
    target[t] = s0;
    target[t + 1] = s1;
    target[t + 2] = s2;
    target[t + 3] = s3;
  }
  for (; t < to; t++) target[t] = dot(a, start, b, t * columns, columns);
}

/** Swaps two rows. */
export function swapRows({ cells, halves, columns }: KernelRows, a: number, b: number): void {
  for (let x = a * columns, y = b * columns, end = x + columns; x < end; x++, y++) {
    const held = cells[x]!;
    cells[x] = cells[y]!;
    cells[y] = held;
  }
  const held = halves[a]!;
  halves[a] = halves[b]!;
  halves[b] = held;
}
