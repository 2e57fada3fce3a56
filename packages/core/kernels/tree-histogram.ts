/**
 * Histograms of gradients.
 *
 * Every row has a record of two whole numbers: its gradient, and its Hessian with its count above it, both in fixed point.
 * Sums of whole numbers are exact, so they have the same bytes in any order and on any number of threads, a sibling's
 * histogram follows by subtraction without loss, and a weight of 3 equals three rows.
 *
 * A column's histogram is 256 records, one a byte of the column.
 */
const COLUMN_BYTES: usize = 4096;

// @inline
function add(histogram: usize, byte: usize, record: v128): void {
  const at = histogram + (byte << 4);
  v128.store(at, i64x2.add(v128.load(at), record));
}

/**
 * Task: (block of `blockRows` of the `count` rows listed, group of columns), group fastest. Adds the rows' records to the
 * histogram of columns at `target + thread * threadBytes`. `indices` 0 stands for rows 0, 1, 2 ... Of a group: the address
 * of its rows of `width` bytes, its width, its first column.
 */
export function addHistograms(
  task: i32,
  thread: i32,
  groups: usize,
  groupCount: i32,
  indices: usize,
  count: i32,
  blockRows: i32,
  records: usize,
  target: usize,
  threadBytes: usize,
): void {
  const group = groups + ((<usize>(task % groupCount)) << 4);
  const bins = <usize>load<i32>(group);
  const width = load<i32>(group, 4);
  const histogram = target + <usize>thread * threadBytes + <usize>load<i32>(group, 8) * COLUMN_BYTES;
  const begin = (task / groupCount) * blockRows;
  const end = min<i32>(count, begin + blockRows);
  const stride = <usize>width;
  if (indices == 0) {
    let row = bins + <usize>begin * stride;
    for (let i = begin; i < end; i++) {
      addRow(row, width, histogram, v128.load(records + ((<usize>i) << 4)));
      row += stride;
    }
    return;
  }
  for (let i = begin; i < end; i++) {
    const r = <usize>load<i32>(indices + ((<usize>i) << 2));
    addRow(bins + r * stride, width, histogram, v128.load(records + (r << 4)));
  }
}

// @inline
function addRow(row: usize, width: i32, histogram: usize, record: v128): void {
  let at = histogram;
  let byte = row;
  let left = width;
  while (left >= 4) {
    const a = at + ((<usize>load<u8>(byte)) << 4);
    const b = at + ((<usize>load<u8>(byte, 1)) << 4);
    const c = at + ((<usize>load<u8>(byte, 2)) << 4);
    const d = at + ((<usize>load<u8>(byte, 3)) << 4);
    v128.store(a, i64x2.add(v128.load(a), record));
    v128.store(b, i64x2.add(v128.load(b, 4096), record), 4096);
    v128.store(c, i64x2.add(v128.load(c, 8192), record), 8192);
    v128.store(d, i64x2.add(v128.load(d, 12288), record), 12288);
    byte += 4;
    at += 4 * COLUMN_BYTES;
    left -= 4;
  }
  while (left > 0) {
    add(at, <usize>load<u8>(byte), record);
    byte++;
    at += COLUMN_BYTES;
    left--;
  }
}

/** The sum of the records of the rows listed, on the caller's thread. */
export function sumRecords(indices: usize, count: i32, records: usize, target: usize): void {
  let sum = i64x2.splat(0);
  for (let i: i32 = 0; i < count; i++) {
    const r = indices == 0 ? <usize>i : <usize>load<i32>(indices + ((<usize>i) << 2));
    sum = i64x2.add(sum, v128.load(records + (r << 4)));
  }
  v128.store(target, sum);
}

/**
 * Task: one column of `used[task]` bytes that may occur. Moves the sum of the threads' `parts` to `target`, leaving zeros, and where there is a `parent` turns it
 * into the sibling's histogram by subtraction. `threads` 0: the target is there already.
 */
export function joinHistograms(
  task: i32,
  thread: i32,
  parts: usize,
  threads: i32,
  threadBytes: usize,
  target: usize,
  parent: usize,
  used: usize,
): void {
  const bytes = (<usize>load<i32>(used + ((<usize>task) << 2))) << 4;
  const offset = <usize>task * COLUMN_BYTES;
  const own = target + offset;
  for (let t: i32 = 0; t < threads; t++) {
    const part = parts + <usize>t * threadBytes + offset;
    for (let i: usize = 0; i < bytes; i += 16) {
      const value = v128.load(part + i);
      v128.store(own + i, t == 0 ? value : i64x2.add(v128.load(own + i), value));
    }
    memory.fill(part, 0, bytes);
  }
  if (parent == 0) return;
  const sibling = parent + offset;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(sibling + i, i64x2.sub(v128.load(sibling + i), v128.load(own + i)));
  }
}

/** A histogram of `bytes` bytes on the caller's thread; the other arguments are those of `addHistograms` and `joinHistograms`. */
export function buildHistogram(
  groups: usize,
  groupCount: i32,
  indices: usize,
  count: i32,
  records: usize,
  target: usize,
  bytes: usize,
  parent: usize,
  used: usize,
  columns: i32,
): void {
  memory.fill(target, 0, bytes);
  for (let g: i32 = 0; g < groupCount; g++) {
    addHistograms(g, 0, groups, groupCount, indices, count, count, records, target, 0);
  }
  if (parent == 0) return;
  for (let column: i32 = 0; column < columns; column++) joinHistograms(column, 0, 0, 0, 0, target, parent, used);
}

/** Sets `count` bytes to 0. */
export function clearBytes(target: usize, count: usize): void {
  memory.fill(target, 0, count);
}
