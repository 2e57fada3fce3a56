import { CounterweightError, type Notice } from '@counterweight/core';
import { longestRecord, throwFirstCsvDefect } from './csv-check.ts';
import { type CsvHead, readCsvHead } from './csv-head.ts';
import { firstLineOf, sqlPath, sqlString } from './duckdb.ts';
import type { FileSource, InputFile } from './file-source.ts';
import { encodingOf, readHead, verifyGzip } from './text-stream.ts';
import { copyAsUtf8 } from './transcode.ts';

/** Types that the reader gives a cell; everything else is read as text. */
export type CsvCellType = 'DOUBLE' | 'VARCHAR';

/** CSV files that are ready to be read by DuckDB. */
export interface CsvSource {
  readonly name: string;
  readonly head: CsvHead;
  /** Rows to expect, from the size of the files; off by a factor where rows differ much in length. */
  readonly expectedRows: number;
  readonly notices: readonly Notice[];
  /** `read_csv(...)` with the columns named c0, c1, ...: names of a file may clash in DuckDB, which ignores case. */
  table(types: (column: number) => CsvCellType): string;
  /**
   * Runs `work`; where it fails over the file, puts the file right if that is possible (encoding, mixed line ends, long rows)
   * and runs it again. `work` must be repeatable. Throws a CounterweightError that names the line.
   */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** Throws `broken-gzip` if a compressed file turns out to be cut off. Runs since the source was opened. */
  verified(): Promise<void>;
  close(): Promise<void>;
}

/** A cell that does not read as its type: the caller reads again with other types. */
export class CellTypeError extends Error {
  override readonly name = 'CellTypeError';
}

const usualRecord = 2_000_000;
const gzipRatio = 5;

/** Opens CSV files that share one header. Throws what `readCsvHead` throws, and `different-columns`. */
export async function openCsv(source: FileSource, options: { allowNoRows?: boolean } = {}): Promise<CsvSource> {
  const head = await readCsvHead(source.files[0]!, source.delimiter, options);
  for (const other of source.files.slice(1))
    requireSameHeader(source, head, await readCsvHead(other, head.delimiter, { allowNoRows: true }), other);
  const verifying = Promise.all(source.files.filter((file) => file.gzip).map(verifyGzip));
  // Awaited in `verified`; until then a failure must not count as unhandled.
  verifying.catch(() => {});

  const removals: (() => Promise<void>)[] = [];
  const notices: Notice[] = [...head.notices];
  const files = [...source.files];
  let longRecords = false;
  let evened = false;

  const rewrite = async (evenLineEnds: boolean, assumeLatin1: boolean): Promise<void> => {
    for (const [index, file] of files.entries()) {
      const { bytes, atEnd } = await readHead(file, 1 << 20);
      const found = encodingOf(bytes, atEnd);
      const encoding = found === 'utf-8' && assumeLatin1 ? 'windows-1252' : found;
      // DuckDB reads a list of files with one setting for compression.
      const oneOfBothKinds = file.gzip && files.some((other) => !other.gzip);
      if (encoding === 'utf-8' && !evenLineEnds && !oneOfBothKinds) continue;
      const copy = await copyAsUtf8(file, encoding, evenLineEnds);
      removals.push(copy.remove);
      files[index] = copy.file;
    }
  };
  await rewrite(false, false);

  const repair = async (error: unknown): Promise<void> => {
    const text = error instanceof Error ? error.message : String(error);
    if (/convert/i.test(text) && /CSV Error/.test(text)) throw new CellTypeError(text);
    if (/out of memory/i.test(text)) throw outOfMemory(source.name);
    const badUnicode = /unicode|utf-8 encoded/i.test(text);
    if (!badUnicode)
      await Promise.all(files.map((file) => throwFirstCsvDefect(file, head.delimiter, head.names.length)));
    if (badUnicode && !notices.some((notice) => notice.code === 'read-as-latin-1')) {
      await rewrite(false, true);
      notices.push(latin1Notice(source.name));
    } else if (!longRecords && /maximum.line.size|max_line_size|line size/i.test(text)) {
      longRecords = true;
    } else if (!evened) {
      evened = true;
      await rewrite(true, false);
    } else {
      throw new CounterweightError('bad-csv', `${source.name} cannot be read as CSV: ${firstLineOf(error)}`);
    }
  };

  return Object.freeze({
    name: source.name,
    head,
    notices,
    get expectedRows() {
      const bytes = source.files.reduce((sum, file) => sum + file.bytes * (file.gzip ? gzipRatio : 1), 0);
      return Math.ceil((bytes / head.bytesPerRow) * 1.05);
    },
    table(types: (column: number) => CsvCellType) {
      const columns = head.names.map((_, column) => `c${column}: '${types(column)}'`).join(', ');
      const lengths = longRecords
        ? `max_line_size=${longestRecord}, buffer_size=${longestRecord * 2}`
        : `max_line_size=${usualRecord}`;
      return `read_csv([${files.map((file) => sqlPath(file.path)).join(', ')}], auto_detect=false, header=true, skip=${head.skip},
        delim=${sqlString(head.delimiter)}, quote='"', escape='"', nullstr='', ${lengths}, columns={${columns}},
        compression='${files[0]!.gzip ? 'gzip' : 'none'}')`;
    },
    async attempt<T>(work: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (error instanceof CounterweightError || error instanceof CellTypeError) throw error;
          await repair(error);
        }
      }
    },
    async verified() {
      await verifying;
    },
    async close() {
      await verifying.catch(() => {});
      for (const remove of removals) await remove();
    },
  });
}

function requireSameHeader(source: FileSource, head: CsvHead, other: CsvHead, file: InputFile): void {
  const same =
    head.names.length === other.names.length && head.names.every((name, index) => name === other.names[index]);
  if (same && head.skip === other.skip) return;
  throw new CounterweightError(
    'different-columns',
    `${file.name} has other columns than ${source.files[0]!.name}; all files of ${source.name} must have the same header`,
  );
}

/** The error for a table that does not fit; the same for every format. */
export function outOfMemory(name: string): CounterweightError {
  return new CounterweightError(
    'out-of-memory',
    `${name} needs more memory than the reader may use; leave columns out, or split the file`,
  );
}

function latin1Notice(name: string): Notice {
  return {
    code: 'read-as-latin-1',
    severity: 'warning',
    message: `${name} is not UTF-8; it was read as Windows-1252 (Latin-1)`,
  };
}
