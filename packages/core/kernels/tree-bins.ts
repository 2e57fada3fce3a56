/**
 * Quantile bins for histogram trees.
 *
 * A column of at most `maxBins` distinct values keeps each of them (lossless). Otherwise values that are commoner than an
 * average bin have a bin to themselves and the others share the rest evenly. A missing cell (NaN) has byte 0 where the
 * column has any; then values start at byte 1.
 */

/** Slots of the hash of distinct values; twice the most bins. */
const SLOTS: i32 = 512;
/** Bytes of the facts of a column: bins, missing cells, flag of an infinite value. */
const FACTS: usize = 16;
const DIGIT: i32 = 11;
const PASSES: i32 = 6;

/**
 * Task: `blockColumns` of the columns. Byte of each of `count` rows from row `begin` on while a column has two values at most:
 * 0 for the one seen first, 1 for the other, both in `pairs` (NaN where not seen yet). A column with a third value, a
 * missing or an infinite one gets a word other than 0 in `spoilt`, and is left alone.
 */
export function pairColumns(
  task: i32,
  thread: i32,
  source: usize,
  columnBytes: usize,
  rowBytes: usize,
  columns: i32,
  blockColumns: i32,
  begin: i32,
  count: i32,
  rows: i32,
  pairs: usize,
  spoilt: usize,
  bytes: usize,
): void {
  const end = min<i32>(columns, (task + 1) * blockColumns);
  for (let j = task * blockColumns; j < end; j++) {
    if (load<i32>(spoilt + ((<usize>j) << 2)) != 0) continue;
    const pair = pairs + ((<usize>j) << 4);
    let one = load<f64>(pair);
    let other = load<f64>(pair, 8);
    let at = source + <usize>j * columnBytes;
    let out = bytes + <usize>j * <usize>rows + <usize>begin;
    for (const last = out + <usize>count; out < last; out++) {
      const value = load<f64>(at);
      at += rowBytes;
      store<u8>(out, <u8>(value == other));
      if (value == one || value == other) continue;
      if (abs(value) < Infinity && one != one) one = value;
      else if (abs(value) < Infinity && other != other) {
        other = value;
        store<u8>(out, 1);
      } else {
        store<i32>(spoilt + ((<usize>j) << 2), 1);
        break;
      }
    }
    store<f64>(pair, one);
    store<f64>(pair, other, 8);
  }
}

/** Swaps 0 and 1. */
export function swapBytes(bytes: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) store<u8>(bytes + i, load<u8>(bytes + i) ^ 1);
}

/**
 * Task: one column of `columns` (column-major float64, `rows` each). Writes `rows` bytes to `bytes + targets[task] * rows`,
 * the bins' smallest and largest value to `ranges + task * 4096` and the facts. `weights` (0 for none) are those of the
 * rows; a row of weight 0 gets a byte, but teaches nothing. `sources` has the place of each task's column, `targets` that of
 * its bytes. Scratch a thread: `scratchBytes` (SLOTS * 16, the counts of digits, and four arrays of rows).
 */
export function binColumns(
  task: i32,
  thread: i32,
  columns: usize,
  sources: usize,
  targets: usize,
  rows: i32,
  weights: usize,
  maxBins: i32,
  bytes: usize,
  ranges: usize,
  facts: usize,
  scratch: usize,
  scratchBytes: usize,
): void {
  const place = (<usize>task) << 2;
  const column = columns + <usize>load<i32>(sources + place) * ((<usize>rows) << 3);
  const range = ranges + ((<usize>task) << 12);
  const fact = facts + <usize>task * FACTS;
  const hash = scratch + <usize>thread * scratchBytes;
  memory.fill(fact, 0, FACTS);
  let missing: i32 = 0;
  let probe: f64 = 0;
  for (let r: i32 = 0; r < rows; r++) {
    const value = load<f64>(column + ((<usize>r) << 3));
    if (value != value) missing++;
    else probe += value * 0;
  }
  if (probe != 0) store<i32>(fact + 8, 1);
  let bins = distinctValues(column, rows, weights, maxBins, hash, range);
  if (bins < 0) bins = quantileBins(column, rows, weights, maxBins, hash + <usize>SLOTS * 16, range);
  store<i32>(fact, bins);
  store<i32>(fact + 4, missing);
  const cells = bytes + <usize>load<i32>(targets + place) * <usize>rows;
  assign(column, rows, bins, missing > 0 ? 1 : 0, range, hash, cells);
}

