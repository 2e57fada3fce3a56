import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { randomStream } from '../runtime/random.ts';

/**
 * One number in [0, 1) a row, a keyed hash of the row's probabilities and nothing else.
 *
 * A score that draws from it is a fixed function of the row, so exchangeable rows keep exchangeable scores and the
 * guarantee holds, while a row gets the same set alone, in a batch, in any order and after the model was read again (a
 * counter would give every row that is asked alone the same number, and that breaks coverage). The hash does not depend
 * on the order of the columns: renaming classes changes nothing.
 */
export function rowRandomness(probabilities: Matrix, seed: number): Float64Array {
  const { data, rows, columns } = probabilities;
  const key = randomStream(seed, 'conformal', 'row-randomness');
  const keyLow = key.uint32() | 0;
  const keyHigh = key.uint32() | 0;
  const number = new Float64Array(1);
  const words = new Int32Array(number.buffer);
  const out = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let low = keyLow;
    let high = keyHigh;
    for (const end = at + columns; at < end; at++) {
      number[0] = data[at]! + 0; // -0 becomes 0
      const one = mixed(words[0]! ^ keyLow, words[1]!);
      low = (low + one) | 0;
      high = (high + mixed(words[1]! ^ keyHigh, one)) | 0;
    }
    const first = mixed(low, high) >>> 5;
    const second = mixed(high, low ^ 0x5bd1e995) >>> 6;
    out[row] = (first * 67108864 + second) / 9007199254740992;
  }
  return out;
}

/** One independent uniform number a row, in the order of the rows, from a named stream. */
export function streamRandomness(rows: number, seed: number, ...names: readonly (string | number)[]): Float64Array {
  const stream = randomStream(seed, 'conformal', ...names);
  return Float64Array.from({ length: rows }, stream.uniform);
}

/** Throws `shape-mismatch` or `bad-option` unless there are `length` numbers in 0 .. 1. */
export function requireUniform(name: string, values: Float64Array, length: number): void {
  if (values.length !== length) {
    throw new CounterweightError('shape-mismatch', `${name} must have ${length} entries, got ${values.length}`);
  }
  const bad = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (bad >= 0) {
    throw new CounterweightError('bad-option', `${name} must lie in 0 to 1, got ${values[bad]} at entry ${bad}`);
  }
}

/** Both words through MurmurHash3's finisher, so that every bit of either reaches all of the result. */
function mixed(a: number, b: number): number {
  let h = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
