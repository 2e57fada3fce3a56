import type { Notice } from '../runtime/notices.ts';
import { hashNumber, mixBits, sameCell } from './cell-hash.ts';
import { counted } from './quoted.ts';
import { columnFinder } from './select.ts';
import type { Column, Table } from './table.ts';

export interface DuplicateGroups {
  /** Number of the row's group, one a row; groups are numbered by first appearance. */
  readonly groupOf: Int32Array;
  readonly groups: number;
  /** Rows that repeat an earlier row. */
  readonly duplicateRows: number;
}

/**
 * Groups of rows that are equal in all named columns (all of the table's by default). Exact: rows of equal hash are
 * compared cell by cell. Missing equals missing, -0 equals 0. Throws `no-such-column`.
 */
export function duplicateGroups(table: Table, columns?: readonly string[]): DuplicateGroups {
  const compared = columns ? columns.map(columnFinder(table)) : table.columns;
  const { hashes, others } = hashRows(compared, table.rows);
  // Comparing column after column is much faster than row after row; only a collision of both hashes makes that necessary.
  const byHash = groupRows(hashes, (a, b) => others[a] === others[b]);
  const exact = compared.every((column) => sameInGroups(column, byHash.first, byHash.groupOf))
    ? byHash
    : groupRows(hashes, (a, b) => compared.every((column) => sameCell(column, a, b)));
  const groups = exact.first.length;
  return { groupOf: exact.groupOf, groups, duplicateRows: table.rows - groups };
}

/** Groups of rows of equal hash that are `same`; `first` holds the first row of each. */
function groupRows(
  hashes: Int32Array,
  same: (a: number, b: number) => boolean,
): { groupOf: Int32Array; first: Int32Array } {
  const rows = hashes.length;
  const groupOf = new Int32Array(rows);
  const first = new Int32Array(rows);
  let capacity = 16;
  while (capacity < 2 * rows) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  let groups = 0;
  for (let row = 0; row < rows; row++) {
    let slot = hashes[row]! & (capacity - 1);
    for (;;) {
      const group = slots[slot]!;
      if (group < 0) {
        slots[slot] = groups;
        first[groups] = row;
        groupOf[row] = groups++;
        break;
      }
      if (hashes[first[group]!] === hashes[row] && same(first[group]!, row)) {
        groupOf[row] = group;
        break;
      }
      slot = (slot + 1) & (capacity - 1);
    }
  }
  return { groupOf, first: first.slice(0, groups) };
}

function sameInGroups(column: Column, first: Int32Array, groupOf: Int32Array): boolean {
  const cells: Float64Array | Int32Array | Int8Array = column.kind === 'categorical' ? column.codes : column.values;
  for (let row = 0; row < groupOf.length; row++) {
    const a = cells[row]!;
    const b = cells[first[groupOf[row]!]!]!;
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
  }
  return true;
}

/**
 * How many of the test rows equal a training row, with the notice `duplicates-across-split` if any does: what is measured
 * on such rows is memory rather than foresight.
 */
export function duplicateAcrossSplit(
  duplicates: DuplicateGroups,
  split: { readonly train: Int32Array; readonly test: Int32Array },
): { rows: number; notices: readonly Notice[] } {
  const inTrain = new Uint8Array(duplicates.groups);
  for (const row of split.train) inTrain[duplicates.groupOf[row]!] = 1;
  let rows = 0;
  for (const row of split.test) rows += inTrain[duplicates.groupOf[row]!]!;
  if (rows === 0) return { rows, notices: [] };
  const share = ((100 * rows) / split.test.length).toFixed(1);
  const message =
    `${counted(rows, 'test row')} (${share} %) ${rows === 1 ? 'equals' : 'equal'} a training row in every used column; ` +
    'if they are copies of one observation, the test is too kind: split by groups or remove the copies';
  const numbers = { rows, testRows: split.test.length };
  return { rows, notices: [{ code: 'duplicates-across-split', severity: 'warning', message, numbers }] };
}

/** Two hashes of 32 bits: with one, some rows of a large table would share it by chance. */
function hashRows(columns: readonly Column[], rows: number): { hashes: Int32Array; others: Int32Array } {
  const hashes = new Int32Array(rows);
  const others = new Int32Array(rows);
  const add = (row: number, bits: number) => {
    hashes[row] = Math.imul(hashes[row]!, 31) + bits;
    others[row] = Math.imul(others[row]! ^ bits, 0x01000193);
  };
  for (const column of columns) {
    if (column.kind === 'numeric' || column.kind === 'date-time') {
      const { values } = column;
      for (let i = 0; i < rows; i++) add(i, hashNumber(values[i]!));
    } else {
      const codes = column.kind === 'categorical' ? column.codes : column.values;
      for (let i = 0; i < rows; i++) add(i, mixBits(codes[i]! + 0x51ed27));
    }
  }
  for (let i = 0; i < rows; i++) hashes[i] = mixBits(hashes[i]!);
  return { hashes, others };
}
