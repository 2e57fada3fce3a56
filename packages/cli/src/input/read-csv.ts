import { CounterweightError, type Notice, type Table } from '@counterweight/core';
import { type CollectedColumn, cellStatus, collectColumns, type Delivery } from './collect-columns.ts';
import { CellTypeError, type CsvSource, openCsv } from './csv-source.ts';
import { type Database, sqlString } from './duckdb.ts';
import type { FileSource } from './file-source.ts';
import { finishColumn, leadingZeroNotices } from './finish-column.ts';
import { readsAsDateTime, readsAsNumber, readsAsTimeOfDay } from './missing-tokens.ts';

/** What the sample says of a column: the type to try, and whether tokens for missing values stand between the values. */
export type CsvKind = 'numeric' | 'date-time' | 'time' | 'text';

/** Where `checked`, the reader hands over text, and each cell is parsed or counted as unreadable; else it parses numbers itself. */
interface CsvColumnPlan {
  readonly index: number;
  readonly kind: CsvKind;
  readonly checked: boolean;
}

/** The kind that every present cell of a sample agrees with; text where there is none. */
export function kindOfSample(
  cells: Iterable<string>,
  missingTokens: ReadonlySet<string>,
): { kind: CsvKind; hasTokens: boolean } {
  let hasTokens = false;
  let present = false;
  let number = true;
  let dateTime = true;
  let time = true;
  for (const cell of cells) {
    const text = cell.trim();
    if (text === '') {
      hasTokens ||= cell !== '';
      continue;
    }
    if (missingTokens.has(text)) {
      hasTokens = true;
      continue;
    }
    present = true;
    number &&= readsAsNumber(text);
    dateTime &&= !number && readsAsDateTime(text);
    time &&= !number && !dateTime && readsAsTimeOfDay(text);
    if (!number && !dateTime && !time) break;
  }
  const kind = !present ? 'text' : number ? 'numeric' : dateTime ? 'date-time' : time ? 'time' : 'text';
  return { kind, hasTokens };
}

/** The SQL that turns the text of a cell into a DOUBLE (milliseconds for times), NULL where it does not read as one. */
export function parsedCell(text: string, kind: Exclude<CsvKind, 'text'>): string {
  if (kind === 'numeric') return `try_cast(${text} AS DOUBLE)`;
  return milliseconds(`try_cast(${text} AS ${kind === 'time' ? 'TIME' : 'TIMESTAMPTZ'})`, kind === 'date-time');
}

/** The SQL for milliseconds since 1970 (or midnight); an infinite date becomes an infinity, to be refused with its row. */
export function milliseconds(value: string, mayBeInfinite: boolean): string {
  const plain = `epoch_ms(${value})::DOUBLE`;
  return mayBeInfinite
    ? `CASE WHEN isfinite(${value}) THEN ${plain} WHEN ${value} IS NULL THEN NULL ELSE 'inf'::DOUBLE END`
    : plain;
}

/**
 * The SQL for the `cellStatus` of a text cell whose parsed form is `parsed`; `isDouble` says that this is a DOUBLE, so that
 * it can be NaN. Most cells are settled by the first test.
 */
export function statusOfCell(
  text: string,
  parsed: string,
  missingTokens: ReadonlySet<string>,
  isDouble: boolean,
): string {
  const tokens = ['', ...missingTokens].map(sqlString).join(', ');
  const numericTokens = [...missingTokens].filter(readsAsNumber).map(sqlString);
  const isToken = numericTokens.length === 0 ? 'false' : `trim(${text}) IN (${numericTokens.join(', ')})`;
  const isValue = isDouble ? `${parsed} <= 'inf'::DOUBLE` : `${parsed} IS NOT NULL`;
  return `(CASE WHEN ${isValue} AND NOT ${isToken} THEN ${cellStatus.value}
    WHEN ${text} IS NULL OR trim(${text}) = '' THEN ${cellStatus.empty}
    WHEN trim(${text}) IN (${tokens}) THEN ${cellStatus.missingToken}
    WHEN ${parsed} IS NULL THEN ${cellStatus.unreadable} ELSE ${cellStatus.value} END)::UTINYINT`;
}

export interface ReadCsvOptions {
  readonly missingTokens: ReadonlySet<string>;
  readonly columns?: readonly string[] | undefined;
  /** Column whose values are names of classes. */
  readonly target?: string | undefined;
  /** Columns whose cells stay text as they are written. */
  readonly categorical?: readonly string[] | undefined;
}

/**
 * Reads CSV files into a Table.
 *
 * Types are guessed from the first mebibyte and then proved on every row: where a later cell does not fit, the column is read
 * again as text and becomes categorical, with a notice. A column without a value in the sample is read as text, and becomes
 * what all its values agree on. The target is read as text, and is numeric only where its labels keep their spelling; declared
 * categories are text always.
 */
export async function readCsv(
  source: FileSource,
  openFor: (columns: number) => Promise<Database>,
  options: ReadCsvOptions,
): Promise<{ table: Table; notices: Notice[] }> {
  const csv = await openCsv(source);
  try {
    const wanted = wantedColumns(csv, options.columns);
    const database = await openFor(wanted.length);
    try {
      return await readColumns(csv, database, wanted, options);
    } finally {
      database.close();
    }
  } finally {
    await csv.close();
  }
}

