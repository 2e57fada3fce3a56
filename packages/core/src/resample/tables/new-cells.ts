import { counted, quoted } from '../../data/quoted.ts';
import type { Column, NumericColumn, Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { interpolate } from '../interpolate.ts';
import type { Provenance } from '../resampler.ts';
import { type CellOptions, cellRules, changedNotices } from './cell-options.ts';

/**
 * Where the cells of a column in new rows come from. `between`: on the way from base to neighbour (numbers). `nearer`: the parent
 * that the row lies nearer to, the base halfway. `base`: the base. `row`: an input row for each new row. `values`: numbers
 * given.
 */
export type CellSource =
  | { readonly take: 'between' | 'nearer' | 'base' }
  | { readonly take: 'row'; readonly rows: Int32Array }
  | { readonly take: 'values'; readonly values: Float64Array };

/** Output rows that were made, ascending. */
export function madeRows({ source }: Provenance): Int32Array {
  let count = 0;
  for (let i = 0; i < source.length; i++) if (source[i]! < 0) count++;
  const rows = new Int32Array(count);
  for (let i = 0, to = 0; to < count; i++) if (source[i]! < 0) rows[to++] = i;
  return rows;
}

/**
 * The table that a provenance describes: copied rows with their cells, new rows with cells from `sources`, one a column (what
 * `row` and `values` hold has one entry a new row, in the order of the output). Numbers in new rows follow `options`.
 *
 * Where a parent misses a number: a new row misses it too if that is the parent nearer to it, else it takes the other's.
 * Throws `too-many-rows` where there is no memory for them.
 */
export function buildTable(
  table: Table,
  provenance: Provenance,
  sources: readonly CellSource[],
  options: CellOptions,
): { table: Table; notices: readonly Notice[] } {
  const made = madeRows(provenance);
  const rules = cellRules(table, options);
  const changed = new Map<string, { rounded: number; clipped: number }>();
  const unbounded: Notice[] = [];
  try {
    const columns = table.columns.map((column, index) => {
      const source = sources[index]!;
      if (column.kind !== 'numeric') return gathered(column, parentsOf(provenance, made, source));
      const fresh = freshNumbers(column, provenance, made, source);
      const rule = rules.get(column.name);
      const isNew = source.take === 'between' || source.take === 'values';
      if (rule && isNew) changed.set(column.name, rule(fresh, 0));
      else if (rule) unbounded.push(...outsideBounds(column.name, rule(fresh.slice(), 0)));
      return Object.freeze({ ...column, values: withFresh(column.values, provenance, made, fresh) });
    });
    const built: Table = Object.freeze({ kind: 'table', rows: provenance.source.length, columns });
    return { table: built, notices: [...changedNotices(changed), ...unbounded] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const rows = provenance.source.length;
    throw new CounterweightError('too-many-rows', `no memory for ${rows} rows; ask for fewer rows`, { rows });
  }
}

/** Said of a column that new rows take from others as it stands, though cells of it are not what they were declared to be. */
function outsideBounds(column: string, { rounded, clipped }: { rounded: number; clipped: number }): Notice[] {
  const cells = rounded + clipped;
  if (cells === 0) return [];
  const what = `${counted(cells, 'cell')} of new rows in column ${quoted(column)}`;
  return [
    {
      code: 'bounds-not-applied',
      severity: 'warning',
      message: `${what} ${cells === 1 ? 'is' : 'are'} outside its bounds, or off its step: new rows take the cells of this column from other rows as they stand`,
      column,
      numbers: { cells },
    },
  ];
}

/** For each new row the parent that it lies nearer to; the base halfway and outside on its side. */
export function nearerParent({ base, neighbour, gap }: Provenance, row: number): number {
  return neighbour[row]! >= 0 && gap[row]! > 0.5 ? neighbour[row]! : base[row]!;
}

function freshNumbers(
  { values }: NumericColumn,
  provenance: Provenance,
  made: Int32Array,
  source: CellSource,
): Float64Array {
  if (source.take === 'values') return source.values;
  const { base, neighbour, gap } = provenance;
  const fresh = new Float64Array(made.length);
  for (let i = 0; i < made.length; i++) {
    const row = made[i]!;
    if (source.take === 'row') {
      fresh[i] = values[source.rows[i]!]!;
      continue;
    }
    const nearer = values[source.take === 'base' ? base[row]! : nearerParent(provenance, row)]!;
    fresh[i] = nearer;
    if (source.take !== 'between' || neighbour[row]! < 0) continue;
    const from = values[base[row]!]!;
    const to = values[neighbour[row]!]!;
    if (!Number.isNaN(from) && !Number.isNaN(to)) fresh[i] = interpolate(from, to, gap[row]!);
  }
  return fresh;
}

function withFresh(values: Float64Array, { source }: Provenance, made: Int32Array, fresh: Float64Array): Float64Array {
  const all = new Float64Array(source.length);
  for (let i = 0; i < source.length; i++) if (source[i]! >= 0) all[i] = values[source[i]!]!;
  for (let i = 0; i < made.length; i++) all[made[i]!] = fresh[i]!;
  return all;
}

type Parents = { readonly source: Int32Array; readonly made: Int32Array; of(row: number, i: number): number };

function parentsOf(provenance: Provenance, made: Int32Array, source: CellSource): Parents {
  const of = (row: number, i: number) => {
    if (source.take === 'row') return source.rows[i]!;
    return source.take === 'base' ? provenance.base[row]! : nearerParent(provenance, row);
  };
  return { source: provenance.source, made, of };
}

function gathered(column: Exclude<Column, NumericColumn>, parents: Parents): Column {
  const rows = parents.source.length;
  switch (column.kind) {
    case 'categorical':
      return Object.freeze({ ...column, codes: gather(column.codes, new Int32Array(rows), parents) });
    case 'boolean':
      return Object.freeze({ ...column, values: gather(column.values, new Int8Array(rows), parents) });
    case 'date-time':
      return Object.freeze({ ...column, values: gather(column.values, new Float64Array(rows), parents) });
  }
}

function gather<T extends Int32Array | Int8Array | Float64Array>(from: T, to: T, { source, made, of }: Parents): T {
  for (let i = 0; i < source.length; i++) if (source[i]! >= 0) to[i] = from[source[i]!]!;
  for (let i = 0; i < made.length; i++) to[made[i]!] = from[of(made[i]!, i)]!;
  return to;
}
