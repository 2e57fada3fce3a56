import type { Column, ColumnKind } from '@counterweight/core';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { cellStatus } from '../input/collect-columns.ts';
import { createStringEncoder, type StringEncoder } from '../input/string-encoder.ts';
import { bytesOf, doublesOf, isValid, stringsOf } from '../input/vectors.ts';

/** A cell that does not hold what the model needs: the row within the batch, and whether it is infinite. */
export interface BadCell {
  readonly row: number;
  readonly infinite: boolean;
}

/**
 * Fills one column of a batch from the chunks of a query.
 * How the cells arrive: `double`; `checked-double` (a DOUBLE and its status); `byte` (1, 0, 2 missing); `string` and its hash.
 */
export interface CellReader {
  /** Takes the cells of a chunk, beginning at vector `vector`, into the batch from row `offset` on. */
  take(chunk: DuckDBDataChunk, vector: number, offset: number): BadCell | undefined;
  /** The column of the batch, `rows` long; the next batch starts with new arrays. */
  finish(rows: number): Column;
}

/** A dictionary that has grown beyond this starts anew with the next batch, so that free text cannot fill the memory. */
const largestDictionary = 1 << 16;

export function createNumberReader(
  name: string,
  kind: 'numeric' | 'date-time',
  checked: boolean,
  batchRows: number,
): CellReader {
  let values = new Float64Array(batchRows);
  return {
    take(chunk, vector, offset) {
      const cells = doublesOf(chunk, vector);
      const { validity } = cells;
      const rows = chunk.rowCount;
      const status = checked ? bytesOf(chunk, vector + 1) : undefined;
      values.set(cells.values, offset);
      for (let row = 0; row < rows; row++) {
        if (status !== undefined && status[row] === cellStatus.unreadable)
          return { row: offset + row, infinite: false };
        const missing = status === undefined ? !isValid(validity, row) : status[row] !== cellStatus.value;
        if (missing) values[offset + row] = Number.NaN;
        else if (Math.abs(values[offset + row]!) === Number.POSITIVE_INFINITY)
          return { row: offset + row, infinite: true };
      }
      return undefined;
    },
    finish(rows) {
      const filled = values.subarray(0, rows);
      values = new Float64Array(batchRows);
      return { kind, name, values: filled };
    },
  };
}

export function createByteReader(name: string, batchRows: number): CellReader {
  let values = new Int8Array(batchRows);
  return {
    take(chunk, vector, offset) {
      const cells = bytesOf(chunk, vector);
      for (let row = 0; row < chunk.rowCount; row++) values[offset + row] = cells[row] === 2 ? -1 : cells[row]!;
      return undefined;
    },
    finish(rows) {
      const filled = values.subarray(0, rows);
      values = new Int8Array(batchRows);
      return { kind: 'boolean', name, values: filled };
    },
  };
}

/** Reads text cells as categories, or as `true` and `false` where the column is boolean. */
export function createTextReader(
  name: string,
  kind: Extract<ColumnKind, 'categorical' | 'boolean'>,
  missingTokens: ReadonlySet<string>,
  batchRows: number,
): CellReader {
  const isMissing = (text: string): boolean => {
    const trimmed = text.trim();
    return trimmed === '' || missingTokens.has(trimmed);
  };
  return kind === 'boolean'
    ? createTruthReader(name, isMissing, batchRows)
    : createCategoryReader(name, isMissing, batchRows);
}

function createTruthReader(name: string, isMissing: (text: string) => boolean, batchRows: number): CellReader {
  const unreadable = 2;
  const encoder = createStringEncoder();
  const truths: number[] = [];
  let codes = new Int32Array(batchRows);
  let values = new Int8Array(batchRows);
  const truthOf = (text: string): number => {
    if (isMissing(text)) return -1;
    const word = text.trim().toLowerCase();
    return word === 'true' ? 1 : word === 'false' ? 0 : unreadable;
  };
  return {
    take(chunk, vector, offset) {
      encoder.encode(stringsOf(chunk, vector), chunk.rowCount, codes, offset);
      while (truths.length < encoder.dictionary.length) truths.push(truthOf(encoder.dictionary[truths.length]!));
      for (let row = offset; row < offset + chunk.rowCount; row++) {
        const truth = codes[row]! < 0 ? -1 : truths[codes[row]!]!;
        if (truth === unreadable) return { row, infinite: false };
        values[row] = truth;
      }
      return undefined;
    },
    finish(rows) {
      const filled = values.subarray(0, rows);
      codes = new Int32Array(batchRows);
      values = new Int8Array(batchRows);
      return { kind: 'boolean', name, values: filled };
    },
  };
}

function createCategoryReader(name: string, isMissing: (text: string) => boolean, batchRows: number): CellReader {
  let encoder: StringEncoder = createStringEncoder();
  let dictionary: readonly string[] = [];
  let recode: number[] = [];
  let present: string[] = [];
  let codes = new Int32Array(batchRows);
  return {
    take(chunk, vector, offset) {
      encoder.encode(stringsOf(chunk, vector), chunk.rowCount, codes, offset);
      return undefined;
    },
    finish(rows) {
      while (recode.length < encoder.dictionary.length) {
        const text = encoder.dictionary[recode.length]!;
        recode.push(isMissing(text) ? -1 : present.push(text) - 1);
      }
      if (present.length !== dictionary.length) dictionary = Object.freeze([...present]);
      const filled = codes.subarray(0, rows);
      for (let row = 0; row < rows; row++) if (filled[row]! >= 0) filled[row] = recode[filled[row]!]!;
      const column: Column = { kind: 'categorical', name, codes: filled, dictionary };
      codes = new Int32Array(batchRows);
      if (encoder.dictionary.length > largestDictionary) {
        encoder = createStringEncoder();
        recode = [];
        present = [];
        dictionary = [];
      }
      return column;
    },
  };
}
