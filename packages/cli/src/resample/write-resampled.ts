import { resolve } from 'node:path';
import { type Column, CounterweightError, type Notice } from '@counterweight/core';
import {
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { type Database, openDatabase, sqlName, sqlString } from '../input/duckdb.ts';
import { findFiles } from '../input/file-source.ts';
import { defaultMissingTokens } from '../input/missing-tokens.ts';
import { setDoubles, setIntegers, setStrings } from '../output/fill-vectors.ts';
import { replaceAtomically } from '../output/write-file.ts';
import { copyOptionsFor } from '../output/write-table.ts';
import { openScoreSource, type ScoreSource } from '../predict/score-source.ts';

/** What to write, in terms of the data rows of the input file, counted from 0. */
export interface ResampledRows {
  /** Data rows that the input file has. */
  readonly fileRows: number;
  /** Row that an output row copies, or -1 for a row that was made. */
  readonly source: Int32Array;
  /** Row that a made row starts from: it gives the cells of all columns that are not in `made`. -1 for copies. */
  readonly base: Int32Array;
  /** Cells of the rows that were made, in the order of these rows; columns by name. Dates are always those of the base. */
  readonly made: readonly Column[];
  /** Weights of the rows that were made, for a further column `sample_weight`, where copies get 1. */
  readonly weights?: Float64Array | undefined;
}

export interface WriteResampledOptions {
  readonly input: string;
  /** The extension says how: .csv, .tsv, .jsonl (each also .gz), .parquet. */
  readonly out: string;
  readonly rows: ResampledRows;
  readonly memoryLimit?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** scikit-learn's word for it. */
const weightColumn = 'sample_weight';
const chunkRows = 2048;
/** Rows put in order at a time: what has to be in memory at once. */
const sortedRows = 250_000;

/**
 * Writes the rows of a file that a resampling chose, and the rows that it made, with every column of the input in its order.
 * The cells of copied rows are written as they stand in the input. Works in bounded memory beside the row numbers: the
 * input is read as a stream, and what has to be put in another order may be spilled to disk.
 *
 * @throws CounterweightError `ambiguous-columns` (names that differ only in case), `output-is-input`, `unknown-format`,
 *   `cannot-write`, `aborted`, and what reading throws.
 */
export async function writeResampled(options: WriteResampledOptions): Promise<readonly Notice[]> {
  const { out, rows, signal, memoryLimit } = options;
  const copyOptions = copyOptionsFor(out);
  const files = requireOtherFile(options.input, out);
  const database = await openDatabase({ signal, memoryLimit });
  try {
    const source = await openScoreSource(files, database);
    try {
      requireDistinctNames(source);
      if (rows.weights) requireNoWeights(source);
      await replaceAtomically(out, async (temporary) => {
        await fillRowNumbers(database, rows);
        const asText = !/parquet|json/.test(copyOptions);
        await source.attempt(async () => {
          const query = await resampledQuery(source, database, rows, asText);
          await database.run(`COPY (${query}) TO ${sqlString(temporary)} (${copyOptions})`);
        });
        await source.verified();
      });
      return source.notices;
    } finally {
      await source.close();
    }
  } finally {
    database.close();
  }
}

/** The input's files. Throws `output-is-input` where the output is one of them. */
function requireOtherFile(input: string, out: string): ReturnType<typeof findFiles> {
  const files = findFiles(input);
  if (files.files.some((file) => file.path === resolve(out))) {
    throw new CounterweightError('output-is-input', `${out} is the input file itself; name another output file`);
  }
  return files;
}

/** DuckDB takes such names for the same, and would rename the second one without a word. */
function requireDistinctNames({ name: file, columnNames }: ScoreSource): void {
  const seen = new Map<string, string>();
  for (const name of columnNames) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      throw new CounterweightError(
        'ambiguous-columns',
        `${file} has the columns "${twin}" and "${name}", which differ only in case; rename one of them`,
        { column: name },
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}

function requireNoWeights({ name: file, columnNames }: ScoreSource): void {
  const taken = columnNames.find((name) => name.toLowerCase() === weightColumn);
  if (taken === undefined) return;
  throw new CounterweightError(
    'ambiguous-columns',
    `${file} has a column "${taken}" already, and the method writes weights into a column of that name; rename it`,
    { column: taken },
  );
}

/** How many rows at the start of the output are copies in ascending order: those need no sorting. */
function ascendingCopies(source: Int32Array): number {
  let end = 0;
  while (end < source.length && source[end]! > (end === 0 ? -1 : source[end - 1]!)) end++;
  return end;
}

/**
 * `kept`: one entry a row of the file, whether it is among the ascending copies and whether other output rows take cells from
 * it. `picks`: these other rows, with the row of the file that gives their cells and, for a made row, which one it is.
 */
async function fillRowNumbers(database: Database, { fileRows, source, base }: ResampledRows): Promise<void> {
  const head = ascendingCopies(source);
  const use = new Uint8Array(fileRows);
  for (let i = 0; i < head; i++) use[source[i]!] = 1;
  for (let i = head; i < source.length; i++) use[source[i]! >= 0 ? source[i]! : base[i]!]! |= 2;
  await database.run('CREATE TABLE kept (row INTEGER, keep BOOLEAN, parent BOOLEAN)');
  await fill(database, 'kept', [INTEGER, BOOLEAN, BOOLEAN], fileRows, (chunk, start, count) => {
    setIntegers(
      chunk.getColumnVector(0),
      Int32Array.from({ length: count }, (_, i) => start + i),
    );
    for (const flag of [1, 2]) {
      const flags = chunk.getColumnVector(flag);
      for (let i = 0; i < count; i++) flags.setItem(i, (use[start + i]! & flag) !== 0);
      flags.flush();
    }
  });
  await database.run('CREATE TABLE picks (place INTEGER, parent INTEGER, made INTEGER)');
  let made = 0;
  await fill(database, 'picks', [INTEGER, INTEGER, INTEGER], source.length - head, (chunk, start, count) => {
    const place = new Int32Array(count);
    const parent = new Int32Array(count);
    const which = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      place[i] = head + start + i;
      const copied = source[place[i]!]!;
      parent[i] = copied >= 0 ? copied : base[place[i]!]!;
      which[i] = copied >= 0 ? -1 : made++;
    }
    for (const [index, values] of [place, parent, which].entries()) setIntegers(chunk.getColumnVector(index), values);
  });
}

async function fill(
  database: Database,
  table: string,
  types: readonly DuckDBType[],
  rows: number,
  write: (chunk: DuckDBDataChunk, start: number, count: number) => void,
): Promise<void> {
  const appender: DuckDBAppender = await database.connection.createAppender(table);
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    const chunk = DuckDBDataChunk.create(types, count);
    write(chunk, start, count);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

async function resampledQuery(
  source: ScoreSource,
  database: Database,
  rows: ResampledRows,
  asText: boolean,
): Promise<string> {
  const { expressions, from } = await source.originals(asText, new Set(defaultMissingTokens), []);
  const inner = `SELECT ${[...expressions.map((sql, j) => `${sql} AS t${j}`), 'kept.row AS file_row', 'kept.keep AS keep', 'kept.parent AS parent'].join(', ')}
    FROM ${from} AS input POSITIONAL JOIN kept`;
  const types = (await source.attempt(() => database.query(`DESCRIBE ${inner}`))).map(({ column_type }) =>
    String(column_type),
  );
  const cells: Cell[] = [];
  for (const [j, name] of source.columnNames.entries()) {
    const made = rows.made.find((column) => column.name === name);
    cells.push(made === undefined ? plainCell(j) : await madeCell(database, j, made, types[j]!, inner));
  }
  if (rows.weights) cells.push(weightCell(rows.weights));
  await fillMade(
    database,
    cells.flatMap(({ column }) => column ?? []),
  );
  const list = (expressionOf: (cell: Cell) => string, nameOf: (j: number) => string): string =>
    cells.map((cell, j) => `${expressionOf(cell)} AS ${nameOf(j)}`).join(', ');
  const finalName = (j: number): string => sqlName(source.columnNames[j] ?? weightColumn);
  const head = `SELECT ${list((cell) => cell.copied, finalName)} FROM (${inner}) WHERE keep`;
  const tailRows = rows.source.length - ascendingCopies(rows.source);
  if (tailRows === 0) return head;
  await database.run(`CREATE OR REPLACE TABLE parents AS SELECT * EXCLUDE (keep, parent) FROM (${inner}) WHERE parent`);
  const sorted = `SELECT ${list(
    (cell) => cell.tail,
    (j) => `t${j}`,
  )} FROM picks JOIN parents ON parents.file_row = picks.parent LEFT JOIN made ON made.which = picks.made`;
  await database.run(`CREATE OR REPLACE TABLE tail AS ${sorted} LIMIT 0`);
  const first = rows.source.length - tailRows;
  for (let start = first; start < rows.source.length; start += sortedRows) {
    await database.run(
      `INSERT INTO tail ${sorted} WHERE picks.place >= ${start} AND picks.place < ${start + sortedRows} ORDER BY picks.place`,
    );
  }
  const tail = cells.map((_, j) => `t${j} AS ${finalName(j)}`).join(', ');
  return `SELECT * FROM (${head}) UNION ALL SELECT ${tail} FROM tail`;
}

/** The SQL of one output column for rows that are copied in order, and for the other rows. */
interface Cell {
  readonly copied: string;
  readonly tail: string;
  readonly column?: MadeColumn | undefined;
}

interface MadeColumn {
  readonly name: string;
  readonly values: Float64Array | readonly (string | null)[];
}

const plainCell = (j: number): Cell => ({ copied: `t${j}`, tail: `t${j}` });

const weightCell = (values: Float64Array): Cell => ({
  copied: '1::DOUBLE',
  tail: 'CASE WHEN picks.made < 0 THEN 1 ELSE w END',
  column: { name: 'w', values },
});

async function madeCell(database: Database, j: number, made: Column, type: string, inner: string): Promise<Cell> {
  if (made.kind === 'date-time') return plainCell(j);
  const name = `m${j}`;
  const choose = (copied: string, own: string): Cell['tail'] =>
    `CASE WHEN picks.made < 0 THEN ${copied} ELSE ${own} END`;
  if (made.kind === 'numeric' && type !== 'VARCHAR') {
    const fits = /^(?:DOUBLE|FLOAT)$/.test(type) || (/INT/.test(type) && made.values.every(isWholeOrMissing));
    const copied = fits ? `t${j}` : `t${j}::DOUBLE`;
    const own = fits ? `CAST(${name} AS ${type})` : name;
    return { copied, tail: choose(copied, own), column: { name, values: made.values } };
  }
  const values = made.kind === 'boolean' ? await spelled(database, j, made.values, type, inner) : textOf(made);
  return { copied: `t${j}`, tail: choose(`t${j}`, `CAST(${name} AS ${type})`), column: { name, values } };
}

const isWholeOrMissing = (value: number): boolean => Number.isInteger(value) || Number.isNaN(value);

function textOf(column: Exclude<Column, { kind: 'boolean' }>): (string | null)[] {
  if (column.kind === 'categorical')
    return Array.from(column.codes, (code) => (code < 0 ? null : column.dictionary[code]!));
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
}

/** True and false as the file spells them first. */
async function spelled(
  database: Database,
  j: number,
  values: Int8Array,
  type: string,
  inner: string,
): Promise<(string | null)[]> {
  let words: Record<string, unknown> = {};
  if (type === 'VARCHAR') {
    const first = (word: string) => `first(t${j}) FILTER (lower(trim(t${j})) = '${word}') AS "${word}"`;
    [words = {}] = await database.query(`SELECT ${first('true')}, ${first('false')} FROM (${inner})`);
  }
  const spell = (word: string): string => String(words[word] ?? word);
  return Array.from(values, (value) => (value < 0 ? null : spell(value === 1 ? 'true' : 'false')));
}

async function fillMade(database: Database, columns: readonly MadeColumn[]): Promise<void> {
  const types = columns.map(({ values }) => (values instanceof Float64Array ? DOUBLE : VARCHAR));
  await database.run(
    `CREATE OR REPLACE TABLE made (${['which INTEGER', ...columns.map(({ name }, j) => `${name} ${types[j]}`)].join(', ')})`,
  );
  const rows = columns[0]?.values.length ?? 0;
  await fill(database, 'made', [INTEGER, ...types], rows, (chunk, start, count) => {
    setIntegers(
      chunk.getColumnVector(0),
      Int32Array.from({ length: count }, (_, i) => start + i),
    );
    for (const [index, { values }] of columns.entries()) {
      const vector = chunk.getColumnVector(index + 1);
      if (values instanceof Float64Array) setDoubles(vector, values.subarray(start, start + count));
      else setStrings(vector, count, (row) => values[start + row]!);
    }
  });
}
