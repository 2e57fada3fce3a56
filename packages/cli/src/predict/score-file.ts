import { resolve } from 'node:path';
import { CounterweightError, type Notice, type RunOptions, type Table } from '@counterweight/core';
import { DOUBLE, type DuckDBAppender, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import { CellTypeError } from '../input/csv-source.ts';
import { type Database, openDatabase, sqlName, sqlString } from '../input/duckdb.ts';
import { findFiles } from '../input/file-source.ts';
import { defaultMissingTokens } from '../input/missing-tokens.ts';
import { setDoubles, setIntegers } from '../output/fill-vectors.ts';
import { replaceAtomically } from '../output/write-file.ts';
import { copyOptionsFor } from '../output/write-table.ts';
import { type NeededColumn, openScoreSource, requireColumn, type ScoreSource, wordFor } from './score-source.ts';
import type { RequiredColumn, Scorer, ScorerValues } from './scorer.ts';

export type { RequiredColumn, Scorer, ScorerColumn, ScorerValues } from './scorer.ts';

export interface ScoreFileOptions extends Pick<RunOptions, 'signal' | 'onProgress'> {
  /** A file or a pattern, as for `readTable`. */
  readonly input: string;
  /** Where to write; the extension says how: .csv, .tsv, .jsonl (each also .gz), .parquet. */
  readonly out: string;
  readonly schema: readonly RequiredColumn[];
  readonly scorer: Scorer;
  /** Words for a missing value, as in training. */
  readonly nullTokens?: readonly string[] | undefined;
  /** Accepted for symmetry; see `openDatabase` for why reading and writing keep to one thread of DuckDB beside the scorer. */
  readonly threads?: number | undefined;
  readonly memoryLimit?: string | undefined;
}

export interface ScoreFileResult {
  readonly rows: number;
  readonly notices: readonly Notice[];
}

/** Rows scored at a time: enough to spread the cost of a call, few enough to stay in the cache. */
const batchRows = 16_384;
const chunkRows = 2048;

/**
 * Scores a file of any length in bounded memory: every original column, in the original order and rows, and the columns of
 * the scorer behind them. Text stays as it was written from CSV to CSV; into Parquet and JSON lines, columns that hold
 * only whole numbers, numbers or dates get that type.
 *
 * The rows are read twice: once to score them, into a table of the new columns alone that DuckDB may spill to disk, and once
 * to join both and write, which then runs without leaving DuckDB.
 *
 * @throws CounterweightError `missing-column`, `retyped-column` (column, data row and the value), `infinite-value`,
 *   `column-exists` (the input already has a column that the scorer would add), `output-is-input`, `unknown-format`,
 *   `cannot-write`, `aborted`, and what reading throws.
 */
export async function scoreFile(options: ScoreFileOptions): Promise<ScoreFileResult> {
  const { scorer, out, signal, memoryLimit } = options;
  const copyOptions = copyOptionsFor(out);
  const files = findFiles(options.input);
  if (files.files.some((file) => file.path === resolve(out))) {
    throw new CounterweightError('output-is-input', `${out} is the input file itself; name another output file`);
  }
  const missingTokens = new Set(options.nullTokens ?? defaultMissingTokens);
  const database = await openDatabase({ signal, memoryLimit });
  try {
    const source = await openScoreSource(files, database);
    try {
      requireNewNames(source, scorer);
      for (const { name } of options.schema) requireColumn(source.name, source.columnNames, name);
      return await replaceAtomically(out, async (temporary) => {
        const { rows, words } = await scoreWithRetry(source, database, missingTokens, options);
        await source.verified();
        const originals = await source.originals(!/parquet|json/.test(copyOptions), missingTokens, options.schema);
        const added = scorer.columns.map((column, index) => {
          const value = column.type === 'DOUBLE' ? `scores.s${index}` : `getvariable('words')[scores.s${index} + 1]`;
          return `${value} AS ${sqlName(column.name)}`;
        });
        await writeWords(database, words);
        await source.attempt(() =>
          database.run(
            `COPY (SELECT ${[...originals.select, ...added].join(', ')} FROM ${originals.from} AS input POSITIONAL JOIN scores)
             TO ${sqlString(temporary)} (${copyOptions})`,
          ),
        );
        return { rows, notices: [...source.notices, ...emptyNotice(source, rows)] };
      });
    } finally {
      await source.close();
    }
  } finally {
    database.close();
  }
}

/** DuckDB takes names that differ only in case for the same, and would rename the second one without a word. */
function requireNewNames(source: ScoreSource, scorer: Scorer): void {
  const taken = new Map(source.columnNames.map((name) => [name.toLowerCase(), name]));
  const added = new Map<string, string>();
  for (const { name } of scorer.columns) {
    const key = name.toLowerCase();
    const twin = taken.get(key);
    if (twin !== undefined) {
      const why =
        twin === name
          ? 'which the model would add'
          : `which differs only in case from "${name}", which the model would add`;
      throw new CounterweightError(
        'column-exists',
        `${source.name} already has a column "${twin}", ${why}; rename it or leave it out of the input`,
        { column: twin },
      );
    }
    const sibling = added.get(key);
    if (sibling !== undefined) {
      throw new CounterweightError(
        'column-exists',
        `the model would add the columns "${sibling}" and "${name}", which differ only in case: SQL, and with it many readers of such files, takes them for one column; give one of the classes another name in the data`,
        { column: name },
      );
    }
    added.set(key, name);
  }
}

function emptyNotice(source: ScoreSource, rows: number): Notice[] {
  if (rows > 0) return [];
  return [
    { code: 'no-rows', severity: 'warning', message: `${source.name} has a header but no rows; so has the output` },
  ];
}

async function scoreWithRetry(
  source: ScoreSource,
  database: Database,
  missingTokens: ReadonlySet<string>,
  options: ScoreFileOptions,
): Promise<{ rows: number; words: ReadonlyMap<string, number> }> {
  const score = (trusting: boolean): ReturnType<typeof scoreRows> =>
    source.attempt(() => {
      const needed = options.schema.map((column) => source.need(column, { missingTokens, batchRows, trusting }));
      return scoreRows(source, database, needed, options);
    });
  try {
    return await score(true);
  } catch (error) {
    if (!(error instanceof CellTypeError)) throw error;
    return await score(false);
  }
}

/** Fills the table `scores`: DOUBLE as it is, VARCHAR as codes into the list of words that is returned. Repeatable. */
async function scoreRows(
  source: ScoreSource,
  database: Database,
  needed: readonly NeededColumn[],
  { scorer, onProgress }: ScoreFileOptions,
): Promise<{ rows: number; words: ReadonlyMap<string, number> }> {
  const types = scorer.columns.map((column) => (column.type === 'DOUBLE' ? DOUBLE : INTEGER));
  const columns = types.map((type, index) => `s${index} ${type}`).join(', ');
  await database.run(`CREATE OR REPLACE TABLE scores (${columns === '' ? 'none INTEGER' : columns})`);
  const writing = await database.connect();
  const appender = await writing.createAppender('scores');
  const words = new Map<string, number>();
  const selected = needed.flatMap((column) => column.select);
  // A scorer that reads no column still needs to know how many rows there are.
  const sql = `SELECT ${selected.length === 0 ? '1::UTINYINT' : selected.join(', ')} FROM ${source.fromNeeded()}`;
  let rows = 0;
  let filled = 0;
  const flush = async (): Promise<void> => {
    if (filled === 0) return;
    const table: Table = { kind: 'table', rows: filled, columns: needed.map((column) => column.reader.finish(filled)) };
    appendScores(appender, scorer, await scorer.score(table, rows), filled, words);
    rows += filled;
    filled = 0;
    onProgress?.({ task: 'score', done: rows, total: Math.max(rows, source.expectedRows) });
  };
  for await (const chunk of database.chunks(sql)) {
    if (filled + chunk.rowCount > batchRows) await flush();
    let vector = 0;
    for (const column of needed) {
      const bad = column.reader.take(chunk, vector, filled);
      if (bad !== undefined) throw await badCellError(source, database, column, rows + bad.row, bad.infinite);
      vector += column.select.length;
    }
    filled += chunk.rowCount;
  }
  await flush();
  appender.closeSync();
  onProgress?.({ task: 'score', done: rows, total: rows });
  return { rows, words };
}

async function badCellError(
  source: ScoreSource,
  database: Database,
  column: NeededColumn,
  row: number,
  infinite: boolean,
): Promise<CounterweightError> {
  const { name, kind } = column;
  if (infinite) {
    const message = `column "${name}", data row ${row + 1} of ${source.name}: an infinite value; put a number there or leave the cell empty`;
    return new CounterweightError('infinite-value', message, { column: name, row });
  }
  const [found] = await database.query(
    `SELECT ${column.text} AS cell FROM ${source.from()} AS input LIMIT 1 OFFSET ${row}`,
  );
  const value = String(found?.['cell'] ?? '');
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return new CounterweightError(
    'retyped-column',
    `column "${name}", data row ${row + 1} of ${source.name}: ${JSON.stringify(shown)} is not ${wordFor(kind)}, as it was in training`,
    { column: name, row, value },
  );
}

function appendScores(
  appender: DuckDBAppender,
  scorer: Scorer,
  values: readonly ScorerValues[],
  rows: number,
  words: Map<string, number>,
): void {
  const blocks = scorer.columns.map((column, index) => {
    const block = values[index];
    if (block?.length !== rows)
      throw new Error(`the scorer gave ${block?.length ?? 'no'} values for "${column.name}", not ${rows}`);
    return block instanceof Float64Array ? block : codesOf(block, words);
  });
  const types = scorer.columns.map((column) => (column.type === 'DOUBLE' ? DOUBLE : INTEGER));
  for (let start = 0; start < rows && types.length > 0; start += chunkRows) {
    const end = Math.min(rows, start + chunkRows);
    const chunk = DuckDBDataChunk.create(types, end - start);
    for (const [index, block] of blocks.entries()) {
      const vector = chunk.getColumnVector(index);
      if (block instanceof Float64Array) setDoubles(vector, block.subarray(start, end));
      else setIntegers(vector, block.subarray(start, end));
    }
    appender.appendDataChunk(chunk);
  }
}

/** Null gets the code -1: position 0 of a list in SQL, where there is nothing. */
function codesOf(texts: readonly (string | null)[], words: Map<string, number>): Int32Array {
  const codes = new Int32Array(texts.length);
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row]!;
    if (text === null) {
      codes[row] = -1;
      continue;
    }
    let code = words.get(text);
    if (code === undefined) words.set(text, (code = words.size));
    codes[row] = code;
  }
  return codes;
}

async function writeWords(database: Database, words: ReadonlyMap<string, number>): Promise<void> {
  await database.run('CREATE OR REPLACE TABLE words (code INTEGER, word VARCHAR)');
  const appender = await database.connection.createAppender('words');
  for (const [word, code] of words) {
    appender.appendInteger(code);
    appender.appendVarchar(word);
    appender.endRow();
  }
  appender.closeSync();
  await database.run('SET VARIABLE words = (SELECT list(word ORDER BY code) FROM words)');
}
