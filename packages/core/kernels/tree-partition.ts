/** Parting the rows of a node, and what follows from where they end: scores. Row order is kept. */

/**
 * Task: one block of `blockRows` of the `count` rows listed in `indices`. `table` holds for each byte of the column 1 for
 * left, 0 for right. Left rows go to `lefts`, right ones to `rights`, both from the block's begin on; `counts[task]` takes
 * the number of left ones.
 */
export function partitionRows(
  task: i32,
  thread: i32,
  bins: usize,
  width: i32,
  indices: usize,
  count: i32,
  blockRows: i32,
  table: usize,
  lefts: usize,
  rights: usize,
  counts: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(count, begin + blockRows);
  const stride = <usize>width;
  let left = lefts + ((<usize>begin) << 2);
  let right = rights + ((<usize>begin) << 2);
  const first = left;
  for (let i = begin; i < end; i++) {
    const r = load<i32>(indices + ((<usize>i) << 2));
    const goesLeft = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>r * stride));
    store<i32>(left, r);
    store<i32>(right, r);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  store<i32>(counts + ((<usize>task) << 2), <i32>((left - first) >> 2));
}

/** Both in one, on the caller's thread: puts the left rows of `indices` before the right ones and returns their number. */
export function splitRows(bins: usize, width: i32, indices: usize, count: i32, table: usize, rights: usize): i32 {
  const stride = <usize>width;
  let left = indices;
  let right = rights;
  const end = indices + ((<usize>count) << 2);
  for (let at = indices; at < end; at += 4) {
    const r = load<i32>(at);
    const goesLeft = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>r * stride));
    // Never past the row just read.
    store<i32>(left, r);
    store<i32>(right, r);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  memory.copy(left, rights, right - rights);
  return <i32>((left - indices) >> 2);
}

/** Task: one block. Moves the block's left and right rows to where they belong in `indices`, given all blocks' `counts`. */
export function gatherRows(
  task: i32,
  thread: i32,
  indices: usize,
  count: i32,
  blockRows: i32,
  lefts: usize,
  rights: usize,
  counts: usize,
  blocks: i32,
): void {
  let before: i32 = 0;
  let all: i32 = 0;
  for (let b: i32 = 0; b < blocks; b++) {
    const here = load<i32>(counts + ((<usize>b) << 2));
    if (b < task) before += here;
    all += here;
  }
  const begin = task * blockRows;
  const mine = load<i32>(counts + ((<usize>task) << 2));
  const length = min<i32>(count, begin + blockRows) - begin;
  const from = (<usize>begin) << 2;
  memory.copy(indices + ((<usize>before) << 2), lefts + from, (<usize>mine) << 2);
  memory.copy(indices + ((<usize>(all + begin - before)) << 2), rights + from, (<usize>(length - mine)) << 2);
}

/** 0, 1, 2 ... */
export function listRows(indices: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i++) store<i32>(indices + ((<usize>i) << 2), i);
}

/** Task: one leaf `[begin, count, value]` of 16 bytes. Adds its value to the scores of its rows. */
export function addLeaves(task: i32, thread: i32, leaves: usize, indices: usize, scores: usize): void {
  const leaf = leaves + ((<usize>task) << 4);
  const begin = load<i32>(leaf);
  const count = load<i32>(leaf, 4);
  const value = load<f64>(leaf, 8);
  for (let i: i32 = 0; i < count; i++) {
    const at = scores + ((<usize>load<i32>(indices + ((<usize>(begin + i)) << 2))) << 3);
    store<f64>(at, load<f64>(at) + value);
  }
}
