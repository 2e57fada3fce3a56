import { CounterweightError, type Notice } from '@counterweight/core';
import { cellStatus } from '../input/collect-columns.ts';
import { type CsvCellType, openCsv } from '../input/csv-source.ts';
import { type Database, sqlName } from '../input/duckdb.ts';
import type { FileSource } from '../input/file-source.ts';
import { readsAsNumber } from '../input/missing-tokens.ts';
import { nearestName } from '../input/nearest-name.ts';
import { kindOfSample, parsedCell, statusOfCell } from '../input/read-csv.ts';
import { openTyped, planTyped, typedReadError } from '../input/read-typed.ts';
import { type CellReader, createByteReader, createNumberReader, createTextReader } from './cell-reader.ts';
import type { RequiredColumn } from './scorer.ts';

/** One column of the input that the scorer needs: what to select, and what reads it. */
export interface NeededColumn {
  readonly name: string;
  readonly kind: RequiredColumn['kind'];
  /** The cell as text, for messages. */
  readonly text: string;
  /** Expressions to select, one or two. */
  readonly select: readonly string[];
  readonly reader: CellReader;
}

/** The input of a scoring run, whatever its format. */
export interface ScoreSource {
  readonly name: string;
  readonly columnNames: readonly string[];
  readonly expectedRows: number;
  readonly notices: readonly Notice[];
  /** The table function that gives every cell as it is, and the one that gives the needed columns with their types. */
  from(): string;
  fromNeeded(): string;
  /**
   * How to read a column. Where `trusting`, the reader of CSV parses the cells itself, fast, and throws a CellTypeError at the
   * first one that does not read as its type, also where that is a word for a missing value; then ask again without.
   */
  need(column: RequiredColumn, options: NeedOptions): NeededColumn;
  /** All original columns, also under their own names: as written where the output is text too, else with the types they have. */
  originals(
    asText: boolean,
    missingTokens: ReadonlySet<string>,
    required: readonly RequiredColumn[],
  ): Promise<{ readonly select: readonly string[]; readonly expressions: readonly string[]; readonly from: string }>;
  /** Runs work over the file; its failures become CounterweightErrors. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  verified(): Promise<void>;
  close(): Promise<void>;
}

export interface NeedOptions {
  readonly missingTokens: ReadonlySet<string>;
  readonly batchRows: number;
  readonly trusting: boolean;
}

/** Throws `missing-column`, naming the nearest column that there is. */
export function requireColumn(source: string, names: readonly string[], wanted: string): number {
  const index = names.indexOf(wanted);
  if (index !== -1) return index;
  const near = nearestName(wanted, names);
  const advice = near === undefined ? '' : `; the nearest name in it is "${near}"`;
  throw new CounterweightError(
    'missing-column',
    `${source} has no column "${wanted}", which the model needs${advice}`,
    {
      column: wanted,
    },
  );
}

/** The SQL of a moment or a time of day in a text cell. */
function parsedMoment(text: string): string {
  return `coalesce(${parsedCell(text, 'date-time')}, ${parsedCell(text, 'time')})`;
}

/** A needed column whose cells are text. */
function needText(
  column: RequiredColumn,
  text: string,
  missingTokens: ReadonlySet<string>,
  batchRows: number,
): NeededColumn {
  const { name, kind } = column;
  if (kind === 'categorical' || kind === 'boolean') {
    const select = [text, `hash(${text})`];
    return { name, kind, text, select, reader: createTextReader(name, kind, missingTokens, batchRows) };
  }
  const parsed = kind === 'numeric' ? parsedCell(text, 'numeric') : parsedMoment(text);
  const select = [parsed, statusOfCell(text, parsed, missingTokens, true)];
  return { name, kind, text, select, reader: createNumberReader(name, kind, true, batchRows) };
}

/** Opens CSV, JSON lines or Parquet for scoring. A file without rows is fine: it gives an output without rows. */
export async function openScoreSource(source: FileSource, database: Database): Promise<ScoreSource> {
  return source.format === 'csv' ? openCsvSource(source, database) : openTypedSource(source, database);
}

async function openCsvSource(source: FileSource, database: Database): Promise<ScoreSource> {
  const csv = await openCsv(source, { allowNoRows: true });
  const { names, sample } = csv.head;
  const from = (): string => csv.table(() => 'VARCHAR');
  const selectAs = (expressions: readonly string[]) => namedSelection(expressions, names);
  // Columns whose cells the reader parses itself.
  const native = new Set<number>();
  const typeOf = (index: number): CsvCellType => (native.has(index) ? 'DOUBLE' : 'VARCHAR');
  return Object.freeze({
    name: csv.name,
    columnNames: names,
    expectedRows: csv.expectedRows,
    notices: csv.notices,
    from,
    fromNeeded: () => csv.table(typeOf),
    need(column: RequiredColumn, { missingTokens, batchRows, trusting }: NeedOptions) {
      const { name, kind } = column;
      const index = requireColumn(csv.name, names, name);
      const cell = `c${index}`;
      const tokensLookLikeNumbers = [...missingTokens].some(readsAsNumber);
      const sampled = kindOfSample(
        sample.map((record) => record[index] ?? ''),
        missingTokens,
      );
      if (trusting && kind === 'numeric' && sampled.kind === kind && !sampled.hasTokens && !tokensLookLikeNumbers) {
        native.add(index);
        return { name, kind, text: cell, select: [cell], reader: createNumberReader(name, kind, false, batchRows) };
      }
      native.delete(index);
      return needText(column, cell, missingTokens, batchRows);
    },
    async originals(asText: boolean, missingTokens: ReadonlySet<string>, required: readonly RequiredColumn[]) {
      if (asText) return { ...selectAs(names.map((_, index) => `c${index}`)), from: from() };
      const needed = new Set(required.map((column) => column.name));
      const guesses = names.map((name, index): TypeGuess => {
        const cells = sample.flatMap((record) => record[index] ?? []);
        // What the reader has parsed on every row while scoring needs no proof.
        if (native.has(index)) return { text: `c${index}`, candidates: [] };
        return guessType(`c${index}`, cells, missingTokens, needed.has(name));
      });
      const proved = await csv.attempt(() => proveTypes(database, from(), guesses, missingTokens));
      return { ...selectAs(proved), from: csv.table(typeOf) };
    },
    attempt: csv.attempt,
    verified: csv.verified,
    close: csv.close,
  });
}

/** Types to try for a text column, best first; text always works. */
interface TypeGuess {
  readonly text: string;
  readonly candidates: readonly string[];
}

function guessType(
  text: string,
  cells: readonly string[],
  missingTokens: ReadonlySet<string>,
  needed: boolean,
): TypeGuess {
  const { kind } = kindOfSample(cells, missingTokens);
  if (kind === 'date-time') {
    const moment = `try_cast(${text} AS TIMESTAMPTZ)::TIMESTAMP`;
    const day = `CASE WHEN length(trim(${text})) = 10 THEN try_cast(${text} AS DATE) END`;
    return { text, candidates: [day, moment] };
  }
  if (kind === 'time') return { text, candidates: [`try_cast(${text} AS TIME)`] };
  if (kind !== 'numeric') return { text, candidates: [] };
  // 007 is a name, not a number: only a column that the model reads as numbers loses its zeros.
  const zeros = needed ? 'true' : `NOT regexp_matches(${text}, '^\\s*[+-]?0\\d')`;
  const whole = `CASE WHEN ${zeros} AND regexp_full_match(trim(${text}), '[+-]?\\d{1,18}') THEN try_cast(${text} AS BIGINT) END`;
  const number = `CASE WHEN ${zeros} THEN nullif(try_cast(${text} AS DOUBLE), 'nan'::DOUBLE) END`;
  return { text, candidates: [whole, number] };
}

async function proveTypes(
  database: Database,
  from: string,
  guesses: readonly TypeGuess[],
  missingTokens: ReadonlySet<string>,
): Promise<string[]> {
  const failures: string[] = [];
  for (const [column, { text, candidates }] of guesses.entries()) {
    for (const [i, candidate] of candidates.entries()) {
      const bad = `${statusOfCell(text, candidate, missingTokens, false)} = ${cellStatus.unreadable}`;
      failures.push(`count(*) FILTER (WHERE ${bad}) AS f${column}_${i}`);
    }
  }
  const [counts] = failures.length === 0 ? [{}] : await database.query(`SELECT ${failures.join(', ')} FROM ${from}`);
  return guesses.map(({ text, candidates }, column) => {
    const fitting = candidates.find((_, i) => Number(counts?.[`f${column}_${i}`] ?? 0) === 0);
    return fitting === undefined
      ? text
      : `CASE WHEN ${statusOfCell(text, fitting, missingTokens, false)} = 0 THEN ${fitting} END`;
  });
}

async function openTypedSource(source: FileSource, database: Database): Promise<ScoreSource> {
  const typed = await openTyped(source, database);
  const names = typed.columns.map((column) => column.name);
  const [count] = source.format === 'parquet' ? await database.query(`SELECT count(*) AS rows FROM ${typed.from}`) : [];
  return Object.freeze({
    name: typed.name,
    columnNames: names,
    expectedRows: Number(count?.['rows'] ?? 0),
    notices: [],
    from: () => typed.from,
    fromNeeded: () => typed.from,
    need(column: RequiredColumn, { missingTokens, batchRows }: NeedOptions): NeededColumn {
      const found = typed.columns[requireColumn(typed.name, names, column.name)]!;
      const { name, kind } = column;
      const cell = sqlName(found.reference);
      const text = found.type === 'JSON' ? `(${cell} ->> '$')` : `${cell}::VARCHAR`;
      const plan = planTyped(found);
      if (plan === undefined) {
        const type = found.type.replace(/\(.*/s, '');
        throw new CounterweightError(
          'retyped-column',
          `column "${name}" of ${typed.name} holds ${type} values, not ${wordFor(kind)}`,
          {
            column: name,
          },
        );
      }
      if ((kind === 'numeric' || kind === 'date-time') && plan.kind === kind) {
        return { name, kind, text, select: [plan.select], reader: createNumberReader(name, kind, false, batchRows) };
      }
      if (kind === 'boolean' && plan.kind === 'boolean') {
        return { name, kind, text, select: [plan.select], reader: createByteReader(name, batchRows) };
      }
      return needText(column, text, missingTokens, batchRows);
    },
    originals: async () => ({
      ...namedSelection(
        typed.columns.map((column) => `input.${sqlName(column.reference)}`),
        names,
      ),
      from: typed.from,
    }),
    async attempt<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        throw await typedReadError(source, error);
      }
    },
    verified: async () => {},
    close: async () => {},
  });
}

function namedSelection(expressions: readonly string[], names: readonly string[]) {
  return { expressions, select: expressions.map((expression, index) => `${expression} AS ${sqlName(names[index]!)}`) };
}

/** What a cell of a kind is called in messages. */
export function wordFor(kind: RequiredColumn['kind']): string {
  const words = { numeric: 'a number', boolean: 'true or false', 'date-time': 'a date', categorical: 'text' } as const;
  return words[kind];
}
