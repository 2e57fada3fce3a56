/**
 * Rows of a row-major matrix in groups of eight, column after column, so that four pairs of rows run side by side in what
 * follows. Lanes never mix: what a row gives depends on that row alone.
 *
 * Inner products of a group's rows with an axis are written out in each kernel: a function gives one value, and four that go
 * through memory take up to an eighth more time, for sines and cosines a third.
 */
export const GROUP: i32 = 8;

/** Writes rows `first` to `first + 7`, less the `centre`, as a group; rows from `rows` on repeat the last one. */
// @inline
export function gatherGroup(x: usize, rows: i32, columns: i32, first: i32, centre: usize, group: usize): void {
  const line = (<usize>columns) << 3;
  for (let lane: i32 = 0; lane < GROUP; lane++) {
    let row = x + <usize>min<i32>(first + lane, rows - 1) * line;
    let to = group + ((<usize>lane) << 3);
    for (let at: usize = 0; at < line; at += 8) {
      store<f64>(to, load<f64>(row + at) - load<f64>(centre + at));
      to += 64;
    }
  }
}

/** Writes the values of a group's rows, four pairs, as far as there are rows. */
// @inline
export function storeGroup(
  target: usize,
  rows: i32,
  first: i32,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  spare: usize,
): void {
  const out = target + ((<usize>first) << 3);
  const left = rows - first;
  const to = left >= GROUP ? out : spare;
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
  if (left < GROUP) memory.copy(out, spare, (<usize>left) << 3);
}
