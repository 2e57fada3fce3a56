/**
 * Sorting of float64 keys that carry a payload, by the bits of the keys.
 *
 * A least-significant-digit radix sort on the upper 32 bits (sign, exponent, 20 bits of mantissa) settles nearly all
 * pairs of scores in three passes; the short runs that share them are then put in order by insertion, long ones by the
 * same radix sort on the lower 32 bits. Linear for any input, and stable.
 */

/** 11 + 11 + 10 bits make a word; 2,048 open write positions still fit the processor's first cache. */
const digitShifts = [0, 11, 22] as const;
const buckets = 2048;
/** Below this an insertion sort beats clearing the histograms. */
const smallSort = 48;
/** Typed arrays follow the machine's byte order, which is little-endian wherever JavaScript runs today; checked all the same. */
const upperWord = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

interface Pairs {
  readonly keys: Float64Array;
  readonly words: Int32Array;
  readonly payload: Int32Array;
}

/**
 * Sorts `keys` ascending in place and moves `payload` along; equal keys keep their order.
 * Keys must not be NaN; -0 must be made 0 before (they are equal, but their bits are not).
 */
export function sortWithPayload(keys: Float64Array, payload: Int32Array): void {
  const n = keys.length;
  if (n <= smallSort) {
    insertionSort(keys, payload, 0, n);
    return;
  }
  const pairs = pairsOf(keys, payload);
  const spare = pairsOf(new Float64Array(n), new Int32Array(n));
  sortByWord(pairs, spare, upperWord);
  settleRuns(pairs, spare);
}

function pairsOf(keys: Float64Array, payload: Int32Array): Pairs {
  return { keys, words: new Int32Array(keys.buffer, keys.byteOffset, 2 * keys.length), payload };
}

/** Sorts by one 32-bit word of the keys; the result stands in `pairs`. */
function sortByWord(pairs: Pairs, spare: Pairs, word: number): void {
  const n = pairs.keys.length;
  const histograms = digitShifts.map(() => new Uint32Array(buckets));
  countDigits(pairs.words, n, word, histograms);
  let from = pairs;
  let to = spare;
  for (let digit = 0; digit < digitShifts.length; digit++) {
    const starts = histograms[digit]!;
    if (!countsToStarts(starts, n)) continue;
    scatter(from, to, word, digitShifts[digit]!, starts);
    [from, to] = [to, from];
  }
  if (from !== pairs) {
    pairs.keys.set(from.keys);
    pairs.payload.set(from.payload);
  }
}

function countDigits(words: Int32Array, n: number, word: number, histograms: readonly Uint32Array[]): void {
  const low = histograms[0]!;
  const middle = histograms[1]!;
  const high = histograms[2]!;
  for (let i = 0; i < n; i++) {
    const code = orderedCode(words[2 * i + word]!, words[2 * i + upperWord]!, word);
    low[code & 2047] = low[code & 2047]! + 1;
    middle[(code >>> 11) & 2047] = middle[(code >>> 11) & 2047]! + 1;
    high[code >>> 22] = high[code >>> 22]! + 1;
  }
}

/** Unsigned order of the codes is the order of the floats: negative numbers are flipped whole, others in their sign. */
function orderedCode(value: number, upper: number, word: number): number {
  const negative = upper >> 31;
  return word === upperWord ? value ^ (negative | 0x80000000) : value ^ negative;
}

/** Turns counts into first positions; false if all keys share the digit, so that the pass can be left out. */
function countsToStarts(counts: Uint32Array, n: number): boolean {
  let start = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = counts[bucket]!;
    if (count === n) return false;
    counts[bucket] = start;
    start += count;
  }
  return true;
}

function scatter(from: Pairs, to: Pairs, word: number, shift: number, starts: Uint32Array): void {
  const { keys, words, payload } = from;
  const toKeys = to.keys;
  const toPayload = to.payload;
  for (let i = 0; i < keys.length; i++) {
    const code = orderedCode(words[2 * i + word]!, words[2 * i + upperWord]!, word);
    const bucket = (code >>> shift) & 2047;
    const position = starts[bucket]!;
    starts[bucket] = position + 1;
    toKeys[position] = keys[i]!;
    toPayload[position] = payload[i]!;
  }
}

/** Puts the runs in order that share their upper word. */
function settleRuns(pairs: Pairs, spare: Pairs): void {
  const { keys, words, payload } = pairs;
  const n = keys.length;
  let start = 0;
  while (start < n) {
    const upper = words[2 * start + upperWord]!;
    let end = start + 1;
    let sorted = true;
    while (end < n && words[2 * end + upperWord] === upper) {
      if (keys[end]! < keys[end - 1]!) sorted = false;
      end++;
    }
    if (!sorted) {
      if (end - start <= smallSort) insertionSort(keys, payload, start, end);
      else sortByWord(slicePairs(pairs, start, end), slicePairs(spare, start, end), 1 - upperWord);
    }
    start = end;
  }
}

function slicePairs(pairs: Pairs, start: number, end: number): Pairs {
  return pairsOf(pairs.keys.subarray(start, end), pairs.payload.subarray(start, end));
}

function insertionSort(keys: Float64Array, payload: Int32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const key = keys[i]!;
    const value = payload[i]!;
    let j = i - 1;
    while (j >= start && keys[j]! > key) {
      keys[j + 1] = keys[j]!;
      payload[j + 1] = payload[j]!;
      j--;
    }
    keys[j + 1] = key;
    payload[j + 1] = value;
  }
}
