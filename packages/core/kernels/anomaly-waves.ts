import { GROUP, gatherGroup, storeGroup } from './row-groups';
import { sineCosine } from './trigonometric';

/**
 * Random Fourier features: cosine and sine of each of `waves` inner products of a row with frequencies. Weights are those of the
 * cosines, then those of the sines.
 */

/**
 * Task: a block of rows; the sum of weight times feature of each row. `frequencies` is waves x columns. `scratch` holds for
 * each thread a group and a sine and a cosine for each of its rows.
 */
export function waveProducts(
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
  frequencies: usize,
  waves: i32,
  weights: usize,
): void {
  const sines = scratch + <usize>thread * <usize>scratchBytes;
  const cosines = sines + 64;
  const group = cosines + 64;
  const line = (<usize>columns) << 3;
  const toSines = (<usize>waves) << 3;
  const end = min<i32>(rows, (task + 1) * blockRows);
  for (let first = task * blockRows; first < end; first += GROUP) {
    gatherGroup(x, rows, columns, first, centre, group);
    let a = f64x2.splat(0),
      b = a,
      c = a,
      d = a;
    for (let k: usize = 0; k < <usize>waves; k++) {
      const wave = frequencies + k * line;
      let p = f64x2.splat(0),
        q = p,
        r = p,
        s = p;
      let from = group;
      for (let at: usize = 0; at < line; at += 8) {
        const slope = v128.load64_splat(wave + at);
        p = f64x2.add(p, f64x2.mul(slope, v128.load(from)));
        q = f64x2.add(q, f64x2.mul(slope, v128.load(from, 16)));
        r = f64x2.add(r, f64x2.mul(slope, v128.load(from, 32)));
        s = f64x2.add(s, f64x2.mul(slope, v128.load(from, 48)));
        from += 64;
      }
      sineCosine(p, sines, cosines);
      sineCosine(q, sines + 16, cosines + 16);
      sineCosine(r, sines + 32, cosines + 32);
      sineCosine(s, sines + 48, cosines + 48);
      const even = v128.load64_splat(weights + (k << 3));
      const odd = v128.load64_splat(weights + toSines + (k << 3));
      a = f64x2.add(a, f64x2.add(f64x2.mul(even, v128.load(cosines)), f64x2.mul(odd, v128.load(sines))));
      b = f64x2.add(b, f64x2.add(f64x2.mul(even, v128.load(cosines, 16)), f64x2.mul(odd, v128.load(sines, 16))));
      c = f64x2.add(c, f64x2.add(f64x2.mul(even, v128.load(cosines, 32)), f64x2.mul(odd, v128.load(sines, 32))));
      d = f64x2.add(d, f64x2.add(f64x2.mul(even, v128.load(cosines, 48)), f64x2.mul(odd, v128.load(sines, 48))));
    }
    storeGroup(target, rows, first, a, b, c, d, sines);
  }
}

/**
 * Kernel `waveDescent`: steps of stochastic descent, one a row, for
 *
 *     nu |w|² / 2 - nu r + mean max(0, r - w.z)
 *
 * with steps of 1 / (nu t). `frequencies` is columns x waves, waves even; features are multiplied by `sizes`, one a wave. `state`
 * holds r. From step `averaged` on, `mean` becomes the mean of w. `features` holds cosines, then sines.
 */
export function waveDescent(
  x: usize,
  rows: i32,
  columns: i32,
  frequencies: usize,
  waves: i32,
  sizes: usize,
  features: usize,
  w: usize,
  mean: usize,
  state: usize,
  firstStep: i32,
  averaged: i32,
  nu: f64,
): void {
  const line = (<usize>waves) << 3;
  let offset = load<f64>(state);
  for (let i: i32 = 0; i < rows; i++) {
    const step = firstStep + i;
    const row = x + <usize>i * ((<usize>columns) << 3);
    const product = writeFeatures(row, columns, frequencies, line, sizes, features, w);
    // The first steps would be of length 1 / nu: far beyond where w.z, at most |w|, can lie.
    const rate = 1 / (nu * (f64(step + 1) + 1 / nu));
    const outside: f64 = product < offset ? 1 : 0;
    const shrink = f64x2.splat(1 - rate * nu);
    const grow = f64x2.splat(rate * outside);
    const share = f64x2.splat(step >= averaged ? 1 / f64(step - averaged + 1) : 0);
    for (let at: usize = 0; at < 2 * line; at += 16) {
      const moved = f64x2.add(f64x2.mul(shrink, v128.load(w + at)), f64x2.mul(grow, v128.load(features + at)));
      v128.store(w + at, moved);
      const before = v128.load(mean + at);
      v128.store(mean + at, f64x2.add(before, f64x2.mul(share, f64x2.sub(moved, before))));
    }
    offset += rate * (nu - outside);
  }
  store<f64>(state, offset);
}

/** Writes the features of one row and gives their product with the weights. */
// @inline
function writeFeatures(
  row: usize,
  columns: i32,
  frequencies: usize,
  line: usize,
  sizes: usize,
  features: usize,
  w: usize,
): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < line; at += 16) {
    let angle = f64x2.splat(0);
    let from = frequencies + at;
    for (let j: usize = 0; j < (<usize>columns) << 3; j += 8) {
      angle = f64x2.add(angle, f64x2.mul(v128.load64_splat(row + j), v128.load(from)));
      from += line;
    }
    const cosines = features + at;
    const sines = cosines + line;
    sineCosine(angle, sines, cosines);
    const size = v128.load(sizes + at);
    const even = f64x2.mul(size, v128.load(cosines));
    const odd = f64x2.mul(size, v128.load(sines));
    v128.store(cosines, even);
    v128.store(sines, odd);
    sum = f64x2.add(sum, f64x2.mul(even, v128.load(w + at)));
    sum = f64x2.add(sum, f64x2.mul(odd, v128.load(w + line + at)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
