import { CounterweightError } from '@counterweight/core';
import type { InputFile } from './file-source.ts';
import { readBytes } from './text-stream.ts';

/** Records up to this length are always read; DuckDB holds one in memory as a whole, and refuses most that are longer. */
export const longestRecord = 1 << 24;

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

type State = 'cell-start' | 'plain' | 'quoted' | 'quote-in-quoted';

/**
 * Reads a whole CSV file byte by byte and throws what is wrong with it, naming the first line where it is.
 * Called only after DuckDB has refused the file: its own messages run over many lines and, with several threads, need not
 * name the first defect. Returns normally if no defect of structure is found.
 *
 * @throws CounterweightError `nul-bytes`, `ragged-row`, `open-quote`, `text-after-quote`, `record-too-long`.
 */
export async function throwFirstCsvDefect(file: InputFile, delimiter: string, columns: number): Promise<void> {
  const separator = delimiter.charCodeAt(0);
  let state: State = 'cell-start';
  let line = 1;
  let recordLine = 1;
  let quoteLine = 1;
  let cells = 1;
  let recordBytes = 0;
  let previous = 0;
  let isHeader = true;

  const fail = (code: string, at: number, what: string): CounterweightError =>
    new CounterweightError(code, `${file.name}, line ${at}: ${what}`, { line: at });
  const endRecord = (): void => {
    const blank = recordBytes === 0 && cells === 1;
    if (!blank && !isHeader && cells !== columns) {
      const values = cells === 1 ? '1 value' : `${cells} values`;
      throw fail(
        'ragged-row',
        recordLine,
        `${values} where the header has ${columns} ${columns === 1 ? 'column' : 'columns'}`,
      );
    }
    if (!blank) isHeader = false;
    cells = 1;
    recordBytes = 0;
    state = 'cell-start';
  };

  for await (const bytes of readBytes(file)) {
    for (const byte of bytes) {
      if (byte === 0) throw fail('nul-bytes', line, 'a NUL byte; the file is damaged or not text');
      const isNewLine = byte === lineFeed || byte === carriageReturn;
      const secondOfPair = byte === lineFeed && previous === carriageReturn;
      previous = byte;
      if (isNewLine && !secondOfPair) line++;
      if (state === 'quoted') {
        if (byte === quote) state = 'quote-in-quoted';
        if (++recordBytes > longestRecord) throw quoteOrLength(fail, quoteLine);
        continue;
      }
      if (isNewLine) {
        if (!secondOfPair) endRecord();
        recordLine = line;
        continue;
      }
      if (++recordBytes > longestRecord) {
        throw fail('record-too-long', recordLine, `a row longer than ${longestRecord >> 20} MiB`);
      }
      if (byte === separator) {
        cells++;
        state = 'cell-start';
      } else if (byte === quote && state !== 'plain') {
        if (state === 'cell-start') quoteLine = line;
        state = 'quoted';
      } else if (state === 'quote-in-quoted') {
        throw fail(
          'text-after-quote',
          line,
          'text follows a closing quote; a quote inside a quoted value must be doubled',
        );
      } else {
        state = 'plain';
      }
    }
  }
  if (state === 'quoted') throw fail('open-quote', quoteLine, 'a quote is opened and never closed');
  if (recordBytes > 0 || cells > 1) endRecord();
}

function quoteOrLength(
  fail: (code: string, at: number, what: string) => CounterweightError,
  line: number,
): CounterweightError {
  return fail(
    'open-quote',
    line,
    `a quote is opened and not closed within ${longestRecord >> 20} MiB; a row may not be longer than that`,
  );
}
