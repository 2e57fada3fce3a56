import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { quoted } from '../../data/quoted.ts';
import type { Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { denseRows } from '../dense-rows.ts';
import type { Provenance } from '../resampler.ts';
import type { ColumnBounds } from '../tables/cell-options.ts';
import { type ArrowTable, arrowValues, columnTable, holdsDates } from './arrow-table.ts';
import { type ReadColumn, readColumn, readDates } from './plain-columns.ts';
import type { TypedArray } from './plain-labels.ts';

/** Row-major numbers with their shape, `[rows, columns]`. */
export interface ShapedArray<T extends TypedArray = TypedArray> {
  readonly data: T;
  readonly shape: readonly [number, number];
}

/** Rows that were read, and the way back. */
export interface ReadRows {
  /** The rows as numbers, where they are nothing else and need not be whole. */
  readonly numbers: Matrix | undefined;
  /** The columns of rows of numbers. */
  readonly numberColumns?: readonly string[];
  /** What the kind of array can hold, by column, where that is not any number. */
  readonly bounds?: Readonly<Record<string, ColumnBounds>>;
  table(): Table;
  /** Values of a column. Throws `no-such-column`. */
  column(name: string): unknown;
  /** Resampled rows in the kind that came in; `labels` where one of their columns holds these. */
  restore(X: NumericRows | Table, provenance: Provenance, labels: unknown): unknown;
}

/** Rows that are arrays: of numbers, or of values of any kind by column. Throws `shape-mismatch` for rows of several lengths. */
export function arrayRows(X: readonly ArrayLike<unknown>[]): ReadRows {
  const columns = X[0]?.length ?? 0;
  const ragged = X.findIndex((row) => row?.length !== columns);
  if (ragged >= 0) {
    const message = `row 0 has ${columns} values, row ${ragged} has ${X[ragged]?.length ?? 'none'}`;
    throw new CounterweightError('shape-mismatch', message, { row: ragged });
  }
  const sample = X[0];
  const asRow = (values: unknown[]) =>
    ArrayBuffer.isView(sample)
      ? new (sample.constructor as new (values: number[]) => TypedArray)(values as number[])
      : values;
  const allNumbers = X.every((row) => ArrayBuffer.isView(row) || (row as unknown[]).every(isNumber));
  if (allNumbers) {
    const data = new Float64Array(X.length * columns);
    X.forEach((row, i) => {
      data.set(row as ArrayLike<number>, i * columns);
    });
    return numberRows(matrix(data, X.length, columns), sample, (made) =>
      Array.from({ length: made.rows }, (_, i) => asRow([...made.data.subarray(i * columns, (i + 1) * columns)])),
    );
  }
  const names = Array.from({ length: columns }, (_, j) => String(j));
  const values = names.map((_, j) => X.map((row) => row[j]));
  return valueRows(names, values, undefined, (cells, rows) =>
    Array.from({ length: rows }, (_, i) => asRow(cells.map((column) => column[i]))),
  );
}

const isNumber = (value: unknown) => typeof value === 'number';

/** Throws `shape-mismatch`. */
export function shapedRows({ data, shape }: ShapedArray): ReadRows {
  const [rows, columns] = shape;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (shape.length !== 2 || !isCount(rows) || !isCount(columns) || rows * columns !== data.length) {
    throw new CounterweightError('shape-mismatch', `${data.length} values are not of the shape [${shape.join(', ')}]`);
  }
  if (typeof (data[0] as unknown) === 'bigint') {
    throw new CounterweightError('bad-rows', 'typed arrays of bigints are not taken; make them Float64Array');
  }
  const Kind = data.constructor as new (values: ArrayLike<number>) => TypedArray;
  return numberRows(matrix(Float64Array.from(data), rows, columns), data, (made) => ({
    data: new Kind(made.data),
    shape: [made.rows, columns],
  }));
}

function numberRows(numbers: Matrix, sample: unknown, restore: (made: Matrix) => unknown): ReadRows {
  const { rows, columns, data } = numbers;
  const range = integerRange(sample);
  const names = Array.from({ length: columns }, (_, j) => String(j));
  return {
    // Integer arrays go the way of tables, which keeps whole numbers whole.
    numbers: range ? undefined : numbers,
    numberColumns: names,
    ...(range && { bounds: Object.fromEntries(names.map((name) => [name, range])) }),
    table: () => ({
      kind: 'table',
      rows,
      columns: names.map((name, j) => ({
        kind: 'numeric',
        name,
        values: Float64Array.from({ length: rows }, (_, i) => finite(data[i * columns + j]!, i, name)),
      })),
    }),
    column: (name) => {
      throw noColumn(name);
    },
    restore: (X) => restore(X.kind === 'table' ? fromTable(X) : denseRows(X)),
  };
}

function finite(value: number, row: number, column: string): number {
  if (Math.abs(value) !== Number.POSITIVE_INFINITY) return value;
  throw new CounterweightError('not-finite', `the value in row ${row}, column ${column} is infinite`, { row, column });
}

function fromTable({ rows, columns }: Table): Matrix {
  const data = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    const { values } = column as { values: Float64Array };
    for (let i = 0; i < rows; i++) data[i * columns.length + j] = values[i]!;
  });
  return matrix(data, rows, columns.length);
}

