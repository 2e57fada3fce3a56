/** Records of a text as RFC 4180 has them. */
export interface ParsedRecords {
  readonly records: readonly (readonly string[])[];
  /** Lines before the first record that hold nothing at all. */
  readonly blankLinesBefore: number;
  /** Characters up to the end of the last whole record. */
  readonly consumed: number;
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Splits the beginning of a delimited text into records. Only for the head of a file, to learn its dialect, header and
 * types: the rows themselves are read by DuckDB. `atEnd` says that the text is the whole file, so that a last
 * record without a line end counts. Lines of nothing are skipped.
 */
export function parseRecords(text: string, delimiter: string, limit: number, atEnd: boolean): ParsedRecords {
  const separator = delimiter.charCodeAt(0);
  const records: string[][] = [];
  let blankLinesBefore = 0;
  let consumed = 0;
  let position = 0;
  while (records.length < limit && position < text.length) {
    const record: string[] = [];
    const start = position;
    let ended = false;
    while (!ended) {
      const cell = readCell(text, position, separator);
      record.push(cell.text);
      position = cell.end;
      const next = text.charCodeAt(position);
      if (next === separator) {
        position++;
        if (position >= text.length && atEnd) record.push('');
      }
      ended = position >= text.length || (next !== separator && isLineEnd(next));
      if (!ended && next !== separator) return { records, blankLinesBefore, consumed };
    }
    if (position >= text.length && !atEnd) break;
    const blank = position === start;
    if (text.charCodeAt(position) === carriageReturn) position++;
    if (text.charCodeAt(position) === lineFeed) position++;
    consumed = position;
    if (!blank) records.push(record);
    else if (records.length === 0) blankLinesBefore++;
  }
  return { records, blankLinesBefore, consumed };
}

function isLineEnd(code: number): boolean {
  return code === lineFeed || code === carriageReturn;
}

function readCell(text: string, start: number, separator: number): { text: string; end: number } {
  if (text.charCodeAt(start) === quote) {
    let end = start + 1;
    for (;;) {
      end = text.indexOf('"', end);
      if (end === -1) return { text: text.slice(start + 1), end: text.length };
      if (text.charCodeAt(end + 1) !== quote) break;
      end += 2;
    }
    return { text: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
  }
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === separator || code === lineFeed || code === carriageReturn) break;
    end++;
  }
  return { text: text.slice(start, end), end };
}
