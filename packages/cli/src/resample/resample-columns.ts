import {
  type Column,
  columnByName,
  createTableResampler,
  type Dataset,
  type LabelledRows,
  type Notice,
  type Provenance,
  type ResampledTable,
  type RunOptions,
  selectColumns,
  selectRows,
  type Table,
} from '@counterweight/core';
import type { ResampleRequest } from './resample-file.ts';

/** Output rows in terms of labelled rows, and the cells of those that were made. */
export interface ChosenRows {
  readonly provenance: Provenance;
  readonly made: readonly Column[];
  readonly notices: readonly Notice[];
  /** What went into the method and what came out of it; null where it looked at classes alone. */
  readonly tables: { readonly original: Dataset<Table>; readonly resampled: ResampledTable } | null;
}

export interface ColumnsRequest extends Pick<ResampleRequest, 'target' | 'method' | 'options' | 'roles' | 'group'> {
  readonly table: Table;
  readonly labelled: LabelledRows;
}

/** Resamples the labelled rows of a table by a method that looks at its columns. Throws what the method throws. */
export async function resampleColumns(request: ColumnsRequest, run: RunOptions): Promise<ChosenRows> {
  const { table, labelled, target, method, options, roles, group } = request;
  const others = table.columns.filter(({ name }) => name !== target).map(({ name }) => name);
  const X = selectRows(selectColumns(table, others), labelled.rows);
  const groups = group === undefined ? undefined : groupCodes(columnByName(X, group));
  const ignore = [...(roles.ignore ?? []), ...(group === undefined ? [] : [group])];
  const original: Dataset<Table> = { X, y: labelled.labels, groups };
  const given = { ...options, ...roles, ...(ignore.length > 0 && { ignore }) };
  const resampled = await createTableResampler(method, given).resample(original, run);
  const { provenance, notices } = resampled;
  return { provenance, made: ownCells(X, resampled), notices, tables: { original, resampled } };
}

/** Columns in which some new row has another cell than its base; the others are written as they stand in the input. */
function ownCells(original: Table, { data, provenance: { source, base } }: ResampledTable): Column[] {
  const places: number[] = [];
  for (let row = 0; row < source.length; row++) if (source[row]! < 0) places.push(row);
  const rows = Int32Array.from(places);
  const bases = Int32Array.from(places, (row) => base[row]!);
  return selectRows(data.X, rows).columns.filter((column, index) => {
    const made = cellsOf(column);
    const from = cellsOf(original.columns[index]!);
    return made.some((cell, i) => !Object.is(cell, from[bases[i]!]));
  });
}

function cellsOf(column: Column): Int32Array | Int8Array | Float64Array {
  return column.kind === 'categorical' ? column.codes : column.values;
}

/** A code for each distinct value; rows without one are each a group of their own. */
function groupCodes(column: Column): Int32Array {
  const cells = cellsOf(column);
  const codes = new Map<number, number>();
  const missing = column.kind === 'numeric' || column.kind === 'date-time' ? Number.isNaN : (cell: number) => cell < 0;
  let next = 0;
  return Int32Array.from(cells, (cell) => {
    if (missing(cell)) return next++;
    const known = codes.get(cell) ?? next++;
    codes.set(cell, known);
    return known;
  });
}
