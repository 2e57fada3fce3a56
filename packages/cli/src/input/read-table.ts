import { CounterweightError, type Notice, type Table } from '@counterweight/core';
import { type Database, openDatabase } from './duckdb.ts';
import { type FileFormat, findFiles } from './file-source.ts';
import { defaultMissingTokens } from './missing-tokens.ts';
import { readCsv } from './read-csv.ts';
import { readTyped } from './read-typed.ts';

export interface ReadTableOptions {
  readonly signal?: AbortSignal | undefined;
  /** Accepted for symmetry; the reader uses one thread, and a second one while a gzip file is verified. */
  readonly threads?: number | undefined;
  /** What the reader may use beside the table itself, such as `1GB`; by default 512 MB, more for very wide tables. */
  readonly memoryLimit?: string | undefined;
  /** Words for a missing value, beside an empty cell; by default `defaultMissingTokens`. */
  readonly nullTokens?: readonly string[] | undefined;
  /** Only these columns, in this order. */
  readonly columns?: readonly string[] | undefined;
  /** Column whose values are names of classes: of CSV it is read as numbers only where no spelling is lost (`007`, `1.0`). */
  readonly target?: string | undefined;
  /** Columns of codes: of CSV and JSON lines their cells stay text as they are written (`007`, `1.0`), whatever they look like. */
  readonly categorical?: readonly string[] | undefined;
}

export interface ReadTableResult {
  readonly table: Table;
  readonly notices: readonly Notice[];
  /** File name (or pattern) without its folders. */
  readonly source: string;
  readonly format: FileFormat;
}

/**
 * Reads CSV, TSV, JSON lines (each also gzipped) or Parquet, or all files that match a pattern, into a Table.
 *
 * CSV: the first line that is not blank is the header. A column is numeric if every present cell is a number, date-time if
 * every one is an ISO 8601 date, date and time, or time of day, boolean if every one is `true` or `false` in any case, else
 * categorical. Dates without an offset are UTC; a time of day counts from 1970-01-01. `yes` and `no` are categories.
 * JSON lines and Parquet keep their own types. Everything that was not plain is a notice.
 *
 * @throws CounterweightError with one line that says what and where: see `findFiles`, `readCsvHead`,
 *   `throwFirstCsvDefect`, `finishColumn`; and `missing-column`, `no-rows`, `no-columns`, `aborted`.
 */
export async function readTable(path: string, options: ReadTableOptions = {}): Promise<ReadTableResult> {
  const source = findFiles(path);
  const missingTokens = new Set(options.nullTokens ?? defaultMissingTokens);
  const openFor = (columns: number): Promise<Database> => openDatabase(limitsFor(columns, options));
  const read = source.format === 'csv' ? readCsv : readTyped;
  const { table, notices } = await read(source, openFor, {
    missingTokens,
    columns: options.columns,
    target: options.target,
    categorical: options.categorical,
  });
  if (table.columns.length === 0) throw new CounterweightError('no-columns', `${source.name} has no columns`);
  return Object.freeze({ table, notices, source: source.name, format: source.format });
}

const wideTable = 500;

/** DuckDB holds whole chunks of 2,048 rows of every column, several of them a thread: the memory grows with the width. */
function limitsFor(columns: number, options: ReadTableOptions): Parameters<typeof openDatabase>[0] {
  const { signal, memoryLimit } = options;
  if (columns <= wideTable) return { signal, memoryLimit };
  return { signal, memoryLimit: memoryLimit ?? `${512 + Math.ceil(columns / 2)}MB` };
}
