import {
  type Column,
  CounterweightError,
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
  type TableAuditOptions,
} from '@counterweight/core';
import type { ResampleRequest } from './request.ts';

/** Output rows in terms of labelled rows, and the cells of those that were made. */
export interface ChosenRows {
  readonly provenance: Provenance;
  /** As in `provenance`, but that copies with another class than their source count as made. */
  readonly written: Pick<Provenance, 'source' | 'base'>;
  readonly made: readonly Column[];
  /** Weights of the rows that were made, where the method shares labels out by weights; all others weigh 1. */
  readonly weights?: Float64Array | undefined;
  readonly notices: readonly Notice[];
  /** What went into the method and what came out of it; null where it looked at classes alone. */
  readonly tables: AuditableTables | null;
}

/** A table before and after, and what part its columns played. */
export interface AuditableTables {
  readonly original: Dataset<Table>;
  readonly resampled: ResampledTable;
  readonly roles: TableAuditOptions;
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
  const groups = groupsOfRows(table, group, labelled.rows);
  const ignore = [...(roles.ignore ?? []), ...(group === undefined ? [] : [group])];
  const original: Dataset<Table> = { X, y: labelled.labels, groups };
  const own = { ...roles, ...(ignore.length > 0 && { ignore }) };
  const resampled = await withFlagNames(labelled.rows, () =>
    createTableResampler(method, { ...options, ...own }).resample(original, run),
  );
  const { provenance } = resampled;
  const notices = resampled.notices.map((notice) => ({ ...notice, message: flagged(notice.message) }));
  const relabelled = relabelledRows(original, resampled);
  const source = provenance.source.map((row, i) => (relabelled.has(i) ? -1 : row));
  const base = provenance.base.map((row, i) => (relabelled.has(i) ? provenance.source[i]! : row));
  const made = ownCells(X, resampled.data.X, source, base);
  if (relabelled.size > 0) made.push(ownLabels(columnByName(table, target), labelled, resampled, source));
  const weights = resampled.data.weights?.filter((_, i) => source[i] === -1);
  return {
    provenance,
    written: { source, base },
    made,
    weights,
    notices,
    tables: { original, resampled, roles: { ...declaredIn(options), ...own } },
  };
}

/** What the options of a method say of columns. */
const declaredIn = ({ features, bounds }: ResampleRequest['options']): TableAuditOptions => ({
  features: features as TableAuditOptions['features'],
  bounds: bounds as TableAuditOptions['bounds'],
});

/** How errors and notices of the library speak of options, and how the command writes them. */
const flagNames: readonly (readonly [RegExp, string])[] = [
  [/\bcategoricalFeatures or ignore\b/, '--categorical or --ignore'],
  [/\bcategoricalFeatures\b/, '--categorical'],
  [/\bset onTooFew to "([a-z-]+)"/, 'set --option on-too-few=$1'],
  [/\bsamplingStrategy: /, '--sampling-strategy: '],
  [/\bwithinGroups keeps\b/, '--option within-groups=true keeps'],
];

const flagged = (message: string): string =>
  flagNames.reduce((text, [name, flag]) => text.replace(name, flag), message);

/** Errors that speak of options and rows as the user of the command knows them; `rows` are the data rows, from 0. */
async function withFlagNames<R>(rows: Int32Array, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CounterweightError)) throw error;
    const { row } = error.details;
    const ofFile = row === undefined ? undefined : rows[row];
    const message = flagged(error.message);
    throw new CounterweightError(
      error.code,
      ofFile === undefined ? message : message.replace(new RegExp(`\\brow ${row}\\b`), `data row ${ofFile + 1}`),
      ofFile === undefined ? error.details : { ...error.details, row: ofFile },
    );
  }
}

/** Copies that have another class than their source. */
function relabelledRows({ y }: Dataset<Table>, { data, provenance: { source } }: ResampledTable): ReadonlySet<number> {
  const rows = new Set<number>();
  for (let i = 0; i < source.length; i++) {
    if (source[i]! >= 0 && data.y.codes[i] !== y.codes[source[i]!]) rows.add(i);
  }
  return rows;
}

/** Cells of the target of the rows that are not written as copies, each that of some row of the class. */
function ownLabels(target: Column, labelled: LabelledRows, { data }: ResampledTable, source: Int32Array): Column {
  const example = new Int32Array(labelled.labels.classes.length).fill(-1);
  labelled.labels.codes.forEach((code, row) => {
    if (example[code] === -1) example[code] = labelled.rows[row]!;
  });
  const rows = Int32Array.from(data.y.codes, (code) => example[code]!).filter((_, i) => source[i] === -1);
  return selectRows({ kind: 'table', rows: cellsOf(target).length, columns: [target] }, rows).columns[0]!;
}

/** Columns in which some new row has another cell than its base; the others are written as they stand in the input. */
function ownCells(original: Table, made: Table, source: Int32Array, base: Int32Array): Column[] {
  const places = Int32Array.from(source.keys()).filter((row) => source[row]! < 0);
  const bases = places.map((row) => base[row]!);
  return selectRows(made, places).columns.filter((column, index) => {
    const cells = cellsOf(column);
    const from = cellsOf(original.columns[index]!);
    return cells.some((cell, i) => !Object.is(cell, from[bases[i]!]));
  });
}

function cellsOf(column: Column): Int32Array | Int8Array | Float64Array {
  return column.kind === 'categorical' ? column.codes : column.values;
}

/** The group of each of the rows; undefined where no column says. Throws `no-such-column`. */
export function groupsOfRows(table: Table, group: string | undefined, rows: Int32Array): Int32Array | undefined {
  if (group === undefined) return undefined;
  const column = columnByName(table, group);
  return groupCodes(selectRows({ kind: 'table', rows: table.rows, columns: [column] }, rows).columns[0]!);
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
