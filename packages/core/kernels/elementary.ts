/**
 * Exponential and logarithm of two float64 lanes.
 *
 * Own polynomials and not the engine's, so that results have the same bytes on every platform. Both lanes go through
 * the same operations whatever the other lane holds. Error below 1 ulp on the ranges named.
 */

/** e^x of each lane, for x from -708 to 709 (clamped below: probabilities bottom out near 3e-308). */
// @inline
export function expPair(x: v128): v128 {
  const clamped = f64x2.pmax(x, f64x2.splat(-708.0));
  const magic = f64x2.splat(6755399441055744.0); // 1.5 * 2^52: adding it rounds to an integer held in the low bits
  const shifted = f64x2.add(f64x2.mul(clamped, f64x2.splat(1.4426950408889634)), magic);
  const k = f64x2.sub(shifted, magic);
  const high = f64x2.sub(clamped, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  const r = f64x2.sub(high, f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  let p = f64x2.splat(1.6059043836821613e-10);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.08767569878681e-9));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.505210838544172e-8));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.755731922398589e-7));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.7557319223985893e-6));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.48015873015873e-5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.984126984126984e-4));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.388888888888889e-3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(8.333333333333333e-3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(4.1666666666666664e-2));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.6666666666666666e-1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0));
  return i64x2.add(p, i64x2.shl(shifted, 52));
}

/** log(x) of each lane, for normal positive x. */
// @inline
export function logPair(x: v128): v128 {
  const biased = v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000));
  let exponent = f64x2.sub(biased, f64x2.splat(4503599627371519.0)); // 2^52 + 1023
  let mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const large = f64x2.gt(mantissa, f64x2.splat(1.4142135623730951));
  mantissa = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, large);
  exponent = f64x2.add(exponent, v128.and(large, f64x2.splat(1.0)));
  const f = f64x2.sub(mantissa, f64x2.splat(1.0));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2.0)));
  const q = f64x2.mul(s, s);
  let p = f64x2.splat(1.0 / 23.0);
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 21.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 19.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 17.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 15.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 13.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 11.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 9.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 7.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 5.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 3.0));
  const twice = f64x2.add(s, s);
  const tail = f64x2.add(f64x2.mul(f64x2.mul(twice, q), p), f64x2.mul(exponent, f64x2.splat(1.9082149292705877e-10)));
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(0.6931471803691238)), f64x2.add(twice, tail));
}

/** log(1 + e) of each lane, for e from 0 to 1, exact to rounding also for tiny e. */
// @inline
export function log1pPair(e: v128): v128 {
  // log(1 + e) = 2 atanh(s) with s = e / (2 + e) <= 1/3; halving once more by 1 + e > sqrt(2) would cost a branch.
  const s = f64x2.div(e, f64x2.add(e, f64x2.splat(2.0)));
  const q = f64x2.mul(s, s);
  let p = f64x2.splat(1.0 / 33.0);
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 31.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 29.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 27.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 25.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 23.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 21.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 19.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 17.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 15.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 13.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 11.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 9.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 7.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 5.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(1.0 / 3.0));
  const twice = f64x2.add(s, s);
  return f64x2.add(twice, f64x2.mul(f64x2.mul(twice, q), p));
}

/** Kernel `elementary`: applies function 0 exp, 1 log, 2 log1p to `count` values (even). For tests and small jobs. */
export function elementary(task: i32, thread: i32, which: i32, source: usize, target: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i += 2) {
    const x = v128.load(source + ((<usize>i) << 3));
    const y = which == 0 ? expPair(x) : which == 1 ? logPair(x) : log1pPair(x);
    v128.store(target + ((<usize>i) << 3), y);
  }
}
