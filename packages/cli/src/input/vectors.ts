import type { DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';

/**
 * The typed arrays behind DuckDB's vectors.
 *
 * The client's public way to a cell (`getItem`) makes a value object a cell, and its null check makes two BigInts a cell;
 * both cost more than the parsing. The arrays below are fields of its vector classes, private in TypeScript only,
 * so each is checked before it is used. They view DuckDB's memory and die with the chunk: copy, never keep.
 */
interface VectorFields {
  readonly items?: unknown;
  readonly dataView?: unknown;
  readonly validity?: { readonly data: BigUint64Array | null };
}

const fieldsOf = (vector: DuckDBVector): VectorFields => vector as unknown as VectorFields;

const unknownLayout = (what: string): Error =>
  new Error(`this version of @duckdb/node-api keeps ${what} in a way that is not known here`);

/** One bit a row, 1 where the cell holds a value; null where every cell does. */
function validityOf(vector: DuckDBVector): Uint8Array | null {
  const { validity } = fieldsOf(vector);
  if (validity === undefined) throw unknownLayout('validity');
  const { data } = validity;
  return data === null ? null : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Whether a cell holds a value. */
export function isValid(validity: Uint8Array | null, row: number): boolean {
  return validity === null || ((validity[row >> 3]! >> (row & 7)) & 1) === 1;
}

/** The values of a DOUBLE column. */
export function doublesOf(
  chunk: DuckDBDataChunk,
  column: number,
): { values: Float64Array; validity: Uint8Array | null } {
  const vector = chunk.getColumnVector(column);
  const { items } = fieldsOf(vector);
  if (!(items instanceof Float64Array)) throw unknownLayout('doubles');
  return { values: items, validity: validityOf(vector) };
}

/** The values of a UTINYINT column without nulls. */
export function bytesOf(chunk: DuckDBDataChunk, column: number): Uint8Array {
  const { items } = fieldsOf(chunk.getColumnVector(column));
  if (!(items instanceof Uint8Array)) throw unknownLayout('bytes');
  return items;
}

/**
 * The strings of a VARCHAR column and, from the column behind it, their hashes (`text, hash(text)` in SQL): 16 bytes a row, a 32-bit length and then either up to 12 bytes of UTF-8 or
 * 4 bytes and a pointer; two words a row of hash. `at` decodes one row, for which a long string crosses into native code.
 */
export interface StringCells {
  readonly words: Int32Array;
  readonly hashes: Int32Array;
  readonly validity: Uint8Array | null;
  at(row: number): string;
}

export function stringsOf(chunk: DuckDBDataChunk, column: number): StringCells {
  const vector = chunk.getColumnVector(column);
  const { dataView } = fieldsOf(vector);
  if (!(dataView instanceof DataView)) throw unknownLayout('strings');
  const { items } = fieldsOf(chunk.getColumnVector(column + 1));
  if (!(items instanceof BigUint64Array)) throw unknownLayout('hashes');
  return {
    words: new Int32Array(dataView.buffer, dataView.byteOffset, dataView.byteLength >> 2),
    hashes: new Int32Array(items.buffer, items.byteOffset, items.byteLength >> 2),
    validity: validityOf(vector),
    at: (row) => vector.getItem(row) as string,
  };
}
