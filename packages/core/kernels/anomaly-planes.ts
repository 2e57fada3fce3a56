import { GROUP, gatherGroup, storeGroup } from './row-groups';

/** Detectors by moments: covariance, distance after whitening, distance from a plane. A task is a block of `blockRows` rows. */

/**
 * Task: sums of products of the columns less `centre`, the lower triangle row by row, into the block's own place among
 * `partials`. `scratch` holds for each thread the block, column after column; `blockRows` is a multiple of four.
 */
export function productSums(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  scratch: usize,
  scratchBytes: i32,
  partials: usize,
  centre: usize,
): void {
  const own = scratch + <usize>thread * <usize>scratchBytes;
  const begin = task * blockRows;
  const count = min<i32>(rows - begin, blockRows);
  const padded = (count + 3) & ~3;
  const length = (<usize>padded) << 3;
  const line = (<usize>columns) << 3;
  for (let j: usize = 0; j < <usize>columns; j++) {
    const to = own + j * length;
    const mean = load<f64>(centre + (j << 3));
    let from = x + <usize>begin * line + (j << 3);
    for (let i: usize = 0; i < <usize>count; i++) {
      store<f64>(to + (i << 3), load<f64>(from) - mean);
      from += line;
    }
    for (let i = <usize>count; i < <usize>padded; i++) store<f64>(to + (i << 3), 0);
  }
  let out = partials + (((<usize>task * <usize>columns * <usize>(columns + 1)) >> 1) << 3);
  for (let j: usize = 0; j < <usize>columns; j++) {
    const left = own + j * length;
    for (let k: usize = 0; k <= j; k++) {
      const right = own + k * length;
      let a = f64x2.splat(0);
      let b = a;
      for (let at: usize = 0; at < length; at += 32) {
        a = f64x2.add(a, f64x2.mul(v128.load(left + at), v128.load(right + at)));
        b = f64x2.add(b, f64x2.mul(v128.load(left + at, 16), v128.load(right + at, 16)));
      }
      const sum = f64x2.add(a, b);
      store<f64>(out, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
      out += 8;
    }
  }
}

/** Task: squared length of each row less `centre` in the coordinates of `rank` axes. `scratch` holds a group a thread. */
export function whitenedSquares(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  scratch: usize,
  scratchBytes: i32,
  target: usize,
  centre: usize,
  axes: usize,
  rank: i32,
): void {
  const group = scratch + <usize>thread * <usize>scratchBytes;
  const line = (<usize>columns) << 3;
  const end = min<i32>(rows, (task + 1) * blockRows);
  for (let first = task * blockRows; first < end; first += GROUP) {
    gatherGroup(x, rows, columns, first, centre, group);
    let a = f64x2.splat(0),
      b = a,
      c = a,
      d = a;
    for (let k: i32 = 0; k < rank; k++) {
      const axis = axes + <usize>k * line;
      let p = f64x2.splat(0),
        q = p,
        r = p,
        s = p;
      let from = group;
      for (let at: usize = 0; at < line; at += 8) {
        const slope = v128.load64_splat(axis + at);
        p = f64x2.add(p, f64x2.mul(slope, v128.load(from)));
        q = f64x2.add(q, f64x2.mul(slope, v128.load(from, 16)));
        r = f64x2.add(r, f64x2.mul(slope, v128.load(from, 32)));
        s = f64x2.add(s, f64x2.mul(slope, v128.load(from, 48)));
        from += 64;
      }
      a = f64x2.add(a, f64x2.mul(p, p));
      b = f64x2.add(b, f64x2.mul(q, q));
      c = f64x2.add(c, f64x2.mul(r, r));
      d = f64x2.add(d, f64x2.mul(s, s));
    }
    storeGroup(target, rows, first, a, b, c, d, group);
  }
}

/**
 * Task: length of what is left of each row, less `centre` and times `scales`, after `kept` orthonormal axes are taken out one
 * after the other. `scratch` holds a group a thread.
 */
export function planeDistances(
  task: i32,
  thread: i32,
  x: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  scratch: usize,
  scratchBytes: i32,
  target: usize,
  centre: usize,
  axes: usize,
  kept: i32,
  scales: usize,
): void {
  const group = scratch + <usize>thread * <usize>scratchBytes;
  const line = (<usize>columns) << 3;
  const zero = f64x2.splat(0);
  const end = min<i32>(rows, (task + 1) * blockRows);
  for (let first = task * blockRows; first < end; first += GROUP) {
    gatherGroup(x, rows, columns, first, centre, group);
    stretch(group, scales, line);
    for (let k: i32 = 0; k < kept; k++) {
      const axis = axes + <usize>k * line;
      let p = zero,
        q = zero,
        r = zero,
        s = zero;
      let from = group;
      for (let at: usize = 0; at < line; at += 8) {
        const slope = v128.load64_splat(axis + at);
        p = f64x2.add(p, f64x2.mul(slope, v128.load(from)));
        q = f64x2.add(q, f64x2.mul(slope, v128.load(from, 16)));
        r = f64x2.add(r, f64x2.mul(slope, v128.load(from, 32)));
        s = f64x2.add(s, f64x2.mul(slope, v128.load(from, 48)));
        from += 64;
      }
      takeOff(group, axis, line, p, q, r, s);
    }
    let a = zero,
      b = zero,
      c = zero,
      d = zero;
    for (let from = group; from < group + (line << 3); from += 64) {
      a = f64x2.add(a, f64x2.mul(v128.load(from), v128.load(from)));
      b = f64x2.add(b, f64x2.mul(v128.load(from, 16), v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(v128.load(from, 32), v128.load(from, 32)));
      d = f64x2.add(d, f64x2.mul(v128.load(from, 48), v128.load(from, 48)));
    }
    storeGroup(target, rows, first, f64x2.sqrt(a), f64x2.sqrt(b), f64x2.sqrt(c), f64x2.sqrt(d), group);
  }
}

/** Takes `axis` times p, q, r and s off the pairs of rows of a group. */
// @inline
function takeOff(group: usize, axis: usize, line: usize, p: v128, q: v128, r: v128, s: v128): void {
  let cell = group;
  for (let at: usize = 0; at < line; at += 8) {
    const slope = v128.load64_splat(axis + at);
    v128.store(cell, f64x2.sub(v128.load(cell), f64x2.mul(slope, p)));
    v128.store(cell, f64x2.sub(v128.load(cell, 16), f64x2.mul(slope, q)), 16);
    v128.store(cell, f64x2.sub(v128.load(cell, 32), f64x2.mul(slope, r)), 32);
    v128.store(cell, f64x2.sub(v128.load(cell, 48), f64x2.mul(slope, s)), 48);
    cell += 64;
  }
}

// @inline
function stretch(group: usize, scales: usize, line: usize): void {
  let cell = group;
  for (let at: usize = 0; at < line; at += 8) {
    const scale = v128.load64_splat(scales + at);
    for (let pair: usize = 0; pair < 64; pair += 16) {
      v128.store(cell + pair, f64x2.mul(scale, v128.load(cell + pair)));
    }
    cell += 64;
  }
}
