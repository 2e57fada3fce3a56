import type { Table } from '../../../src/data/table.ts';

export type Cell = string | number | boolean | null;

/** The cells of each column as values; null is a missing cell. */
export function cellsOf(table: Table): Cell[][] {
  return table.columns.map((column): Cell[] => {
    switch (column.kind) {
      case 'categorical':
        return Array.from(column.codes, (code) => (code < 0 ? null : column.dictionary[code]!));
      case 'boolean':
        return Array.from(column.values, (value) => (value < 0 ? null : value === 1));
      default:
        return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
    }
  });
}

/** Rows as arrays of values. */
export function rowsOfTable(table: Table): Cell[][] {
  const columns = cellsOf(table);
  return Array.from({ length: table.rows }, (_, row) => columns.map((cells) => cells[row]!));
}
