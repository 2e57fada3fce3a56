import { CounterweightError, type Notice, type Table } from '@counterweight/core';
import { collectColumns, type Delivery } from './collect-columns.ts';
import { outOfMemory } from './csv-source.ts';
import { type Database, firstLineOf, sqlName, sqlPath } from './duckdb.ts';
import type { FileSource } from './file-source.ts';
import { finishColumn } from './finish-column.ts';
import { throwFirstJsonDefect } from './json-check.ts';
import { milliseconds, type ReadCsvOptions } from './read-csv.ts';
import { verifyGzip } from './text-stream.ts';

/** How a column with a type of its own (Parquet, JSON lines) enters a Table; `undefined` where it cannot. */
export interface TypedColumn {
  /** Its name in the file. */
  readonly name: string;
  /** Its name in DuckDB, which renames columns that differ in case only. */
  readonly reference: string;
  readonly type: string;
}

/** The table function over the files, and the columns it has. */
export interface TypedSource {
  readonly name: string;
  readonly from: string;
  readonly columns: readonly TypedColumn[];
}

/** Finds the columns of Parquet or JSON-lines files. Throws `not-parquet`, `malformed-json`, `different-columns`. */
export async function openTyped(source: FileSource, database: Database): Promise<TypedSource> {
  const paths = `[${source.files.map((file) => sqlPath(file.path)).join(', ')}]`;
  return source.format === 'parquet' ? openParquet(source, database, paths) : openJson(source, database, paths);
}

async function openParquet(source: FileSource, database: Database, paths: string): Promise<TypedSource> {
  const from = `read_parquet(${paths})`;
  const described = await describe(source, database, from);
  const schema = await database.query(
    `SELECT name, num_children FROM parquet_schema(${sqlPath(source.files[0]!.path)})`,
  );
  const names = topLevelNames(
    schema.map((row) => ({ name: String(row['name']), children: Number(row['num_children'] ?? 0) })),
  );
  const columns = described.map((column, index) => ({ ...column, name: names[index] ?? column.reference }));
  const twice = columns.find((column, index) => columns.findIndex((other) => other.name === column.name) !== index);
  if (twice !== undefined) {
    throw new CounterweightError('duplicate-column', `${source.name} has two columns called "${twice.name}"`, {
      column: twice.name,
    });
  }
  return { name: source.name, from, columns };
}

/** The schema of a Parquet file is a tree, listed depth first; the columns are the children of its root. */
function topLevelNames(schema: readonly { name: string; children: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const { children } = schema[at++]!;
    for (let child = 0; child < children; child++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]!.name);
    skip();
  }
  return names;
}

async function openJson(source: FileSource, database: Database, paths: string): Promise<TypedSource> {
  const options = `maximum_object_size=33554432, compression='${source.files[0]!.gzip ? 'gzip' : 'uncompressed'}'`;
  const described = await describe(
    source,
    database,
    `read_json(${paths}, sample_size=-1, union_by_name=true, ${options})`,
  );
  if (described.length === 1 && described[0]!.reference === 'json') {
    for (const file of source.files) await throwFirstJsonDefect(file);
    throw new CounterweightError(
      'malformed-json',
      `${source.name} must hold one JSON object a line, such as {"age": 42}`,
    );
  }
  // Read once more with these types: dates stay text, so that the same rules hold for them as in CSV.
  const columns = described.map((column) =>
    /^(?:DATE|TIME|TIMESTAMP|UUID)/.test(column.type) ? { ...column, type: 'VARCHAR' } : column,
  );
  const types = columns
    .map((column) => `${sqlName(column.reference)}: '${column.type.replaceAll("'", "''")}'`)
    .join(', ');
  return { name: source.name, from: `read_json(${paths}, columns={${types}}, ${options})`, columns };
}

async function describe(source: FileSource, database: Database, from: string): Promise<TypedColumn[]> {
  try {
    const rows = await database.query(`DESCRIBE SELECT * FROM ${from}`);
    return rows.map((row) => {
      const reference = String(row['column_name']);
      return { name: reference, reference, type: String(row['column_type']) };
    });
  } catch (error) {
    throw await typedReadError(source, error);
  }
}

/** Turns what DuckDB says of a Parquet or JSON file into one clear line. */
export async function typedReadError(source: FileSource, error: unknown): Promise<unknown> {
  if (error instanceof CounterweightError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/out of memory/i.test(text)) return outOfMemory(source.name);
  if (source.format === 'jsonl') {
    for (const file of source.files) await throwFirstJsonDefect(file);
    return new CounterweightError(
      'malformed-json',
      `${source.name} cannot be read as JSON lines: ${firstLineOf(error)}`,
    );
  }
  if (source.files.length > 1 && /schema|mismatch|column/i.test(text)) {
    return new CounterweightError(
      'different-columns',
      `the files of ${source.name} do not have the same columns and types`,
    );
  }
  return new CounterweightError(
    'not-parquet',
    `${source.name} is not a sound Parquet file: ${/no magic bytes found at end/i.test(text) ? 'its end is missing, so it was cut short or is still being written' : withoutPath(firstLineOf(error), source)}`,
  );
}

function withoutPath(text: string, source: FileSource): string {
  return source.files.reduce((left, file) => left.replaceAll(file.path, file.name), text);
}

interface TypedPlan {
  readonly column: TypedColumn;
  readonly kind: 'numeric' | 'date-time' | 'boolean' | 'text';
  readonly delivery: Delivery;
  readonly select: string;
  readonly wholeNumbers: boolean;
}

const wholeNumberType = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT))$/;

