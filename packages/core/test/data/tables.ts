import type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  DateTimeColumn,
  NumericColumn,
  Table,
} from '../../src/data/table.ts';

/** Small tables for tests; null is a missing cell. */
export function table(...columns: Column[]): Table {
  const [first] = columns;
  const rows = first === undefined ? 0 : first.kind === 'categorical' ? first.codes.length : first.values.length;
  return { kind: 'table', rows, columns };
}

export function numeric(name: string, values: readonly (number | null)[]): NumericColumn {
  return { kind: 'numeric', name, values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

export function dates(name: string, values: readonly (string | null)[]): DateTimeColumn {
  return {
    kind: 'date-time',
    name,
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Date.parse(value))),
  };
}

export function boolean(name: string, values: readonly (boolean | null)[]): BooleanColumn {
  return { kind: 'boolean', name, values: Int8Array.from(values, (value) => (value === null ? -1 : Number(value))) };
}

export function categorical(
  name: string,
  values: readonly (string | null)[],
  dictionary: readonly string[] = [...new Set(values.filter((value) => value !== null))].sort(),
): CategoricalColumn {
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(value)));
  return { kind: 'categorical', name, codes, dictionary };
}

/** `count` values of a function of the row number. */
export function repeat<T>(count: number, value: (row: number) => T): T[] {
  return Array.from({ length: count }, (_, row) => value(row));
}

export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code ?? `not a CounterweightError: ${error}`;
  }
  return 'nothing thrown';
}
