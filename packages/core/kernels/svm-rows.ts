import { expPair } from './elementary';

/**
 * Kernel of one row with others, for support vector machines. Rows lie in blocks of eight, each block column after column, so
 * that eight sums run side by side; each is added in the order of the columns, whatever the block.
 */

/**
 * Kernel of `row` (`columns` values side by side) with the rows of the blocks `from` to `to - 1`, eight values a block from
 * `target` on. With `halves` 0 the inner product, else exp(x.z - half - halves[z]).
 */
// @inline
export function kernelBlocks(
  row: usize,
  columns: i32,
  half: f64,
  cells: usize,
  halves: usize,
  target: usize,
  from: i32,
  to: i32,
): void {
  const block = (<usize>columns) << 6;
  const end = row + ((<usize>columns) << 3);
  const own = f64x2.splat(half);
  let p = cells + <usize>from * block;
  let out = target + ((<usize>from) << 6);
  let h = halves + ((<usize>from) << 6);
  for (let block: i32 = from; block < to; block++) {
    let a = f64x2.splat(0),
      b = a,
      c = a,
      d = a;
    for (let r = row; r < end; r += 8) {
      const x = v128.load64_splat(r);
      a = f64x2.add(a, f64x2.mul(x, v128.load(p)));
      b = f64x2.add(b, f64x2.mul(x, v128.load(p, 16)));
      c = f64x2.add(c, f64x2.mul(x, v128.load(p, 32)));
      d = f64x2.add(d, f64x2.mul(x, v128.load(p, 48)));
      p += 64;
    }
    if (halves != 0) {
      a = expPair(f64x2.sub(f64x2.sub(a, own), v128.load(h)));
      b = expPair(f64x2.sub(f64x2.sub(b, own), v128.load(h, 16)));
      c = expPair(f64x2.sub(f64x2.sub(c, own), v128.load(h, 32)));
      d = expPair(f64x2.sub(f64x2.sub(d, own), v128.load(h, 48)));
      h += 64;
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    out += 64;
  }
}

/** Where the first cell of a row stands; the next ones follow 64 bytes apart. */
// @inline
export function cellsOf(cells: usize, columns: i32, row: i32): usize {
  return cells + ((<usize>(row >> 3) * <usize>columns) << 6) + ((<usize>(row & 7)) << 3);
}

/** Copies a row out of its block. */
// @inline
export function gatherRow(cells: usize, columns: i32, row: i32, target: usize): void {
  let p = cellsOf(cells, columns, row);
  for (let j: usize = 0; j < <usize>columns; j++) {
    store<f64>(target + (j << 3), load<f64>(p));
    p += 64;
  }
}

/** Kernel `svmKernels`: kernel of one row of blocks with the blocks `from` to `to - 1` of others; `scratch` holds a row. */
export function svmKernels(
  left: usize,
  i: i32,
  half: f64,
  columns: i32,
  scratch: usize,
  cells: usize,
  halves: usize,
  target: usize,
  from: i32,
  to: i32,
): void {
  gatherRow(left, columns, i, scratch);
  kernelBlocks(scratch, columns, half, cells, halves, target, from, to);
}
