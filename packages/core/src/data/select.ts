import { CounterweightError } from '../runtime/errors.ts';
import { nearestName } from './nearest-name.ts';
import { listed, quoted } from './quoted.ts';
import type { Column, Table } from './table.ts';

/** The column of that name. Throws `no-such-column`, with the nearest name there is. */
export function columnByName(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const names = table.columns.map((candidate) => candidate.name);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `the columns are ${listed(names)}` : `did you mean ${quoted(nearest)}?`;
  throw new CounterweightError('no-such-column', `there is no column ${quoted(name)}; ${hint}`, {
    column: name,
    ...(nearest === undefined ? {} : { nearest }),
  });
}

/** `columnByName` for many names: the names are gathered once. */
export function columnFinder(table: Table): (name: string) => Column {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return (name) => columns.get(name) ?? columnByName(table, name);
}

/** The named columns, in the order named. Throws `no-such-column`. */
export function selectColumns(table: Table, names: readonly string[]): Table {
  return Object.freeze({ kind: 'table', rows: table.rows, columns: names.map(columnFinder(table)) });
}

/**
 * The given rows (0-based, in any order, repeats allowed) as a new table. Dictionaries are shared with the source, so
 * some entries may no longer occur. Throws `bad-row` for an index outside the table.
 */
export function selectRows(table: Table, rows: Int32Array): Table {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row < 0 || row >= table.rows) {
      throw new CounterweightError('bad-row', `row ${row} is outside the table of ${table.rows} rows`, { row });
    }
  }
  const columns = table.columns.map((column) => selectCells(column, rows));
  return Object.freeze({ kind: 'table', rows: rows.length, columns });
}

/** 0 .. count - 1. */
export function allRows(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let i = 0; i < count; i++) rows[i] = i;
  return rows;
}

function selectCells(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case 'numeric':
    case 'date-time':
      return Object.freeze({ ...column, values: gather(column.values, new Float64Array(rows.length), rows) });
    case 'boolean':
      return Object.freeze({ ...column, values: gather(column.values, new Int8Array(rows.length), rows) });
    case 'categorical':
      return Object.freeze({ ...column, codes: gather(column.codes, new Int32Array(rows.length), rows) });
  }
}

function gather<T extends Float64Array | Int32Array | Int8Array>(from: T, to: T, rows: Int32Array): T {
  for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
  return to;
}