/** Ascending distinct values as both ends of their bins; -1 if there are more than `maxBins`. */
function distinctValues(column: usize, rows: i32, weights: usize, maxBins: i32, hash: usize, range: usize): i32 {
  memory.fill(hash, 0xff, (<usize>SLOTS) << 3);
  const empty = -1;
  let found: i32 = 0;
  for (let r: i32 = 0; r < rows; r++) {
    const value = load<f64>(column + ((<usize>r) << 3)) + 0.0;
    if (value != value || (weights != 0 && load<f64>(weights + ((<usize>r) << 3)) == 0)) continue;
    const bits = reinterpret<i64>(value);
    let slot = <i32>(((<u64>bits * 0x9e3779b97f4a7c15) >> 55) & (SLOTS - 1));
    for (;;) {
      const at = hash + ((<usize>slot) << 3);
      const held = load<i64>(at);
      if (held == bits) break;
      if (held == empty) {
        if (found == maxBins) return -1;
        store<i64>(at, bits);
        // Kept ascending by insertion: at most 255 values.
        let place = found++;
        while (place > 0 && load<f64>(range + ((<usize>(place - 1)) << 4)) > value) {
          store<f64>(range + ((<usize>place) << 4), load<f64>(range + ((<usize>(place - 1)) << 4)));
          place--;
        }
        store<f64>(range + ((<usize>place) << 4), value);
        break;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }
  for (let b: i32 = 0; b < found; b++) {
    store<f64>(range + ((<usize>b) << 4), load<f64>(range + ((<usize>b) << 4)), 8);
  }
  return found;
}

function quantileBins(column: usize, rows: i32, weights: usize, maxBins: i32, scratch: usize, range: usize): i32 {
  const line = (<usize>rows) << 3;
  let keys = scratch;
  let other = scratch + line;
  let mass = scratch + 2 * line;
  let otherMass = scratch + 3 * line;
  let count: i32 = 0;
  for (let r: i32 = 0; r < rows; r++) {
    const value = load<f64>(column + ((<usize>r) << 3)) + 0.0;
    const weight = weights == 0 ? 1.0 : load<f64>(weights + ((<usize>r) << 3));
    if (value != value || weight == 0) continue;
    const bits = reinterpret<i64>(value);
    store<i64>(keys + ((<usize>count) << 3), bits ^ ((bits >> 63) | i64.MIN_VALUE));
    if (weights != 0) store<f64>(mass + ((<usize>count) << 3), weight);
    count++;
  }
  const counts = scratch + 4 * line;
  memory.fill(counts, 0, (<usize>(PASSES << DIGIT)) << 2);
  for (let i: i32 = 0; i < count; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    for (let pass: i32 = 0; pass < PASSES; pass++) {
      const at = digitPlace(counts, key, pass);
      store<i32>(at, load<i32>(at) + 1);
    }
  }
  for (let pass: i32 = 0; pass < PASSES; pass++) {
    if (load<i32>(digitPlace(counts, load<u64>(keys), pass)) == count) continue;
    let sum: i32 = 0;
    for (let d: i32 = 0; d < 1 << DIGIT; d++) {
      const at = counts + ((<usize>((pass << DIGIT) + d)) << 2);
      const here = load<i32>(at);
      store<i32>(at, sum);
      sum += here;
    }
    for (let i: i32 = 0; i < count; i++) {
      const key = load<u64>(keys + ((<usize>i) << 3));
      const at = digitPlace(counts, key, pass);
      const place = <usize>load<i32>(at);
      store<i32>(at, <i32>place + 1);
      store<u64>(other + (place << 3), key);
      if (weights != 0) store<f64>(otherMass + (place << 3), load<f64>(mass + ((<usize>i) << 3)));
    }
    const held = keys;
    keys = other;
    other = held;
    const heldMass = mass;
    mass = otherMass;
    otherMass = heldMass;
  }
  return cut(keys, weights == 0 ? 0 : mass, count, maxBins, other, otherMass, range);
}

// @inline
function digitPlace(counts: usize, key: u64, pass: i32): usize {
  return counts + ((<usize>((pass << DIGIT) + (<i32>(key >> <u64>(pass * DIGIT)) & ((1 << DIGIT) - 1)))) << 2);
}

// @inline
function valueOf(key: i64): f64 {
  return reinterpret<f64>(key < 0 ? key ^ i64.MIN_VALUE : ~key);
}

/** Cuts sorted keys into bins; `values` and `weightOf` take the distinct ones. */
function cut(keys: usize, mass: usize, count: i32, maxBins: i32, values: usize, weightOf: usize, range: usize): i32 {
  let distinct: i32 = -1;
  let last: i64 = 0;
  let total: f64 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const key = load<i64>(keys + ((<usize>i) << 3));
    const weight = mass == 0 ? 1.0 : load<f64>(mass + ((<usize>i) << 3));
    if (distinct < 0 || key != last) {
      distinct++;
      store<f64>(values + ((<usize>distinct) << 3), valueOf(key));
      store<f64>(weightOf + ((<usize>distinct) << 3), 0);
      last = key;
    }
    const at = weightOf + ((<usize>distinct) << 3);
    store<f64>(at, load<f64>(at) + weight);
    total += weight;
  }
  distinct++;
  const average = total / <f64>maxBins;
  let rest = total;
  let restBins = maxBins;
  for (let i: i32 = 0; i < distinct; i++) {
    const weight = load<f64>(weightOf + ((<usize>i) << 3));
    if (weight < average) continue;
    rest -= weight;
    restBins--;
  }
  let bins: i32 = 0;
  let inside: f64 = 0;
  let first: i32 = 0;
  for (let i: i32 = 0; i < distinct; i++) {
    const weight = load<f64>(weightOf + ((<usize>i) << 3));
    const large = weight >= average;
    inside += weight;
    if (!large) rest -= weight;
    const next = i + 1 < distinct ? load<f64>(weightOf + ((<usize>(i + 1)) << 3)) : average;
    const share = restBins > 0 ? (rest + inside) / <f64>restBins : average;
    const full = large || next >= average || inside >= share;
    if (i + 1 < distinct && (!full || bins + 1 == maxBins)) continue;
    store<f64>(range + ((<usize>bins) << 4), load<f64>(values + ((<usize>first) << 3)));
    store<f64>(range + ((<usize>bins) << 4), load<f64>(values + ((<usize>i) << 3)), 8);
    bins++;
    first = i + 1;
    inside = 0;
    if (!large) restBins--;
  }
  return bins;
}

/** Byte of each row: the first bin whose largest value is not below the row's value. */
function assign(column: usize, rows: i32, bins: i32, shift: i32, range: usize, table: usize, bytes: usize): void {
  for (let b: i32 = 0; b < 256; b++) {
    store<f64>(table + ((<usize>b) << 3), b < bins - 1 ? load<f64>(range + ((<usize>b) << 4), 8) : Infinity);
  }
  for (let r: i32 = 0; r < rows; r++) {
    const value = load<f64>(column + ((<usize>r) << 3));
    let at = table;
    at += (<usize>(load<f64>(at + 127 * 8) < value)) << 10;
    at += (<usize>(load<f64>(at + 63 * 8) < value)) << 9;
    at += (<usize>(load<f64>(at + 31 * 8) < value)) << 8;
    at += (<usize>(load<f64>(at + 15 * 8) < value)) << 7;
    at += (<usize>(load<f64>(at + 7 * 8) < value)) << 6;
    at += (<usize>(load<f64>(at + 3 * 8) < value)) << 5;
    at += (<usize>(load<f64>(at + 8) < value)) << 4;
    at += (<usize>(load<f64>(at) < value)) << 3;
    const bin = <i32>((at - table) >> 3) + shift;
    store<u8>(bytes + <usize>r, value == value ? bin : 0);
  }
}

/**
 * Task: one block of `blockRows` rows. Writes `width` columns of `source` (column-major, `rows` bytes each) from `first` on
 * as rows of `width` bytes.
 */
export function packBins(
  task: i32,
  thread: i32,
  source: usize,
  rows: i32,
  blockRows: i32,
  first: i32,
  width: i32,
  target: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  for (let j: i32 = 0; j < width; j++) {
    const column = source + <usize>(first + j) * <usize>rows;
    let out = target + <usize>begin * <usize>width + <usize>j;
    for (let r = begin; r < end; r++) {
      store<u8>(out, load<u8>(column + <usize>r));
      out += <usize>width;
    }
  }
}
