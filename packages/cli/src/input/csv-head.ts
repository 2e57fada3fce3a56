import { CounterweightError, type Notice } from '@counterweight/core';
import { parseRecords } from './csv-records.ts';
import type { InputFile } from './file-source.ts';
import { readsAsNumber } from './missing-tokens.ts';
import { encodingOf, readHead, type TextEncoding } from './text-stream.ts';

/** What the beginning of a CSV file tells: how to read it, what its columns are called, and a sample of rows. */
export interface CsvHead {
  readonly delimiter: string;
  readonly encoding: TextEncoding;
  /** Lines of nothing before the header. */
  readonly skip: number;
  /** Column names exactly as written; an empty one is `column_3`. */
  readonly names: readonly string[];
  /** Data records of the first mebibyte, each of as many cells as it happens to have. */
  readonly sample: readonly (readonly string[])[];
  /** Bytes of one row on average, in the sample. */
  readonly bytesPerRow: number;
  readonly notices: readonly Notice[];
}

const sampleBytes = 1 << 20;
/** A header of a hundred thousand long names still fits. */
const longestHeader = 1 << 25;
const sampleRecords = 20_000;
const delimiters = [',', ';', '\t', '|'] as const;
const binaryShare = 0.01;

/**
 * Reads the head of a CSV file. The first line that is not blank is the header, always: nothing is guessed from its looks.
 *
 * @throws CounterweightError `empty-file`, `binary-file`, `nul-bytes`, `no-rows` (a header alone; not if `allowNoRows`),
 *   `duplicate-column`, `bad-csv`, and what `readBytes` throws.
 */
export async function readCsvHead(
  file: InputFile,
  givenDelimiter: string | undefined,
  options: { readonly allowNoRows?: boolean } = {},
): Promise<CsvHead> {
  for (let wanted = sampleBytes; ; wanted *= 8) {
    const { bytes, atEnd } = await readHead(file, wanted);
    const encoding = encodingOf(bytes, atEnd);
    refuseBinary(file, bytes, encoding);
    const text = new TextDecoder(encoding).decode(bytes, { stream: !atEnd });
    if (atEnd && text.trim() === '')
      throw new CounterweightError('empty-file', `${file.name} holds nothing but blank lines`);
    const delimiter = givenDelimiter ?? findDelimiter(text, atEnd);
    const parsed = parseRecords(text, delimiter, sampleRecords, atEnd);
    const [header, ...sample] = parsed.records;
    if (header === undefined || (sample.length === 0 && !atEnd)) {
      if (!atEnd && wanted < longestHeader) continue;
      throw new CounterweightError(
        'bad-csv',
        `${file.name}: no end of the header line was found; is a quote left open in it?`,
      );
    }
    if (sample.length === 0 && parsed.consumed < text.length) {
      throw new CounterweightError(
        'bad-csv',
        `${file.name}, line 2: a quote is opened and never closed, or text follows it`,
      );
    }
    if (sample.length === 0 && options.allowNoRows !== true) {
      throw new CounterweightError('no-rows', `${file.name} has a header but no rows`);
    }
    const { names, notices } = nameColumns(file, header);
    return {
      delimiter,
      encoding,
      skip: parsed.blankLinesBefore,
      names,
      sample,
      bytesPerRow: Math.max(1, (bytes.length / Math.max(1, text.length)) * (parsed.consumed / parsed.records.length)),
      notices: [...notices, ...encodingNotices(file, encoding)],
    };
  }
}

const knownBinaries: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a zip archive or a spreadsheet: save the sheet as CSV'],
  ['\xd0\xcf\x11\xe0', 'an old spreadsheet: save the sheet as CSV'],
  ['SQLite format 3', 'an SQLite database'],
  ['%PDF', 'a PDF'],
  ['\x89PNG', 'a picture'],
  ['ARROW1', 'an Arrow file: save it as Parquet'],
  ['(\xb5/\xfd', 'compressed with zstandard: decompress it, or use gzip'],
  ['BZh', 'compressed with bzip2: decompress it, or use gzip'],
  ['\xfd7zXZ', 'compressed with xz: decompress it, or use gzip'],
];

function refuseBinary(file: InputFile, bytes: Buffer, encoding: TextEncoding): void {
  const start = bytes.toString('latin1', 0, 16);
  const known = knownBinaries.find(([magic]) => start.startsWith(magic));
  if (known !== undefined)
    throw new CounterweightError('binary-file', `${file.name} is not a text file but ${known[1]}`);
  if (encoding.startsWith('utf-16')) return;
  let control = 0;
  for (const byte of bytes) if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) control++;
  if (control > 8 && control > bytes.length * binaryShare) {
    throw new CounterweightError('binary-file', `${file.name} is not a text file: it holds binary data`);
  }
  const nul = bytes.indexOf(0);
  if (nul === -1) return;
  let line = 1;
  for (let i = 0; i < nul; i++) if (bytes[i] === 10) line++;
  throw new CounterweightError('nul-bytes', `${file.name}, line ${line}: a NUL byte; the file is damaged or not text`, {
    line,
  });
}

/** The separator that cuts most records into as many cells as the header has; among equals, into the most cells. */
function findDelimiter(text: string, atEnd: boolean): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const { records } = parseRecords(text, delimiter, 200, atEnd);
    const width = records[0]?.length ?? 1;
    if (width < 2) continue;
    const fitting = records.filter((record) => record.length === width).length / records.length;
    const score = fitting + Math.min(width, 1000) / 10_000;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function nameColumns(file: InputFile, header: readonly string[]): { names: string[]; notices: Notice[] } {
  const notices: Notice[] = [];
  const taken = new Set(header);
  const names = header.map((name, index) => {
    if (name !== '') return name;
    let made = `column_${index + 1}`;
    while (taken.has(made)) made += '_';
    taken.add(made);
    notices.push({
      code: 'unnamed-column',
      severity: 'info',
      message: `column ${index + 1} has no name in the header; it is called ${made}`,
      column: made,
    });
    return made;
  });
  const numbers = header.filter((name) => readsAsNumber(name.trim())).length;
  const looksLikeData = numbers > 0 && numbers === header.filter((name) => name !== '').length;
  const first = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const earlier = first.get(name);
    if (earlier !== undefined) {
      const hint = looksLikeData ? '; is the header line missing?' : '';
      throw new CounterweightError(
        'duplicate-column',
        `${file.name}: columns ${earlier + 1} and ${index + 1} are both called "${name}"${hint}`,
        { column: name },
      );
    }
    first.set(name, index);
  }
  if (looksLikeData) {
    notices.push({
      code: 'header-looks-like-data',
      severity: 'warning',
      message: 'every name in the header is a number; if the file has no header line, its first row was taken for one',
    });
  }
  return { names, notices };
}

function encodingNotices(file: InputFile, encoding: TextEncoding): Notice[] {
  if (encoding !== 'windows-1252') return [];
  return [
    {
      code: 'read-as-latin-1',
      severity: 'warning',
      message: `${file.name} is not UTF-8; it was read as Windows-1252 (Latin-1)`,
    },
  ];
}
