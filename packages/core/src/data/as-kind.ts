import { CounterweightError } from '../runtime/errors.ts';
import { quoted } from './quoted.ts';
import type { Column, ColumnKind, NumericColumn } from './table.ts';

/**
 * The same cells stored as another kind, where that loses nothing that could be meant:
 * any column without a single value becomes any kind; numbers become strings in JavaScript's shortest form (`1`, `0.5`),
 * as a reader shows them; booleans become the strings `false` and `true`. A string is never parsed: text in a column that
 * was numeric is a mistake to be shown. Throws `retyped-column` with what was expected and found.
 */
export function asKind(column: Column, kind: ColumnKind): Column {
  if (column.kind === kind) return column;
  if (isEmpty(column)) return emptyColumn(column.name, cellsOf(column), kind);
  if (kind === 'categorical' && column.kind === 'numeric') return numbersAsStrings(column);
  if (kind === 'categorical' && column.kind === 'boolean') {
    const dictionary = Object.freeze(['false', 'true']);
    return Object.freeze({ kind, name: column.name, codes: Int32Array.from(column.values), dictionary });
  }
  const example = column.kind === 'categorical' ? `, such as ${quoted(firstString(column))}` : '';
  throw new CounterweightError(
    'retyped-column',
    `column ${quoted(column.name)} should be ${described(kind)} but holds ${described(column.kind)}${example}`,
    { column: column.name, expected: kind, found: column.kind },
  );
}

function described(kind: ColumnKind): string {
  return { numeric: 'numbers', boolean: 'true or false', categorical: 'text', 'date-time': 'dates' }[kind];
}

function cellsOf(column: Column): number {
  return column.kind === 'categorical' ? column.codes.length : column.values.length;
}

function isEmpty(column: Column): boolean {
  if (column.kind === 'categorical') return column.codes.every((code) => code < 0);
  if (column.kind === 'boolean') return column.values.every((value) => value < 0);
  return column.values.every((value) => Number.isNaN(value));
}

function emptyColumn(name: string, rows: number, kind: ColumnKind): Column {
  switch (kind) {
    case 'numeric':
    case 'date-time':
      return Object.freeze({ kind, name, values: new Float64Array(rows).fill(Number.NaN) });
    case 'boolean':
      return Object.freeze({ kind, name, values: new Int8Array(rows).fill(-1) });
    case 'categorical':
      return Object.freeze({ kind, name, codes: new Int32Array(rows).fill(-1), dictionary: [] });
  }
}

function numbersAsStrings(column: NumericColumn): Column {
  const written = new Map<number, string>();
  for (const value of column.values) {
    if (!Number.isNaN(value) && !written.has(value)) written.set(value, String(value));
  }
  const dictionary = Object.freeze([...written.values()].sort());
  const codeOf = new Map(dictionary.map((value, code) => [value, code]));
  const codes = Int32Array.from(column.values, (value) => codeOf.get(written.get(value) ?? '') ?? -1);
  return Object.freeze({ kind: 'categorical', name: column.name, codes, dictionary });
}

function firstString(column: Column): string {
  if (column.kind !== 'categorical') return '';
  return column.dictionary[column.codes.find((code) => code >= 0) ?? 0] ?? '';
}
