import type { DuckDBDataChunk } from '@duckdb/node-api';
import { createStringEncoder } from './string-encoder.ts';
import { bytesOf, doublesOf, isValid, stringsOf } from './vectors.ts';

/**
 * How a column leaves the query.
 * `double`: one DOUBLE. `checked-double`: a DOUBLE and a UTINYINT that says what the cell was (`CellStatus`).
 * `byte`: one UTINYINT (1 true, 0 false, 2 missing). `string`: a VARCHAR and its hash.
 */
export type Delivery = 'double' | 'checked-double' | 'byte' | 'string';

/** The second value of a `checked-double`. */
export const cellStatus = { value: 0, empty: 1, missingToken: 2, unreadable: 3 } as const;

export interface DoubleColumn {
  readonly delivery: 'double' | 'checked-double';
  /** NaN where the cell is missing. */
  readonly values: Float64Array;
  /** Cells that held a token for a missing value, `NaN` included. */
  readonly tokens: number;
  /** Cells that do not read as the type. */
  readonly unreadable: number;
}

export interface ByteColumn {
  readonly delivery: 'byte';
  readonly values: Int8Array;
}

export interface StringColumn {
  readonly delivery: 'string';
  readonly codes: Int32Array;
  /** In order of first appearance. */
  readonly dictionary: readonly string[];
}

export type CollectedColumn = DoubleColumn | ByteColumn | StringColumn;

interface Collector {
  /** Takes `rows` cells from the vectors of `chunk` that start at `vector`. */
  take(chunk: DuckDBDataChunk, vector: number, rows: number): void;
  finish(): CollectedColumn;
}

/**
 * Copies a stream of chunks into one typed array a column. `expectedRows` only sizes the arrays.
 * Growth is by half, so at most half of the memory of a column is ever unused, and that only while reading.
 */
export async function collectColumns(
  chunks: AsyncIterable<DuckDBDataChunk>,
  deliveries: readonly Delivery[],
  expectedRows: number,
): Promise<{ rows: number; columns: CollectedColumn[] }> {
  const collectors = deliveries.map((delivery) => createCollector(delivery, expectedRows));
  const firstVectors: number[] = [];
  let vectors = 0;
  for (const delivery of deliveries) {
    firstVectors.push(vectors);
    vectors += delivery === 'checked-double' || delivery === 'string' ? 2 : 1;
  }
  let rows = 0;
  for await (const chunk of chunks) {
    const count = chunk.rowCount;
    for (let c = 0; c < collectors.length; c++) collectors[c]!.take(chunk, firstVectors[c]!, count);
    rows += count;
  }
  return { rows, columns: collectors.map((collector) => collector.finish()) };
}

function createCollector(delivery: Delivery, expectedRows: number): Collector {
  const capacity = Math.max(2048, expectedRows);
  if (delivery === 'byte') return createByteCollector(capacity);
  if (delivery === 'string') return createStringCollector(capacity);
  return createDoubleCollector(delivery, capacity);
}

function grown<T extends Float64Array | Int32Array | Int8Array>(array: T, needed: number): T {
  if (needed <= array.length) return array;
  const length = Math.max(needed, Math.ceil(array.length * 1.5));
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}

/** The used part; copied out where more than a tenth would stay allocated for nothing. */
function trimmed<T extends Float64Array | Int32Array | Int8Array>(array: T, used: number): T {
  return (used * 1.1 < array.length ? array.slice(0, used) : array.subarray(0, used)) as T;
}

function createDoubleCollector(delivery: 'double' | 'checked-double', capacity: number): Collector {
  let values = new Float64Array(capacity);
  let used = 0;
  let tokens = 0;
  let unreadable = 0;

  const checkStatus = (status: Uint8Array, rows: number): void => {
    for (let row = 0; row < rows; row++) {
      const state = status[row]!;
      if (state === cellStatus.value) continue;
      values[used + row] = Number.NaN;
      if (state === cellStatus.missingToken) tokens++;
      if (state === cellStatus.unreadable) unreadable++;
    }
  };

  return {
    take(chunk, vector, rows) {
      values = grown(values, used + rows);
      const cells = doublesOf(chunk, vector);
      values.set(cells.values, used);
      if (delivery === 'checked-double') {
        checkStatus(bytesOf(chunk, vector + 1), rows);
      } else {
        const { validity } = cells;
        for (let row = 0; row < rows; row++) {
          if (!isValid(validity, row)) values[used + row] = Number.NaN;
          else if (Number.isNaN(values[used + row]!)) tokens++;
        }
      }
      used += rows;
    },
    finish: () => ({ delivery, values: trimmed(values, used), tokens, unreadable }),
  };
}

function createByteCollector(capacity: number): Collector {
  let values = new Int8Array(capacity);
  let used = 0;
  return {
    take(chunk, vector, rows) {
      values = grown(values, used + rows);
      const cells = bytesOf(chunk, vector);
      for (let row = 0; row < rows; row++) values[used + row] = cells[row] === 2 ? -1 : cells[row]!;
      used += rows;
    },
    finish: () => ({ delivery: 'byte', values: trimmed(values, used) }),
  };
}

function createStringCollector(capacity: number): Collector {
  const encoder = createStringEncoder();
  let codes = new Int32Array(capacity);
  let used = 0;
  return {
    take(chunk, vector, rows) {
      codes = grown(codes, used + rows);
      encoder.encode(stringsOf(chunk, vector), rows, codes, used);
      used += rows;
    },
    finish: () => ({ delivery: 'string', codes: trimmed(codes, used), dictionary: encoder.dictionary }),
  };
}
