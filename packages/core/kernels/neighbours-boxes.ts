import { LEAF, Tree } from './neighbours-plan';

/**
 * Distance of a point from a node's box; squared for the Euclidean norm. Where `stride` is beyond the axes, the point's last
 * coordinate is 0, which all boxes hold.
 */
export function boxGap(tree: Tree, point: usize, node: i32): f64 {
  const bytes = (<usize>tree.stride) << 3;
  const box = tree.boxes + <usize>node * bytes * 2;
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    const x = v128.load(point + j);
    const outside = f64x2.pmax(f64x2.sub(v128.load(box + j), x), f64x2.sub(x, v128.load(box + bytes + j)));
    sum = wider(tree.norm, sum, f64x2.pmax(outside, f64x2.splat(0)));
  }
  return widthOf(tree.norm, sum);
}

/** A gap with those of two more axes; squared for the Euclidean norm. */
// @inline
export function wider(norm: i32, sum: v128, d: v128): v128 {
  if (norm == 0) return f64x2.add(sum, f64x2.mul(d, d));
  return norm == 1 ? f64x2.add(sum, d) : f64x2.pmax(sum, d);
}

/** The gap of even and odd axes together. */
// @inline
export function widthOf(norm: i32, sum: v128): f64 {
  const even = f64x2.extract_lane(sum, 0);
  const odd = f64x2.extract_lane(sum, 1);
  return norm == 2 ? Math.max(even, odd) : even + odd;
}

/** The largest of a leaf's reaches. */
export function farthestOf(reaches: usize): f64 {
  let most = v128.load(reaches);
  for (let i: usize = 16; i < <usize>LEAF * 4; i += 16) most = f32x4.pmax(most, v128.load(reaches + i));
  const a = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  return <f64>max(a, max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
}
