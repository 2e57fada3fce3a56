import { gatherRow, kernelBlocks } from './svm-rows';

/**
 * State of the dual solver, 4 bytes a field unless told. It also keeps the columns of the kernel matrix that were used last:
 * slots form a ring by use, whose place `most` stands for start and end.
 */
export const ACTIVE: usize = 0;
export const COLUMNS: usize = 4;
export const CELLS: usize = 8;
/** 0 for the linear kernel. */
export const HALVES: usize = 12;
export const LOW: usize = 16;
export const HIGH: usize = 20;
export const DIAGONAL: usize = 24;
export const B: usize = 28;
export const V: usize = 32;
/** Room for one row. */
export const SCRATCH: usize = 36;
/** Slot of each row's column, or -1. */
export const SLOT_OF: usize = 40;
/** Row of each slot. */
export const KEYS: usize = 44;
/** Valid entries of each slot's column. */
export const LENGTHS: usize = 48;
export const BEFORE: usize = 52;
export const AFTER: usize = 56;
export const CACHE: usize = 60;
/** Slots there are. */
export const MOST: usize = 64;
/** Slots in use. */
export const USED: usize = 68;
/** Entries from one column of the cache to the next, a multiple of eight. */
export const STRIDE: usize = 72;
/** Set where no pair of rows violates the conditions of optimality. */
export const STOPPED: usize = 76;
/** 8 bytes. */
export const TOLERANCE: usize = 80;

// @inline
export function field(s: usize, at: usize): usize {
  return load<u32>(s + at);
}

// @inline
export function word(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2);
}

// @inline
export function value(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

function unlink(before: usize, after: usize, slot: i32): void {
  const left = load<i32>(word(before, slot));
  const right = load<i32>(word(after, slot));
  store<i32>(word(after, left), right);
  store<i32>(word(before, right), left);
}

function append(before: usize, after: usize, most: i32, slot: i32): void {
  const last = load<i32>(word(before, most));
  store<i32>(word(before, slot), last);
  store<i32>(word(after, slot), most);
  store<i32>(word(after, last), slot);
  store<i32>(word(before, most), slot);
}

/** The slot of row `i`, as the one used last; a slot that was emptied for it has length 0. */
function slotFor(s: usize, i: i32): i32 {
  const before = field(s, BEFORE);
  const after = field(s, AFTER);
  const slotOf = field(s, SLOT_OF);
  const most = <i32>field(s, MOST);
  let slot = load<i32>(word(slotOf, i));
  if (slot >= 0) {
    unlink(before, after, slot);
    append(before, after, most, slot);
    return slot;
  }
  const used = <i32>field(s, USED);
  if (used < most) {
    slot = used;
    store<i32>(s + USED, used + 1);
  } else {
    slot = load<i32>(word(after, most));
    unlink(before, after, slot);
    store<i32>(word(slotOf, load<i32>(word(field(s, KEYS), slot))), -1);
  }
  store<i32>(word(field(s, LENGTHS), slot), 0);
  store<i32>(word(field(s, KEYS), slot), i);
  store<i32>(word(slotOf, i), slot);
  append(before, after, most, slot);
  return slot;
}

/** Address of the column of row `i`, whose first `length` entries are valid. */
export function columnOf(s: usize, i: i32, length: i32): usize {
  const slot = slotFor(s, i);
  const target = field(s, CACHE) + ((<usize>slot * field(s, STRIDE)) << 3);
  const lengths = word(field(s, LENGTHS), slot);
  const valid = load<i32>(lengths);
  if (valid < length) {
    fill(s, i, target, valid, length);
    store<i32>(lengths, length);
  }
  return target;
}

/** Entries `from` to `to - 1` of the column of row `i`; those beside them in their blocks are worked out too. */
function fill(s: usize, i: i32, target: usize, from: i32, to: i32): void {
  const columns = <i32>field(s, COLUMNS);
  const cells = field(s, CELLS);
  const halves = field(s, HALVES);
  const scratch = field(s, SCRATCH);
  gatherRow(cells, columns, i, scratch);
  const half = halves != 0 ? load<f64>(value(halves, i)) : 0;
  kernelBlocks(scratch, columns, half, cells, halves, target, from >> 3, (to + 7) >> 3);
}

/** Kernel `svmSwap`: exchanges rows and columns of the cache, `lower[p]` with `upper[p]`, every lower one below every upper one. */
export function svmSwap(s: usize, lower: usize, upper: usize, pairs: i32): void {
  const used = <i32>field(s, USED);
  const slotOf = field(s, SLOT_OF);
  const keys = field(s, KEYS);
  for (let slot: i32 = 0; slot < used; slot++) {
    const lengths = word(field(s, LENGTHS), slot);
    const column = field(s, CACHE) + ((<usize>slot * field(s, STRIDE)) << 3);
    const length = load<i32>(lengths);
    let valid = length;
    for (let p: i32 = 0; p < pairs; p++) {
      const low = load<i32>(word(lower, p));
      const high = load<i32>(word(upper, p));
      // What comes from beyond the valid entries is none; valid are those before the first such place.
      if (high >= length && low < valid) valid = low;
      const held = load<f64>(value(column, low));
      store<f64>(value(column, low), load<f64>(value(column, high)));
      store<f64>(value(column, high), held);
    }
    store<i32>(lengths, valid);
  }
  for (let p: i32 = 0; p < pairs; p++) {
    const low = load<i32>(word(lower, p));
    const high = load<i32>(word(upper, p));
    const slotLow = load<i32>(word(slotOf, low));
    const slotHigh = load<i32>(word(slotOf, high));
    store<i32>(word(slotOf, low), slotHigh);
    store<i32>(word(slotOf, high), slotLow);
    if (slotLow >= 0) store<i32>(word(keys, slotLow), high);
    if (slotHigh >= 0) store<i32>(word(keys, slotHigh), low);
  }
}

/**
 * Kernel `svmTakeBack`: adds b_s K_s to the derivatives of the rows `active` to `size - 1`, for the rows `from` to `to - 1`;
 * `spare` holds a column. Columns that would push others out are not kept.
 */
export function svmTakeBack(s: usize, size: i32, from: i32, to: i32, spare: usize): void {
  const active = <i32>field(s, ACTIVE);
  const b = field(s, B);
  const v = field(s, V);
  for (let row = from; row < to; row++) {
    const weight = load<f64>(value(b, row));
    if (weight == 0) continue;
    let column = spare;
    if (load<i32>(word(field(s, SLOT_OF), row)) >= 0 || field(s, USED) < field(s, MOST))
      column = columnOf(s, row, size);
    else fill(s, row, spare, active, size);
    for (let t = active; t < size; t++) {
      const at = value(v, t);
      store<f64>(at, load<f64>(at) + weight * load<f64>(value(column, t)));
    }
  }
}
