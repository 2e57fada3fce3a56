import { sameContent } from '../../data/column-facts.ts';
import type { Dataset } from '../../data/dataset.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import type { NumericColumn, Table } from '../../data/table.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { provenanceOfCopies } from '../assemble.ts';
import { denseRows } from '../dense-rows.ts';
import { checkShapes } from '../options.ts';
import type { ResamplerEntry } from '../registry-entry.ts';
import type { Provenance, Resampled, Resampler } from '../resampler.ts';
import type { RowSelector } from '../row-selector.ts';
import { assembleTable } from './assemble-table.ts';
import type { CellOptions } from './cell-options.ts';
import { missingValue } from './class-numbers.ts';
import { type ColumnRoleOptions, planRoles, type RolePlan } from './column-roles.ts';
import { encodingOf, type TableEncoding } from './encode-table.ts';
import { mixedGroups } from './mixed-groups.ts';
import { type CellSource, madeRows, nearerParent } from './new-cells.ts';
import type { ResampledTable, TableResampler } from './table-resampler.ts';

/** How a method for numbers goes over a table. */
export interface TableOptions extends ColumnRoleOptions, CellOptions {
  /**
   * What distances are measured on. `standard` (the default): numbers with mean 0 and deviation 1, a 0/1 feature a category, dates
   * and words. `none`: numbers as they stand and truth values as 0 and 1; nothing else is looked at. The default with
   * `compat`.
   */
  readonly scale?: 'standard' | 'none' | undefined;
  /**
   * Missing cells in columns that distances look at. `impute` (the default): the median, or a category of their own, for
   * distances alone. `error`: `missing-value`; always so with scale `none`. Methods that look at the classes alone carry
   * missing cells as they are.
   */
  readonly missing?: 'impute' | 'error' | undefined;
}

export interface AdaptedParts {
  readonly resampler: Resampler;
  readonly makes: ResamplerEntry['makes'];
  /** Whether the method looks at the classes alone, so that nothing need be encoded. */
  readonly blind: boolean;
  /** Whether another library's rows are wanted. */
  readonly literal: boolean;
  readonly options: TableOptions;
}

/** What a table looks like to a method, worked out once. */
export interface PreparedTable {
  readonly roles: RolePlan;
  readonly encoding: TableEncoding;
}

/** A method for numbers as one for tables; `prepared` where the table is part of one that was looked at before. */
export function adaptResampler(parts: AdaptedParts, prepared?: PreparedTable): TableResampler {
  return Object.freeze({
    name: parts.resampler.name,
    resample: (data: Dataset<Table>, run: RunOptions = {}) => resample(parts, data, run, prepared),
  });
}

/** Roles and encoding of a table. Throws what `planRoles` and `encodingOf` throw. */
export function prepareTable({ resampler, literal, options }: AdaptedParts, table: Table): PreparedTable {
  const roles = planRoles(table, options, literal);
  const scale = options.scale ?? (literal ? 'none' : 'standard');
  if (options.missing === 'error') refuseMissing(roles, resampler.name);
  return { roles, encoding: encodingOf(table, roles, scale, resampler.name) };
}

async function resample(
  parts: AdaptedParts,
  data: Dataset<Table>,
  run: RunOptions,
  prepared?: PreparedTable,
): Promise<ResampledTable> {
  const { resampler, options, literal } = parts;
  throwIfAborted(run.signal);
  checkShapes(data, 'table');
  const cells: CellOptions = { integers: options.integers ?? (literal ? 'ignore' : 'keep'), bounds: options.bounds };
  if (parts.blind) {
    const { source, dropped, notices } = (resampler as RowSelector).selectRows(data.y, data.groups);
    const copies: CellSource[] = data.X.columns.map(() => ({ take: 'base' }));
    return assembleTable(data, provenanceOfCopies(source, dropped), copies, cells, notices);
  }
  const { roles, encoding } = prepared ?? prepareTable(parts, data.X);
  const X = encoding.transform(data.X);
  const made = await resampler.resample({ ...data, X }, run);
  const sources = await sourcesOf(parts, roles, encoding, data, made, X, run);
  const notices: Notice[] = prepared ? [] : [...roles.notices, ...encoding.notices];
  notices.push(...made.notices, ...mixedGroups(data.groups, made.provenance));
  // Provenance does not say which rows a method gave another class or the share of a soft label.
  const { y, weights, groups } = made.data;
  const sides = { y, ...(weights && { weights }), ...(groups && { groups }) };
  return assembleTable(data, made.provenance, sources, cells, notices, sides);
}

function refuseMissing({ columns }: RolePlan, method: string): void {
  for (const { column, seen } of columns) {
    if (!seen) continue;
    const row =
      column.kind === 'categorical'
        ? column.codes.indexOf(-1)
        : column.kind === 'boolean'
          ? column.values.indexOf(-1)
          : column.values.findIndex(Number.isNaN);
    if (row >= 0) throw missingValue(method, column.name, row);
  }
}

async function sourcesOf(
  { makes }: AdaptedParts,
  { columns }: RolePlan,
  encoding: TableEncoding,
  data: Dataset<Table>,
  { data: output, provenance }: Resampled,
  X: Dataset['X'],
  run: RunOptions,
): Promise<CellSource[]> {
  if (makes !== 'generates') {
    return columns.map(({ role }): CellSource => {
      return { take: role === 'number' ? 'between' : role === 'category' ? 'nearer' : 'base' };
    });
  }
  const made = madeRows(provenance);
  const decoded = encoding.decode(denseRows(output.X, made));
  const base = await originsOf(made, provenance, data.y, output, X, run);
  const nearer = made.map((row, i) => (provenance.base[row]! < 0 ? base[i]! : nearerParent(provenance, row)));
  return columns.map(({ column, role }): CellSource => {
    if (role !== 'number') return { take: 'row', rows: role === 'category' ? nearer : base };
    const twin = decoded.has(column.name)
      ? column.name
      : columns.find((other) => decoded.has(other.column.name) && sameContent(other.column, column))?.column.name;
    if (twin === undefined) return { take: 'row', rows: nearer };
    const { values } = column as NumericColumn;
    // A row near one that misses the number misses it too, as between two rows.
    return {
      take: 'values',
      values: decoded.get(twin)!.map((value, i) => (Number.isNaN(values[nearer[i]!]!) ? Number.NaN : value)),
    };
  });
}

/** For each new row its base, or where it has none the input row of its class that it lies nearest to. */
async function originsOf(
  made: Int32Array,
  { base }: Provenance,
  y: Dataset['y'],
  output: Dataset,
  X: Dataset['X'],
  run: RunOptions,
): Promise<Int32Array> {
  const origins = made.map((row) => base[row]!);
  const classes = new Set<number>();
  for (let i = 0; i < made.length; i++) if (origins[i]! < 0) classes.add(output.y.codes[made[i]!]!);
  for (const code of classes) {
    const places = [...origins.keys()].filter((i) => origins[i]! < 0 && output.y.codes[made[i]!] === code);
    const rows = Int32Array.from([...y.codes.keys()].filter((row) => y.codes[row] === code));
    const queries = denseRows(
      output.X,
      Int32Array.from(places, (i) => made[i]!),
    );
    const reference = selectNumericRows(X, rows);
    const { indices } = await nearestNeighbours(
      { reference, queries, k: 1 },
      { signal: run.signal, runtime: run.runtime },
    );
    places.forEach((i, n) => {
      origins[i] = rows[indices[n]!]!;
    });
  }
  return origins;
}
