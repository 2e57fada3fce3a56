import { CounterweightError } from '@counterweight/core';
import { DOUBLE, DuckDBDataChunk, type DuckDBType, INTEGER, VARCHAR } from '@duckdb/node-api';
import { type Database, openDatabase, sqlName, sqlString } from '../input/duckdb.ts';
import { setDoubles, setIntegers, setStrings } from './fill-vectors.ts';
import { replaceAtomically } from './write-file.ts';

/**
 * A column to write. Float64Array: DOUBLE, NaN is an empty cell. Int32Array and Int8Array: INTEGER.
 * An array of strings: VARCHAR, null is an empty cell. With `dictionary`, the integers are codes of strings, -1 an empty cell.
 */
export interface OutputColumn {
  readonly name: string;
  readonly values: Float64Array | Int32Array | Int8Array | readonly (string | null)[];
  readonly dictionary?: readonly string[] | undefined;
  /** The integer that stands for an empty cell, in columns of integers. */
  readonly empty?: number | undefined;
}

const chunkRows = 2048;

/** How a file is written, by the extension of its name. */
const formatOptions: readonly (readonly [RegExp, string])[] = [
  [/\.(?:parquet|pq)$/i, `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880`],
  [/\.csv$/i, `FORMAT csv, HEADER true, DELIMITER ','`],
  [/\.csv\.gz$/i, `FORMAT csv, HEADER true, DELIMITER ',', COMPRESSION gzip`],
  [/\.(?:tsv|tab)$/i, `FORMAT csv, HEADER true, DELIMITER '\t'`],
  [/\.(?:tsv|tab)\.gz$/i, `FORMAT csv, HEADER true, DELIMITER '\t', COMPRESSION gzip`],
  [/\.(?:jsonl|ndjson)$/i, 'FORMAT json'],
  [/\.(?:jsonl|ndjson)\.gz$/i, 'FORMAT json, COMPRESSION gzip'],
];

/** The options of DuckDB's COPY for a file name. Throws `unknown-format` for an extension that is none of ours. */
export function copyOptionsFor(path: string): string {
  const found = formatOptions.find(([pattern]) => pattern.test(path));
  if (found !== undefined) return found[1];
  throw new CounterweightError(
    'unknown-format',
    `${path}: the name must end in .csv, .tsv, .jsonl (each also .gz) or .parquet, which says how to write it`,
  );
}

/**
 * Writes columns of one length as CSV, TSV, JSON lines (also gzipped) or Parquet with zstd, by the extension.
 * The same columns give the same bytes.
 *
 * @throws CounterweightError `unknown-format`, `cannot-write`, `unequal-columns`.
 */
export async function writeTable(path: string, columns: readonly OutputColumn[]): Promise<void> {
  const options = copyOptionsFor(path);
  const rows = columns[0]?.values.length ?? 0;
  const odd = columns.find((column) => column.values.length !== rows);
  if (odd !== undefined || columns.length === 0) {
    const what =
      odd === undefined ? 'there are no columns' : `column "${odd.name}" has ${odd.values.length} values, not ${rows}`;
    throw new CounterweightError('unequal-columns', `${path} cannot be written: ${what}`);
  }
  await replaceAtomically(path, async (temporary) => {
    const database = await openDatabase();
    try {
      await fillTable(database, columns, rows);
      const names = columns.map((column, index) => `c${index} AS ${sqlName(column.name)}`);
      await database.run(`COPY (SELECT ${names.join(', ')} FROM output) TO ${sqlString(temporary)} (${options})`);
    } finally {
      database.close();
    }
  });
}

/** `writeTable` for a name that must end in `.parquet`. */
export async function writeParquetAtomically(path: string, columns: readonly OutputColumn[]): Promise<void> {
  if (!/\.(?:parquet|pq)$/i.test(path))
    throw new CounterweightError('unknown-format', `${path}: the name must end in .parquet`);
  await writeTable(path, columns);
}

const isText = (column: OutputColumn): boolean => column.dictionary !== undefined || Array.isArray(column.values);

function typeOf(column: OutputColumn): DuckDBType {
  if (isText(column)) return VARCHAR;
  return column.values instanceof Float64Array ? DOUBLE : INTEGER;
}

async function fillTable(database: Database, columns: readonly OutputColumn[], rows: number): Promise<void> {
  const types = columns.map(typeOf);
  await database.run(`CREATE TABLE output (${types.map((type, index) => `c${index} ${type}`).join(', ')})`);
  const appender = await database.connection.createAppender('output');
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    const chunk = DuckDBDataChunk.create(types, count);
    for (const [index, column] of columns.entries()) writeCells(chunk, index, column, start, count);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function writeCells(chunk: DuckDBDataChunk, index: number, column: OutputColumn, start: number, count: number): void {
  const vector = chunk.getColumnVector(index);
  const { values, dictionary } = column;
  if (isText(column)) {
    const textAt = (row: number): string | null => {
      const value = values[start + row] as number | string | null;
      return typeof value === 'number' ? (dictionary?.[value] ?? null) : value;
    };
    setStrings(vector, count, textAt);
  } else if (values instanceof Float64Array) {
    setDoubles(vector, values.subarray(start, start + count));
  } else {
    setIntegers(vector, (values as Int32Array | Int8Array).subarray(start, start + count), column.empty);
  }
}
