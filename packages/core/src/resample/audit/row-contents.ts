import { hashNumber, mixBits } from '../../data/cell-hash.ts';
import type { NumericRows } from '../../data/dataset.ts';
import type { Matrix } from '../../data/matrix.ts';

/** Rows that can be found by what stands in them. */
export interface RowContents {
  /** The first row of each class with the content of a row elsewhere; `matches` tells whether a row has that content. */
  find(hash: number, matches: (row: number) => boolean, visit: (row: number, code: number) => void): void;
}

/** One hash a row, equal for equal rows; -0 equals 0. */
export function hashRows({ rows, columns, data }: Matrix): Int32Array {
  const hashes = new Int32Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let hash = 0;
    for (let j = 0; j < columns; j++) hash = Math.imul(hash, 31) + hashNumber(data[at++]!);
    hashes[row] = mixBits(hash);
  }
  return hashes;
}

/** An index of rows by content and class. `same` compares the contents of two rows. */
export function rowContents(
  hashes: Int32Array,
  codes: Int32Array,
  same: (a: number, b: number) => boolean,
): RowContents {
  let capacity = 16;
  while (capacity < 2 * hashes.length) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  for (let row = 0; row < hashes.length; row++) {
    let slot = hashes[row]! & (capacity - 1);
    for (let held = slots[slot]!; held >= 0; held = slots[slot]!) {
      if (codes[held] === codes[row] && hashes[held] === hashes[row] && same(held, row)) break;
      slot = (slot + 1) & (capacity - 1);
    }
    if (slots[slot]! < 0) slots[slot] = row;
  }
  return Object.freeze({
    find(hash: number, matches: (row: number) => boolean, visit: (row: number, code: number) => void) {
      for (let slot = hash & (capacity - 1); slots[slot]! >= 0; slot = (slot + 1) & (capacity - 1)) {
        const held = slots[slot]!;
        if (hashes[held] === hash && matches(held)) visit(held, codes[held]!);
      }
    },
  });
}

/** Whether two rows of one matrix, dense or sparse, are equal in every column. */
export function sameRow(X: NumericRows, a: number, b: number): boolean {
  if (X.kind === 'dense') return sameCells(X.data, a * X.columns, X.data, b * X.columns, X.columns);
  const { offsets, indices, values } = X;
  let i = offsets[a]!;
  let j = offsets[b]!;
  const endA = offsets[a + 1]!;
  const endB = offsets[b + 1]!;
  for (;;) {
    while (i < endA && values[i] === 0) i++;
    while (j < endB && values[j] === 0) j++;
    if (i === endA || j === endB) return i === endA && j === endB;
    if (indices[i] !== indices[j] || values[i] !== values[j]) return false;
    i++;
    j++;
  }
}

/** Whether `columns` cells from `a` and from `b` are equal. */
export function sameCells(one: Float64Array, a: number, other: Float64Array, b: number, columns: number): boolean {
  for (let j = 0; j < columns; j++) if (one[a + j] !== other[b + j]) return false;
  return true;
}