function wantedColumns(csv: CsvSource, columns: readonly string[] | undefined): number[] {
  const { names } = csv.head;
  if (columns === undefined) return names.map((_, index) => index);
  return columns.map((name) => {
    const index = names.indexOf(name);
    if (index === -1)
      throw new CounterweightError('missing-column', `${csv.name} has no column "${name}"`, { column: name });
    return index;
  });
}

async function readColumns(
  csv: CsvSource,
  database: Database,
  wanted: readonly number[],
  { missingTokens, target, categorical = [] }: ReadCsvOptions,
): Promise<{ table: Table; notices: Notice[] }> {
  const { names, sample } = csv.head;
  // A token such as -999 reads as a number, so the reader alone would not see that it stands for a missing value.
  const tokensLookLikeNumbers = [...missingTokens].some((token) => readsAsNumber(token));
  const isCode = (name: string): boolean => name !== target && categorical.includes(name);
  let plans = wanted.map((index): CsvColumnPlan => {
    if (names[index] === target || isCode(names[index]!)) return { index, kind: 'text', checked: false };
    const { kind, hasTokens } = kindOfSample(cellsOf(sample, index), missingTokens);
    return { index, kind, checked: isChecked(kind, hasTokens, tokensLookLikeNumbers) };
  });
  let collected: { rows: number; columns: CollectedColumn[] };
  try {
    collected = await collect(csv, database, plans, missingTokens);
  } catch (error) {
    if (!(error instanceof CellTypeError)) throw error;
    plans = plans.map((plan) => ({ ...plan, checked: plan.kind !== 'text' }));
    collected = await collect(csv, database, plans, missingTokens);
  }
  const mixed: number[] = [];
  for (const [position, column] of collected.columns.entries()) {
    if (column.delivery === 'checked-double' && column.unreadable > 0) mixed.push(position);
  }
  if (mixed.length > 0) {
    const again = mixed.map(
      (position): CsvColumnPlan => ({ index: plans[position]!.index, kind: 'text', checked: false }),
    );
    const texts = await collect(csv, database, again, missingTokens);
    for (const [i, position] of mixed.entries()) collected.columns[position] = texts.columns[i]!;
  }
  await csv.verified();
  if (collected.rows === 0) throw new CounterweightError('no-rows', `${csv.name} has a header but no rows`);

  const notices: Notice[] = [...csv.notices];
  const columns = plans.map((plan, position) => {
    const name = names[plan.index]!;
    const finished = finishColumn(collected.columns[position]!, {
      name,
      kind: plan.kind === 'time' ? 'date-time' : plan.kind,
      missingTokens,
      rules: isCode(name) ? keptAsText : { ...anyKind, areLabels: name === target },
    });
    notices.push(...finished.notices);
    if (plan.kind === 'numeric' && finished.column.kind === 'numeric') {
      notices.push(...leadingZeroNotices(name, cellsOf(sample, plan.index)));
    }
    return finished.column;
  });
  return { table: { kind: 'table', rows: collected.rows, columns }, notices };
}

const anyKind = { mayBeNumber: true, mayBeBoolean: true, mayBeDateTime: true };
const keptAsText = { mayBeNumber: false, mayBeBoolean: false, mayBeDateTime: false };

/** The reader of DuckDB 1.5 takes a day that does not exist (31 February) for a missing TIMESTAMPTZ, so dates are always checked. */
function isChecked(kind: CsvKind, hasTokens: boolean, tokensLookLikeNumbers: boolean): boolean {
  if (kind === 'text') return false;
  return kind !== 'numeric' || hasTokens || tokensLookLikeNumbers;
}

function* cellsOf(sample: readonly (readonly string[])[], column: number): Generator<string> {
  for (const record of sample) {
    const cell = record[column];
    if (cell !== undefined) yield cell;
  }
}

function collect(
  csv: CsvSource,
  database: Database,
  plans: readonly CsvColumnPlan[],
  missingTokens: ReadonlySet<string>,
): Promise<{ rows: number; columns: CollectedColumn[] }> {
  const typeOf = new Map(
    plans.map((plan) => [plan.index, plan.checked || plan.kind === 'text' ? 'VARCHAR' : 'DOUBLE'] as const),
  );
  const deliveries = plans.map(
    (plan): Delivery => (plan.kind === 'text' ? 'string' : plan.checked ? 'checked-double' : 'double'),
  );
  const selected = plans.map(({ index, kind, checked }) => {
    const cell = `c${index}`;
    if (kind === 'text') return `${cell}, hash(${cell})`;
    if (!checked) return cell;
    const parsed = parsedCell(cell, kind);
    return `${parsed}, ${statusOfCell(cell, parsed, missingTokens, true)}`;
  });
  return csv.attempt(() =>
    collectColumns(
      database.chunks(`SELECT ${selected.join(', ')} FROM ${csv.table((column) => typeOf.get(column) ?? 'VARCHAR')}`),
      deliveries,
      csv.expectedRows,
    ),
  );
}
