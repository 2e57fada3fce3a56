import type { Column } from '@counterweight/core';

/** Categories of rows (`--by`) in order of first appearance in the calibration rows; null is a missing cell. */
export interface CategoryColumn {
  readonly name: string;
  readonly kind: Column['kind'];
  readonly values: readonly (string | null)[];
}

/** The cell as text, null where it is missing. */
export function categoryText(column: Column, row: number): string | null {
  if (column.kind === 'categorical') return column.codes[row]! < 0 ? null : column.dictionary[column.codes[row]!]!;
  const value = column.values[row]!;
  if (column.kind === 'boolean') return value < 0 ? null : value === 1 ? 'true' : 'false';
  return Number.isNaN(value) ? null : String(value);
}

/** The categories of the given rows and the code of each row. */
export function categoriesOf(column: Column, rows: Int32Array): { categories: CategoryColumn; codes: Int32Array } {
  const places = new Map<string | null, number>();
  const codes = Int32Array.from(rows, (row) => {
    const text = categoryText(column, row);
    const found = places.get(text);
    if (found !== undefined) return found;
    places.set(text, places.size);
    return places.size - 1;
  });
  return { categories: { name: column.name, kind: column.kind, values: Object.freeze([...places.keys()]) }, codes };
}

/** Codes by known categories; one that is not among them gets the code after the last. */
export function categoryCodes({ values }: CategoryColumn, column: Column, rows: ArrayLike<number>): Int32Array {
  const places = new Map(values.map((value, place) => [value, place]));
  return Int32Array.from(rows, (row) => places.get(categoryText(column, row)) ?? values.length);
}
