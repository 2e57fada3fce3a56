import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CounterweightError, throwIfAborted } from '@counterweight/core';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';

/** How much DuckDB may use. Results never depend on it. */
export interface DatabaseOptions {
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

/**
 * With two threads and more, DuckDB 1.5 hands the chunks of a streamed result, and the sides of a positional join, over in
 * an order that hangs on timing: measured on a CSV file of five million rows, where blocks of 2,048 rows changed places.
 * Rows must keep their order, so it gets one thread; reading still overlaps with what is done with the rows (`chunks`).
 */
const threads = '1';

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
    threads,
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
      // A streamed result that fails halfway looks as if it had ended. Inside a transaction the failure leaves a trace.
      await guarded(() => connection.run('BEGIN'));
      let pending: Promise<DuckDBDataChunk | null> = Promise.resolve(null);
      try {
        const result = await guarded(() => connection.stream(sql));
        const fetch = (): Promise<DuckDBDataChunk | null> => {
          const next = result.fetchChunk();
          // It is awaited one chunk later, or never if the caller stops; a failure must not count as unhandled until then.
          next.catch(() => {});
          return next;
        };
        pending = fetch();
        for (;;) {
          const chunk = await guarded(() => pending);
          if (chunk === null || chunk.rowCount === 0) break;
          pending = fetch();
          yield chunk;
        }
        await guarded(() => requireSoundEnd(connection, sql));
      } finally {
        await pending.catch(() => {});
        await connection.run('ROLLBACK').catch(() => {});
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

/** Throws the error for which the streamed query `sql` ended early, if it did. */
async function requireSoundEnd(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    await connection.run('SELECT 1');
  } catch {
    await connection.run('ROLLBACK').catch(() => {});
    // The client does not tell why; running the query once more without keeping its rows does.
    await connection.run(`EXPLAIN ANALYZE ${sql}`);
    throw new Error('the query ended early for an unknown reason');
  }
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
