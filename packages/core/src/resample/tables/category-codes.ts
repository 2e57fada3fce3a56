import type { Column } from '../../data/table.ts';

/** The cells of a column as categories, a missing cell being a category of its own, the last. */
export interface CategoryCodes {
  /** One a row; -1 for a missing cell. */
  readonly codes: Int32Array | Int8Array;
  /** Number of categories, that of missing cells among them if there are any. */
  readonly count: number;
  /** The category of missing cells; -1 if there are none. */
  readonly missing: number;
}

/** Strings in order of the dictionary, false before true, numbers by value. */
export function categoryCodes(column: Column): CategoryCodes {
  if (column.kind === 'categorical') return withMissing(column.codes, column.dictionary.length);
  if (column.kind === 'boolean') return withMissing(column.values, 2);
  const { values } = column;
  const distinct = [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const codeOf = new Map(distinct.map((value, code) => [value, code]));
  return withMissing(
    Int32Array.from(values, (value) => codeOf.get(value) ?? -1),
    distinct.length,
  );
}

function withMissing(codes: Int32Array | Int8Array, levels: number): CategoryCodes {
  const hasMissing = codes.includes(-1);
  return { codes, count: levels + (hasMissing ? 1 : 0), missing: hasMissing ? levels : -1 };
}

/** Row-major codes of some rows, `rows × columns`, with missing cells as their own category. */
export function codesOfRows(columns: readonly CategoryCodes[], rows: Int32Array): Int32Array {
  const all = new Int32Array(rows.length * columns.length);
  columns.forEach(({ codes, missing }, j) => {
    for (let i = 0, to = j; i < rows.length; i++, to += columns.length) {
      const code = codes[rows[i]!]!;
      all[to] = code < 0 ? missing : code;
    }
  });
  return all;
}