function integerRange(sample: unknown): ColumnBounds | undefined {
  if (!ArrayBuffer.isView(sample) || sample instanceof Float64Array || sample instanceof Float32Array) return undefined;
  const bits = 8 * (sample as TypedArray).BYTES_PER_ELEMENT;
  const signed = sample instanceof Int8Array || sample instanceof Int16Array || sample instanceof Int32Array;
  return signed ? { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 } : { min: 0, max: 2 ** bits - 1 };
}

/** Records with the same keys; a key that a record lacks is a missing cell. */
export function recordRows(X: readonly Readonly<Record<string, unknown>>[], target: string | undefined): ReadRows {
  const names = [...new Set(X.flatMap((row) => Object.keys(row)))];
  const values = names.map((name) => X.map((row) => row[name]));
  return valueRows(names, values, target, (cells, rows) =>
    Array.from({ length: rows }, (_, i) => Object.fromEntries(names.map((name, j) => [name, cells[j]![i]]))),
  );
}

/** Arrow tables; what comes back needs no package. */
export function arrowRows(X: ArrowTable, target: string | undefined): ReadRows {
  const names = X.schema.fields.map(({ name }) => name);
  const values = names.map((name) => arrowValues(X, name));
  const read = (name: string, cells: readonly unknown[], j: number) =>
    holdsDates(X.schema.fields[j]!) ? readDates(name, cells) : readColumn(name, cells);
  const restore = (cells: unknown[][]) => columnTable(X, Object.fromEntries(names.map((name, j) => [name, cells[j]!])));
  return valueRows(names, values, target, restore, read);
}

/** Columns of values; those that are no cells of a table, and the labels, are beside it. */
function valueRows(
  names: readonly string[],
  values: readonly (readonly unknown[])[],
  target: string | undefined,
  restore: (cells: unknown[][], rows: number) => unknown,
  readCells: (name: string, cells: readonly unknown[], j: number) => ReadColumn | undefined = readColumn,
): ReadRows {
  const read = names.map((name, j): ReadColumn | undefined => {
    return name === target ? undefined : readCells(name, values[j]!, j);
  });
  const columns = read.flatMap((each) => (each ? [each.column] : []));
  return {
    numbers: undefined,
    table: () => ({ kind: 'table', rows: values[0]?.length ?? 0, columns }),
    column: (name) => {
      const j = names.indexOf(name);
      if (j < 0) throw noColumn(name);
      return values[j];
    },
    restore: (X, { source, base }, labels) => {
      const made = (X as Table).columns;
      let at = 0;
      const cells = names.map((name, j) => {
        const own = read[j];
        const column = own && made[at++]!;
        return Array.from(source, (from, i) => {
          if (from >= 0) return values[j]![from];
          if (name === target) return (labels as ArrayLike<unknown>)[i];
          return own ? own.valueOf(column!, i) : values[j]![base[i]!];
        });
      });
      return restore(cells, source.length);
    },
  };
}

function noColumn(name: string): CounterweightError {
  return new CounterweightError('no-such-column', `there is no column ${quoted(name)}`, { column: name });
}
