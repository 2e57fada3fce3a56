import { LEAF, Search, Tree } from './neighbours-plan';

/** Float32 filter distances and the limits they are held against; docs/neighbours.md proves that nothing near is lost. */

/** How far a distance reaches in the filter's norm, rounded up, but for the blurs of group and leaf. */
export function outerReach(tree: Tree, search: Search, distance: f64): f64 {
  const reach = search.metric == 1 ? Math.sqrt(distance) : distance;
  return (reach * tree.scale * tree.stretch + search.fuzz) * (1 + <f64>(tree.axes + 24) * 6e-8) * 1.0000002;
}

/** What filter distances (squared for the Euclidean norm) must not exceed, given a reach with all its blurs. */
export function limitOfReach(norm: i32, reach: f32): f32 {
  return (norm == 0 ? reach * reach : reach) * <f32>1.000001 + <f32>1e-36;
}

/** Filter distances of a query from a leaf's points go to `found`; false, and nothing there, if all exceed `limit`. */
export function leafDistances(tree: Tree, leaf: i32, local: usize, limit: f32, found: usize): bool {
  const axes = tree.axes;
  const panel = tree.panels + <usize>leaf * <usize>axes * LEAF * 4;
  if (tree.norm == 0) return squaredDistances(panel, axes, local, limit, found);
  if (tree.norm == 1) return absoluteDistances(panel, axes, local, limit, found);
  return largestDifferences(panel, axes, local, limit, found);
}

/** Distances of a query from the points of a panel, or false once all exceed `limit`: the first axes tell most. */
function squaredDistances(panel: usize, axes: i32, local: usize, limit: f32, found: usize): bool {
  const top = f32x4.splat(limit);
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = local + ((<usize>axes) << 4);
  while (local < end) {
    const stop = min<usize>(end, local + 64);
    while (local < stop) {
      const x = v128.load32_splat(local);
      let y: v128;
      y = f32x4.sub(v128.load(panel), x);
      a = f32x4.add(a, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 16), x);
      b = f32x4.add(b, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 32), x);
      c = f32x4.add(c, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 48), x);
      d = f32x4.add(d, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 64), x);
      e = f32x4.add(e, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 80), x);
      f = f32x4.add(f, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 96), x);
      g = f32x4.add(g, f32x4.mul(y, y));
      y = f32x4.sub(v128.load(panel, 112), x);
      h = f32x4.add(h, f32x4.mul(y, y));
      panel += 128;
      local += 16;
    }
    const least = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)),
      f32x4.pmin(f32x4.pmin(e, f), f32x4.pmin(g, h)),
    );
    if (!v128.any_true(f32x4.le(least, top))) return false;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return true;
}

/** As `squaredDistances`, in the Manhattan norm. */
function absoluteDistances(panel: usize, axes: i32, local: usize, limit: f32, found: usize): bool {
  const top = f32x4.splat(limit);
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = local + ((<usize>axes) << 4);
  while (local < end) {
    const stop = min<usize>(end, local + 64);
    while (local < stop) {
      const x = v128.load32_splat(local);
      a = f32x4.add(a, f32x4.abs(f32x4.sub(v128.load(panel), x)));
      b = f32x4.add(b, f32x4.abs(f32x4.sub(v128.load(panel, 16), x)));
      c = f32x4.add(c, f32x4.abs(f32x4.sub(v128.load(panel, 32), x)));
      d = f32x4.add(d, f32x4.abs(f32x4.sub(v128.load(panel, 48), x)));
      e = f32x4.add(e, f32x4.abs(f32x4.sub(v128.load(panel, 64), x)));
      f = f32x4.add(f, f32x4.abs(f32x4.sub(v128.load(panel, 80), x)));
      g = f32x4.add(g, f32x4.abs(f32x4.sub(v128.load(panel, 96), x)));
      h = f32x4.add(h, f32x4.abs(f32x4.sub(v128.load(panel, 112), x)));
      panel += 128;
      local += 16;
    }
    const least = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)),
      f32x4.pmin(f32x4.pmin(e, f), f32x4.pmin(g, h)),
    );
    if (!v128.any_true(f32x4.le(least, top))) return false;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return true;
}

/** As `squaredDistances`, in the Chebyshev norm. */
function largestDifferences(panel: usize, axes: i32, local: usize, limit: f32, found: usize): bool {
  const top = f32x4.splat(limit);
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = local + ((<usize>axes) << 4);
  while (local < end) {
    const stop = min<usize>(end, local + 64);
    while (local < stop) {
      const x = v128.load32_splat(local);
      a = f32x4.pmax(a, f32x4.abs(f32x4.sub(v128.load(panel), x)));
      b = f32x4.pmax(b, f32x4.abs(f32x4.sub(v128.load(panel, 16), x)));
      c = f32x4.pmax(c, f32x4.abs(f32x4.sub(v128.load(panel, 32), x)));
      d = f32x4.pmax(d, f32x4.abs(f32x4.sub(v128.load(panel, 48), x)));
      e = f32x4.pmax(e, f32x4.abs(f32x4.sub(v128.load(panel, 64), x)));
      f = f32x4.pmax(f, f32x4.abs(f32x4.sub(v128.load(panel, 80), x)));
      g = f32x4.pmax(g, f32x4.abs(f32x4.sub(v128.load(panel, 96), x)));
      h = f32x4.pmax(h, f32x4.abs(f32x4.sub(v128.load(panel, 112), x)));
      panel += 128;
      local += 16;
    }
    const least = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)),
      f32x4.pmin(f32x4.pmin(e, f), f32x4.pmin(g, h)),
    );
    if (!v128.any_true(f32x4.le(least, top))) return false;
  }
  v128.store(found, a);
  v128.store(found, b, 16);
  v128.store(found, c, 32);
  v128.store(found, d, 48);
  v128.store(found, e, 64);
  v128.store(found, f, 80);
  v128.store(found, g, 96);
  v128.store(found, h, 112);
  return true;
}

/** Bits of the numbers that are at most `limit`. */
export function atMost(found: usize, limit: f32): u32 {
  const top = f32x4.splat(limit);
  let bits: u32 = 0;
  for (let i: u32 = 0; i < <u32>LEAF; i += 4) {
    bits |= (<u32>i32x4.bitmask(f32x4.le(v128.load(found + ((<usize>i) << 2)), top))) << i;
  }
  return bits;
}
