/**
 * Sine and cosine of two float64 lanes by Taylor's series about the nearest right angle, for the same bytes on every platform; see
 * `elementary.ts`. Absolute error below 2e-16.
 */

/** Right angles are counted exactly up to 2^20 of them, see below. Beyond this angle both functions give 0. */
const LARGEST_ANGLE: f64 = 1048576;

/** Stores the sines and the cosines of both lanes. */
// @inline
export function sineCosine(x: v128, sine: usize, cosine: usize): void {
  const magic = f64x2.splat(6755399441055744.0); // 1.5 * 2^52: adding it rounds to an integer held in the low bits
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(0.6366197723675814)), magic);
  const k = f64x2.sub(shifted, magic);
  // A right angle in three parts of 33 bits: up to 20 bits of k times the first ones are exact.
  let r = f64x2.sub(x, f64x2.mul(k, f64x2.splat(1.5707963267341256)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(6.077100506303966e-11)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(2.0222662487959506e-21)));
  const q = f64x2.mul(r, r);
  let s = f64x2.splat(-7.647163731819816e-13);
  s = f64x2.add(f64x2.mul(s, q), f64x2.splat(1.6059043836821613e-10));
  s = f64x2.add(f64x2.mul(s, q), f64x2.splat(-2.505210838544172e-8));
  s = f64x2.add(f64x2.mul(s, q), f64x2.splat(2.7557319223985893e-6));
  s = f64x2.add(f64x2.mul(s, q), f64x2.splat(-1.984126984126984e-4));
  s = f64x2.add(f64x2.mul(s, q), f64x2.splat(8.333333333333333e-3));
  s = f64x2.add(f64x2.mul(s, q), f64x2.splat(-0.16666666666666666));
  s = f64x2.add(r, f64x2.mul(f64x2.mul(r, q), s));
  let c = f64x2.splat(4.779477332387385e-14);
  c = f64x2.add(f64x2.mul(c, q), f64x2.splat(-1.1470745597729725e-11));
  c = f64x2.add(f64x2.mul(c, q), f64x2.splat(2.08767569878681e-9));
  c = f64x2.add(f64x2.mul(c, q), f64x2.splat(-2.755731922398589e-7));
  c = f64x2.add(f64x2.mul(c, q), f64x2.splat(2.48015873015873e-5));
  c = f64x2.add(f64x2.mul(c, q), f64x2.splat(-1.388888888888889e-3));
  c = f64x2.add(f64x2.mul(c, q), f64x2.splat(4.1666666666666664e-2));
  c = f64x2.add(f64x2.mul(f64x2.mul(c, q), q), f64x2.sub(f64x2.splat(1), f64x2.mul(f64x2.splat(0.5), q)));
  const odd = i64x2.neg(v128.and(shifted, i64x2.splat(1)));
  const isAngle = f64x2.le(f64x2.abs(x), f64x2.splat(LARGEST_ANGLE));
  const sign = i64x2.splat(i64.MIN_VALUE);
  const sineSign = v128.and(i64x2.shl(shifted, 62), sign);
  const cosineSign = v128.and(i64x2.shl(i64x2.add(shifted, i64x2.splat(1)), 62), sign);
  v128.store(sine, v128.and(v128.xor(v128.bitselect(c, s, odd), sineSign), isAngle));
  v128.store(cosine, v128.and(v128.xor(v128.bitselect(s, c, odd), cosineSign), isAngle));
}

/** Kernel `angles`: sines and cosines of `count` values (even). For tests. */
export function angles(source: usize, sine: usize, cosine: usize, count: i32): void {
  for (let at: usize = 0; at < (<usize>count) << 3; at += 16)
    sineCosine(v128.load(source + at), sine + at, cosine + at);
}