/** How to read a column of a DuckDB type; undefined for what a table cannot hold. */
export function planTyped(column: TypedColumn): TypedPlan | undefined {
  const { type } = column;
  const cell = sqlName(column.reference);
  if (type.endsWith(']')) return undefined;
  if (wholeNumberType.test(type) || /^(?:FLOAT|DOUBLE|DECIMAL|BIGNUM)/.test(type)) {
    const wholeNumbers = wholeNumberType.test(type) || /^DECIMAL\(\d+,0\)$/.test(type) || type === 'BIGNUM';
    return { column, kind: 'numeric', delivery: 'double', select: `${cell}::DOUBLE`, wholeNumbers };
  }
  if (type === 'BOOLEAN') {
    const select = `(CASE WHEN ${cell} IS NULL THEN 2 WHEN ${cell} THEN 1 ELSE 0 END)::UTINYINT`;
    return { column, kind: 'boolean', delivery: 'byte', select, wholeNumbers: false };
  }
  if (/^(?:DATE|TIMESTAMP)/.test(type)) {
    const select = milliseconds(type === 'DATE' ? `${cell}::TIMESTAMP` : `${cell}::TIMESTAMPTZ`, true);
    return { column, kind: 'date-time', delivery: 'double', select, wholeNumbers: false };
  }
  if (/^TIME/.test(type)) {
    return {
      column,
      kind: 'date-time',
      delivery: 'double',
      select: milliseconds(`${cell}::TIME`, false),
      wholeNumbers: false,
    };
  }
  if (type === 'VARCHAR' || type === 'UUID' || type === 'JSON' || type.startsWith('ENUM')) {
    const text = type === 'JSON' ? `(${cell} ->> '$')` : `${cell}::VARCHAR`;
    return { column, kind: 'text', delivery: 'string', select: `${text}, hash(${text})`, wholeNumbers: false };
  }
  return undefined;
}

/** Reads Parquet or JSON lines into a Table. Columns of lists, structures and bytes are left out with a notice. */
export async function readTyped(
  source: FileSource,
  openFor: (columns: number) => Promise<Database>,
  options: ReadCsvOptions,
): Promise<{ table: Table; notices: Notice[] }> {
  const database = await openFor(1);
  try {
    const verifying = Promise.all(source.files.filter((file) => file.gzip).map(verifyGzip));
    verifying.catch(() => {});
    const typed = await openTyped(source, database).catch(async (error) => {
      await verifying;
      throw error;
    });
    const notices: Notice[] = [];
    const plans = await plansFor(typed, database, options, notices);
    if (plans.length === 0)
      throw new CounterweightError('no-columns', `${source.name} has no column that a table can hold`);
    const expected = source.format === 'parquet' ? await countRows(typed, database) : 2048;
    const sql = `SELECT ${plans.map((plan) => plan.select).join(', ')} FROM ${typed.from}`;
    const collected = await collectColumns(
      database.chunks(sql),
      plans.map((plan) => plan.delivery),
      expected,
    ).catch(async (error) => {
      await verifying;
      throw await typedReadError(source, error);
    });
    await verifying;
    if (collected.rows === 0) throw new CounterweightError('no-rows', `${source.name} has no rows`);
    const columns = plans.map((plan, position) => {
      const finished = finishColumn(collected.columns[position]!, {
        name: plan.column.name,
        kind: plan.kind,
        missingTokens: options.missingTokens,
        rules: {
          mayBeNumber: false,
          mayBeBoolean: false,
          mayBeDateTime: source.format === 'jsonl' && options.categorical?.includes(plan.column.name) !== true,
          areLabels: plan.column.name === options.target,
        },
        wholeNumbers: plan.wholeNumbers,
      });
      notices.push(...finished.notices);
      return finished.column;
    });
    return { table: { kind: 'table', rows: collected.rows, columns }, notices };
  } finally {
    database.close();
  }
}

async function countRows(typed: TypedSource, database: Database): Promise<number> {
  const [row] = await database.query(`SELECT count(*) AS rows FROM ${typed.from}`);
  return Number(row?.['rows'] ?? 0);
}

async function plansFor(
  typed: TypedSource,
  database: Database,
  options: ReadCsvOptions,
  notices: Notice[],
): Promise<TypedPlan[]> {
  const wanted = options.columns?.map((name) => {
    const column = typed.columns.find((candidate) => candidate.name === name);
    if (column === undefined)
      throw new CounterweightError('missing-column', `${typed.name} has no column "${name}"`, { column: name });
    return column;
  });
  const plans: TypedPlan[] = [];
  for (const column of wanted ?? typed.columns) {
    const plan = planTyped(column);
    if (plan !== undefined && !(column.type === 'JSON' && (await holdsNested(typed, column, database))))
      plans.push(plan);
    else notices.push(leftOutNotice(column));
  }
  return plans;
}

/** A JSON column is one whose values differ in type from row to row; with lists or objects among them it is of no use. */
async function holdsNested(typed: TypedSource, column: TypedColumn, database: Database): Promise<boolean> {
  const [row] = await database.query(
    `SELECT count(*) AS cells FROM ${typed.from} WHERE json_type(${sqlName(column.reference)}) IN ('OBJECT', 'ARRAY')`,
  );
  return Number(row?.['cells'] ?? 0) > 0;
}

function leftOutNotice(column: TypedColumn): Notice {
  const type = /^(?:STRUCT|MAP|UNION)/.exec(column.type)?.[0] ?? (column.type.endsWith(']') ? 'LIST' : column.type);
  return {
    code: 'column-left-out',
    severity: 'warning',
    message: `column "${column.name}" was left out: a table cannot hold cells of type ${type}`,
    column: column.name,
  };
}
