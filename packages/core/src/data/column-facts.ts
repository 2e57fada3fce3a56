import { hashNumber, mixBits } from './cell-hash.ts';
import type { CategoricalColumn, Column } from './table.ts';

/** What one pass over a column tells. */
export interface ColumnFacts {
  readonly missing: number;
  /** Distinct values, missing not counted. */
  readonly distinct: number;
  /** Numeric: all values are whole numbers. */
  readonly whole: boolean;
  /** Numeric and dates: every value differs from the one before in the same direction. */
  readonly monotone: boolean;
  readonly min: number;
  readonly max: number;
  /** Equal for columns with equal cells. */
  readonly hash: number;
}

export function columnFacts(column: Column): ColumnFacts {
  if (column.kind === 'numeric' || column.kind === 'date-time') return numberFacts(column.values);
  if (column.kind === 'boolean') return codeFacts(column.values, 2);
  return codeFacts(column.codes, column.dictionary.length);
}

function numberFacts(values: Float64Array): ColumnFacts {
  let missing = 0;
  let whole = true;
  let rising = true;
  let falling = true;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let previous = Number.NaN;
  let hash = 0;
  const seen = numberSet();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const bits = hashNumber(value);
    hash = (Math.imul(hash, 31) + bits) | 0;
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    seen.add(value, bits);
    if (whole && value !== Math.floor(value)) whole = false;
    if (value <= previous) rising = false;
    if (value >= previous) falling = false;
    if (value < min) min = value;
    if (value > max) max = value;
    previous = value;
  }
  return { missing, distinct: seen.size(), whole, monotone: rising || falling, min, max, hash };
}

function codeFacts(codes: Int32Array | Int8Array, levels: number): ColumnFacts {
  const occurs = new Uint8Array(levels);
  let missing = 0;
  let distinct = 0;
  let hash = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    hash = (Math.imul(hash, 31) + mixBits(code)) | 0;
    if (code < 0) missing++;
    else if (!occurs[code]) {
      occurs[code] = 1;
      distinct++;
    }
  }
  return { missing, distinct, whole: false, monotone: false, min: Number.NaN, max: Number.NaN, hash };
}

/** A set of numbers that is counted only: open addressing, empty slots are NaN, grows with what it holds. */
function numberSet(): { add(value: number, hash: number): void; size(): number } {
  let capacity = 256;
  let slots = new Float64Array(capacity).fill(Number.NaN);
  let size = 0;
  const place = (value: number, hash: number): boolean => {
    let slot = hash & (capacity - 1);
    for (;;) {
      const held = slots[slot]!;
      if (held === value) return false;
      if (Number.isNaN(held)) {
        slots[slot] = value;
        return true;
      }
      slot = (slot + 1) & (capacity - 1);
    }
  };
  const grow = () => {
    const old = slots;
    capacity *= 4;
    slots = new Float64Array(capacity).fill(Number.NaN);
    for (let i = 0; i < old.length; i++) if (!Number.isNaN(old[i])) place(old[i]!, hashNumber(old[i]!));
  };
  return {
    add: (value, hash) => {
      if (!place(value, hash)) return;
      if (++size * 2 > capacity) grow();
    },
    size: () => size,
  };
}

/** How the strings of a column look, from at most `SAMPLE` evenly spaced entries of its dictionary. */
export interface StringFacts {
  readonly meanLength: number;
  readonly meanWords: number;
  /** Share of the strings that contain white space. */
  readonly spaced: number;
}

const SAMPLE = 2000;
/** Only the beginning of a string is looked at: a cell may hold megabytes. */
const LOOKED_AT = 400;

export function stringFacts(column: CategoricalColumn): StringFacts {
  const { dictionary } = column;
  const step = Math.max(1, Math.floor(dictionary.length / SAMPLE));
  let looked = 0;
  let length = 0;
  let words = 0;
  let spaced = 0;
  for (let i = 0; i < dictionary.length; i += step) {
    const text = dictionary[i]!;
    const parts = text.slice(0, LOOKED_AT).split(/\s+/u).filter(Boolean).length;
    looked++;
    length += Math.min(text.length, LOOKED_AT);
    words += parts;
    if (parts > 1) spaced++;
  }
  const count = Math.max(1, looked);
  return { meanLength: length / count, meanWords: words / count, spaced: spaced / count };
}

/** Whether two columns hold the same cells: same kind, same values, same strings. */
export function sameContent(a: Column, b: Column): boolean {
  if (a.kind === 'categorical') {
    if (b.kind !== 'categorical' || a.dictionary.length !== b.dictionary.length) return false;
    return sameNumbers(a.codes, b.codes) && a.dictionary.every((value, code) => value === b.dictionary[code]);
  }
  return a.kind === b.kind && sameNumbers(a.values, b.values);
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (x !== y && (!Number.isNaN(x) || !Number.isNaN(y))) return false;
  }
  return a.length === b.length;
}
