import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { createResampler, resamplers } from '../registry.ts';
import type { ResamplerOptions } from '../registry-entry.ts';
import type { Provenance } from '../resampler.ts';
import { createTableResampler, tableOptionNames, tableResamplers } from '../tables/table-registry.ts';
import { type ArrowTable, type ColumnTable, isArrowTable } from './arrow-table.ts';
import { type PlainLabels, readLabels } from './plain-labels.ts';
import { arrayRows, arrowRows, type ReadRows, recordRows, type ShapedArray, shapedRows } from './plain-rows.ts';

/** Rows as people hold them: arrays, one typed array with its shape, records, or an Arrow table. */
export type PlainRows =
  | readonly ArrayLike<unknown>[]
  | ShapedArray
  | readonly Readonly<Record<string, unknown>>[]
  | ArrowTable;

/** `method` and what the method takes (`tableResamplers` names them all); besides that: */
export interface FitResampleOptions {
  /** `smote`, `smote-nc`, `tomek-links`, … */
  readonly method: string;
  /** One non-negative number a row. */
  readonly weights?: ArrayLike<number> | undefined;
  /** What rows belong to, one value of any kind a row. */
  readonly groups?: ArrayLike<unknown> | undefined;
  readonly run?: RunOptions | undefined;
  readonly [option: string]: unknown;
}

export interface FitResampled<X, Y> {
  readonly X: X;
  readonly y: Y;
  readonly weights?: Float64Array | undefined;
  readonly groups?: readonly unknown[] | undefined;
  readonly provenance: Provenance;
  readonly notices: readonly Notice[];
}

/** What comes back for what goes in: the same kind, an Arrow table as one without its package, but of the same fields. */
export type Resampling<X> = X extends ArrowTable ? Omit<ColumnTable, 'schema'> & Pick<X, 'schema'> : X;

/**
 * Resamples rows held in plain arrays and gives back the same kind:
 * `await fitResample([[1.5, 2], [0, 1], …], ['a', 'b', …], { method: 'smote', seed: 1 })`.
 *
 * Rows of numbers are taken as they are; the result is that of `createResampler` on them. Rows with strings, truth values or
 * dates, and records, are tables: `createTableResampler` says what becomes of each column. Columns of arrays are called '0', '1', …
 * Null, undefined and NaN are missing cells; new rows miss cells as null, or NaN in rows of numbers. Columns that hold anything else
 * (objects, arrays) ride along. Typed arrays of integers get whole numbers that they can hold. Bigints come back as bigints.
 * For records and Arrow tables, `y` may be the name of the column of labels; it stays in the rows. For apache-arrow, make a
 * vector of each of the `columns` of the result by the type of its field: `vectorFromArray(X.columns[name], type)`.
 *
 * Throws what the method throws, `unknown-resampler`, `bad-option`, `shape-mismatch`, `missing-label`, `mixed-labels`,
 * `bad-labels`, `mixed-column`, `not-finite`, `inexact-number`, `no-such-column`.
 */
export async function fitResample<X extends PlainRows, Y extends PlainLabels>(
  X: X,
  y: Y,
  options: FitResampleOptions,
): Promise<FitResampled<Resampling<X>, Y>>;
export async function fitResample<X extends PlainRows>(
  X: X,
  y: string,
  options: FitResampleOptions,
): Promise<FitResampled<Resampling<X>, unknown[]>>;
export async function fitResample(
  X: PlainRows,
  y: PlainLabels | string,
  asked: FitResampleOptions,
): Promise<FitResampled<unknown, unknown>> {
  const { method, weights, groups, run, ...options } = (asked as FitResampleOptions | undefined) ?? {
    method: undefined,
  };
  if (typeof method !== 'string') {
    throw new CounterweightError('bad-option', 'fitResample needs a method, such as { method: "smote" }');
  }
  if (y === undefined || y === null) {
    throw new CounterweightError(
      'bad-labels',
      "fitResample needs labels: one a row, or, for records and Arrow tables, the name of their column, such as fitResample(records, 'churned', options)",
    );
  }
  const rows = readRows(X, typeof y === 'string' ? y : undefined);
  const { labels, restore } = readLabels(typeof y === 'string' ? (rows.column(y) as PlainLabels) : y);
  const groupsRead = groups && groupCodes(groups);
  const sides = {
    y: labels,
    ...(weights && { weights: Float64Array.from(weights) }),
    ...(groupsRead && { groups: groupsRead.codes }),
  };
  const plain = rows.numbers && resamplers.has(method) && !Object.keys(options).some(isTableOption);
  // Refuses what neither takes, naming all options that there are.
  if (plain) createTableResampler(method, options);
  const { data, provenance, notices } = plain
    ? await createResampler(method, options).resample({ ...sides, X: rows.numbers! }, run)
    : await createTableResampler(method, tableOptionsFor(method, options, rows)).resample(
        { ...sides, X: rows.table() },
        run,
      );
  const classes = restore(data.y.codes);
  return Object.freeze({
    X: rows.restore(data.X, provenance, classes),
    y: classes,
    ...(data.weights && { weights: data.weights }),
    ...(groupsRead && { groups: Array.from(data.groups!, (code) => groupsRead.values[code]) }),
    provenance,
    notices,
  });
}

const isTableOption = (name: string) => ['withinGroups', 'decompose', ...tableOptionNames].includes(name);

/** In rows of numbers every column is looked at, as it is, unless told; columns may be named by number. */
function tableOptionsFor(
  method: string,
  options: ResamplerOptions,
  { numberColumns, bounds }: ReadRows,
): ResamplerOptions {
  const named = Object.entries(options).map(([key, value]) => {
    const names = ['features', 'ignore', 'categoricalFeatures'].includes(key) && Array.isArray(value);
    return [key, names ? value.map(String) : value];
  });
  const isForNumbers = tableResamplers.get(method)?.takes === 'numbers';
  const asTheyAre = numberColumns && { features: numberColumns, ...(isForNumbers && { scale: 'none' }) };
  return { ...asTheyAre, ...(bounds && { bounds }), ...Object.fromEntries(named) };
}

function readRows(X: PlainRows, target: string | undefined): ReadRows {
  if (isArrowTable(X)) return arrowRows(X, target);
  if (Array.isArray(X)) {
    const first: unknown = X[0];
    const isRow = first === undefined || Array.isArray(first) || ArrayBuffer.isView(first);
    if (!isRow && typeof first === 'object' && first !== null) {
      return recordRows(X as readonly Record<string, unknown>[], target);
    }
    if (isRow && target === undefined) return arrayRows(X as readonly ArrayLike<unknown>[]);
    if (isRow) throw new CounterweightError('bad-option', 'rows that are arrays have no named columns: give labels');
  }
  const shaped = X as ShapedArray | null;
  if (ArrayBuffer.isView(shaped?.data) && Array.isArray(shaped.shape) && target === undefined)
    return shapedRows(shaped);
  throw new CounterweightError(
    'bad-rows',
    'rows must be arrays, records, { data: typed array, shape: [rows, columns] } or an Arrow table',
  );
}

function groupCodes(groups: ArrayLike<unknown>): { codes: Int32Array; values: unknown[] } {
  const codeOf = new Map<unknown, number>();
  const codes = Int32Array.from(groups, (group) => {
    const known = codeOf.get(group);
    if (known !== undefined) return known;
    codeOf.set(group, codeOf.size);
    return codeOf.size - 1;
  });
  return { codes, values: [...codeOf.keys()] };
}
