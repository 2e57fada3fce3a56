import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CounterweightError, throwIfAborted } from '@counterweight/core';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';

/** How much DuckDB may use. Results never depend on it. */
export interface DatabaseOptions {
  /** Worker threads of DuckDB; its own default is every core. */
  readonly threads?: number | undefined;
  /** Such as `512MB`; what does not fit is spilled to the temporary folder of the system. */
  readonly memoryLimit?: string | undefined;
  /** Interrupts the running query; the pending promise rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** One private in-memory DuckDB, cut off from the network and from every extension that is not built in. */
export interface Database {
  readonly connection: DuckDBConnection;
  /** A second connection to the same memory, needed to write while a result is being streamed. */
  connect(): Promise<DuckDBConnection>;
  /** Rows of a small result, as plain objects. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  run(sql: string): Promise<void>;
  /** The chunks of a large result, at most 2,048 rows each, in row order. */
  chunks(sql: string): AsyncGenerator<DuckDBDataChunk>;
  close(): void;
}

const defaultMemoryLimit = '512MB';

/** Opens a database; always `close` it. Throws `aborted` if the signal has fired. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { signal } = options;
  throwIfAborted(signal);
  const spillFolder = join(tmpdir(), `counterweight-spill-${process.pid}-${randomBytes(6).toString('hex')}`);
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: options.memoryLimit ?? defaultMemoryLimit,
    temp_directory: spillFolder,
    ...(options.threads === undefined ? {} : { threads: String(Math.max(1, Math.floor(options.threads))) }),
  });
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    // Times without an offset are read as UTC, whatever the machine's zone.
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  };
  const connection = await connect();
  const interrupt = (): void => {
    for (const open of connections) open.interrupt();
  };
  signal?.addEventListener('abort', interrupt, { once: true });

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      throwIfAborted(signal);
      throw error;
    }
  };

  return Object.freeze({
    connection,
    connect,
    query: (sql: string) => guarded(async () => (await connection.runAndReadAll(sql)).getRowObjectsJS()),
    run: (sql: string) => guarded(async () => void (await connection.run(sql))),
    async *chunks(sql: string) {
      const result = await guarded(() => connection.stream(sql));
      for (;;) {
        const chunk = await guarded(() => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk;
      }
    },
    close() {
      signal?.removeEventListener('abort', interrupt);
      for (const open of connections) open.closeSync();
      instance.closeSync();
      rmSync(spillFolder, { recursive: true, force: true });
    },
  });
}

/** A SQL string literal. */
export function sqlString(text: string): string {
  // DuckDB cannot hold a NUL inside a statement; no file name, column name or token may contain one.
  if (text.includes('\0')) throw new CounterweightError('nul-bytes', 'a name contains a NUL byte');
  return `'${text.replaceAll("'", "''")}'`;
}

/** A SQL identifier. */
export function sqlName(name: string): string {
  if (name.includes('\0')) throw new CounterweightError('nul-bytes', 'a column name contains a NUL byte');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path as DuckDB wants it: absolute, and with no character of a pattern left to be interpreted. */
export function sqlPath(path: string): string {
  return sqlString(path.replaceAll(/[*?[]/g, '[$&]'));
}

/** The first line of what DuckDB says, without its class and without its advice. */
export function firstLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((part) => part.trim() !== '') ?? 'no reason given';
  return line
    .replace(/^(?:[A-Z][A-Za-z]* )+(?:Error|Exception): /, '')
    .slice(0, 300)
    .trim();
}
