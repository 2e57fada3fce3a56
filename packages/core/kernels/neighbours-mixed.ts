import { keepNearest, sortNearest } from './neighbours-lists';
import { LEAF, Search } from './neighbours-plan';

/** Scaled numbers beyond this are brought to it in float32, which only lessens differences; as in src/neighbors/mixed-tree.ts. */
const FARTHEST: f64 = 1e18;

/**
 * Exact search over rows of numbers and categories. Columns add terms that are not negative: a number its scaled difference or the
 * square of it, a pair of categories a weight or an entry of a table, a missing value a fixed term.
 *
 * Points stand in leaves of 32. For each query a lower bound of the distance to every leaf is found first; then the nearest
 * leaf is searched, and the others whose bound allows it. Bounds are float32: differences are lessened by the largest error of
 * their column, and limits enlarged by that of the sum, so that nothing near is lost. What passes is summed in float64.
 */
@unmanaged
export class Mixed {
  points: i32;
  leaves: i32;
  numbers: i32;
  categories: i32;
  /** 0 root of the sum, 1 the sum, 2 the sum divided by the weight of the columns present in both. */
  kind: i32;
  /** 1 if numbers add squares. */
  squared: i32;
  /** 1 if columns missing in either row are left out. */
  skips: i32;
  /** Original numbers `points × numbers`, and codes `points × categories`, -1 missing. */
  values: usize;
  codes: usize;
  /** Per column of numbers: what stands for 0 in float32, scale, weight, float32 error. */
  middles: usize;
  scales: usize;
  weights: usize;
  errors: usize;
  /** Per column of categories: weight, address of a table of (1 + codes)^2 numbers or 0, its side. */
  mismatches: usize;
  tables: usize;
  sides: usize;
  /** Leaf after leaf, column after column, LEAF numbers: float32 scaled numbers, then codes. */
  panels: usize;
  /** As panels, but 32 leaves stand where 32 points do: lower and upper scaled numbers, then codes, -2 where they differ. */
  boxes: usize;
  starts: usize;
  members: usize;
  /** What a missing value adds; nothing where columns are left out. */
  missing: f64;
  /** Weight of all columns. */
  total: f64;
}

/** Task: one query; codes of queries stand at `codes`, `count × categories`. Scratch a thread: `leaves` numbers of 4 bytes, rounded up to LEAF, and a panel. */
export function searchMixed(task: i32, thread: i32, plan: usize, search: usize, codes: usize): void {
  const mixed = changetype<Mixed>(plan);
  const wanted = changetype<Search>(search);
  const bounds = wanted.scratch + <usize>thread * <usize>wanted.scratchBytes;
  const blocks = (mixed.leaves + LEAF - 1) / LEAF;
  const found = bounds + <usize>blocks * LEAF * 4;
  const x = wanted.queries + ((<usize>task * <usize>mixed.numbers) << 3);
  const c = codes + ((<usize>task * <usize>mixed.categories) << 2);
  for (let block: i32 = 0; block < blocks; block++)
    boundLeaves(mixed, x, c, block, bounds + ((<usize>block * LEAF) << 2));
  let nearest: i32 = 0;
  for (let leaf: i32 = 1; leaf < mixed.leaves; leaf++) {
    if (load<f32>(bounds + ((<usize>leaf) << 2)) < load<f32>(bounds + ((<usize>nearest) << 2))) nearest = leaf;
  }
  searchLeaf(mixed, wanted, x, c, task, nearest, found);
  let limit = limitOf(mixed, wanted, task);
  for (let leaf: i32 = 0; leaf < mixed.leaves; leaf++) {
    if (leaf == nearest || !(load<f32>(bounds + ((<usize>leaf) << 2)) <= limit)) continue;
    searchLeaf(mixed, wanted, x, c, task, leaf, found);
    limit = limitOf(mixed, wanted, task);
  }
  if (wanted.kind != 2) return;
  const cursor = <usize>load<f64>(wanted.offsets + ((<usize>task) << 3));
  const begin = <usize>load<f64>(wanted.offsets + ((<usize>(wanted.count + task)) << 3));
  sortNearest(wanted.distances + (begin << 3), wanted.indices + (begin << 2), <i32>(cursor - begin));
}

/** The largest sum that float32 terms of a row that is near enough can have. */
function limitOf(mixed: Mixed, search: Search, query: i32): f32 {
  let reach = search.radius;
  if (search.kind == 0) reach = load<f64>(search.distances + ((<usize>(query + 1) * <usize>search.k) << 3) - 8);
  if (mixed.kind == 0) reach *= reach;
  else if (mixed.kind == 2) reach *= mixed.total;
  return <f32>(reach * (1 + <f64>(mixed.numbers + mixed.categories + 16) * 1.3e-7) + 1e-36);
}

// @inline
function valueTerm(squared: i32, d: v128, weight: v128, missing: v128): v128 {
  const positive = f32x4.pmax(d, f32x4.splat(0));
  const term = f32x4.mul(squared ? f32x4.mul(positive, positive) : positive, weight);
  return v128.bitselect(term, missing, f32x4.eq(d, d));
}

function boundLeaves(mixed: Mixed, x: usize, c: usize, block: i32, bounds: usize): void {
  const numbers = mixed.numbers;
  const panel = mixed.boxes + <usize>block * <usize>(2 * numbers + mixed.categories) * LEAF * 4;
  const missing = f32x4.splat(<f32>mixed.missing);
  for (let r: usize = 0; r < <usize>LEAF * 4; r += 16) v128.store(bounds + r, f32x4.splat(0));
  for (let j: usize = 0; j < <usize>numbers; j++) {
    const q = f32x4.splat(local(mixed, x, j));
    const error = v128.load32_splat(mixed.errors + (j << 2));
    const weight = f32x4.splat(<f32>load<f64>(mixed.weights + (j << 3)));
    const lower = panel + 2 * j * LEAF * 4;
    for (let r: usize = 0; r < <usize>LEAF * 4; r += 16) {
      const below = f32x4.sub(v128.load(lower + r), q);
      const above = f32x4.sub(q, v128.load(lower + LEAF * 4 + r));
      const term = valueTerm(mixed.squared, f32x4.sub(f32x4.pmax(above, below), error), weight, missing);
      v128.store(bounds + r, f32x4.add(v128.load(bounds + r), term));
    }
  }
  const codes = panel + 2 * <usize>numbers * LEAF * 4;
  for (let j: i32 = 0; j < mixed.categories; j++) addCodes(mixed, c, j, codes + <usize>j * LEAF * 4, bounds);
}

// @inline
function local(mixed: Mixed, x: usize, j: usize): f32 {
  const middle = load<f64>(mixed.middles + (j << 3));
  const value = (load<f64>(x + (j << 3)) - middle) * load<f64>(mixed.scales + (j << 3));
  return value > FARTHEST ? <f32>FARTHEST : value < -FARTHEST ? <f32>-FARTHEST : <f32>value;
}

/** Adds the terms of one column of categories to 32 sums. */
function addCodes(mixed: Mixed, c: usize, j: i32, codes: usize, sums: usize): void {
  const code = load<i32>(c + ((<usize>j) << 2));
  const table = <usize>load<i32>(mixed.tables + ((<usize>j) << 2));
  const missing = f32x4.splat(<f32>mixed.missing);
  if (table) {
    const line = table + ((<usize>(code + 1) * <usize>load<i32>(mixed.sides + ((<usize>j) << 2))) << 3);
    for (let r: usize = 0; r < <usize>LEAF * 4; r += 4) {
      const other = load<i32>(codes + r);
      if (other >= -1) store<f32>(sums + r, load<f32>(sums + r) + <f32>load<f64>(line + ((<usize>(other + 1)) << 3)));
    }
    return;
  }
  const weight = f32x4.splat(<f32>load<f64>(mixed.mismatches + ((<usize>j) << 3)));
  const same = i32x4.splat(code);
  for (let r: usize = 0; r < <usize>LEAF * 4; r += 16) {
    const others = v128.load(codes + r);
    let term = v128.andnot(weight, i32x4.eq(others, same));
    if (code == -1) term = missing;
    else term = v128.bitselect(missing, term, i32x4.eq(others, i32x4.splat(-1)));
    term = v128.andnot(term, i32x4.eq(others, i32x4.splat(-2)));
    v128.store(sums + r, f32x4.add(v128.load(sums + r), term));
  }
}

function searchLeaf(mixed: Mixed, search: Search, x: usize, c: usize, query: i32, leaf: i32, found: usize): void {
  const limit = limitOf(mixed, search, query);
  const top = f32x4.splat(limit);
  const numbers = mixed.numbers;
  const panel = mixed.panels + <usize>leaf * <usize>(numbers + mixed.categories) * LEAF * 4;
  const missing = f32x4.splat(<f32>mixed.missing);
  for (let r: usize = 0; r < <usize>LEAF * 4; r += 16) v128.store(found + r, f32x4.splat(0));
  for (let j: usize = 0; j < <usize>numbers; j++) {
    const q = f32x4.splat(local(mixed, x, j));
    const error = v128.load32_splat(mixed.errors + (j << 2));
    const weight = f32x4.splat(<f32>load<f64>(mixed.weights + (j << 3)));
    const line = panel + j * LEAF * 4;
    let near = f32x4.splat(0);
    for (let r: usize = 0; r < <usize>LEAF * 4; r += 16) {
      const d = f32x4.sub(f32x4.abs(f32x4.sub(v128.load(line + r), q)), error);
      const sum = f32x4.add(v128.load(found + r), valueTerm(mixed.squared, d, weight, missing));
      near = v128.or(near, f32x4.le(sum, top));
      v128.store(found + r, sum);
    }
    if (!v128.any_true(near)) return;
  }
  const codes = panel + <usize>numbers * LEAF * 4;
  for (let j: i32 = 0; j < mixed.categories; j++) addCodes(mixed, c, j, codes + <usize>j * LEAF * 4, found);
  const count = min<i32>(LEAF, mixed.points - leaf * LEAF);
  for (let r: i32 = 0; r < count; r++) {
    if (load<f32>(found + ((<usize>r) << 2)) <= limit) keepPoint(mixed, search, x, c, query, leaf * LEAF + r);
  }
}

/** The distance from its definition: numbers in order, then categories in order. */
function measureMixed(mixed: Mixed, x: usize, c: usize, point: i32): f64 {
  const y = mixed.values + ((<usize>point * <usize>mixed.numbers) << 3);
  const d = mixed.codes + ((<usize>point * <usize>mixed.categories) << 2);
  let sum: f64 = 0;
  let present: f64 = 0;
  for (let j: usize = 0; j < (<usize>mixed.numbers) << 3; j += 8) {
    const difference = Math.abs(load<f64>(x + j) - load<f64>(y + j)) * load<f64>(mixed.scales + j);
    const weight = load<f64>(mixed.weights + j);
    if (difference != difference) {
      sum += mixed.missing;
      continue;
    }
    sum += (mixed.squared ? difference * difference : difference) * weight;
    present += weight;
  }
  for (let j: usize = 0; j < (<usize>mixed.categories) << 2; j += 4) {
    const a = load<i32>(c + j);
    const b = load<i32>(d + j);
    const weight = load<f64>(mixed.mismatches + 2 * j);
    const table = <usize>load<i32>(mixed.tables + j);
    if (a < 0 || b < 0) {
      sum += mixed.missing;
      continue;
    }
    if (table) sum += load<f64>(table + ((<usize>(a + 1) * <usize>load<i32>(mixed.sides + j) + <usize>(b + 1)) << 3));
    else if (a != b) sum += weight;
    present += weight;
  }
  if (mixed.kind == 0) return Math.sqrt(sum);
  if (mixed.kind == 1) return sum;
  return present > 0 ? sum / present : 1;
}

function keepPoint(mixed: Mixed, search: Search, x: usize, c: usize, query: i32, point: i32): void {
  const d = measureMixed(mixed, x, c, point);
  const begin = load<i32>(mixed.starts + ((<usize>point) << 2));
  const end = load<i32>(mixed.starts + ((<usize>point) << 2), 4);
  if (search.kind == 0) {
    const best = search.distances + ((<usize>query * <usize>search.k) << 3);
    const ids = search.indices + ((<usize>query * <usize>search.k) << 2);
    for (let m = begin; m < end; m++) {
      if (!keepNearest(best, ids, search.k, d, load<i32>(mixed.members + ((<usize>m) << 2)))) return;
    }
    return;
  }
  if (d > search.radius) return;
  const cursor = search.offsets + ((<usize>query) << 3);
  const place = <usize>load<f64>(cursor);
  store<f64>(cursor, <f64>(place + (end - begin)));
  if (search.kind == 1) return;
  for (let m = begin; m < end; m++) {
    const at = place + <usize>(m - begin);
    store<f64>(search.distances + (at << 3), d);
    store<i32>(search.indices + (at << 2), load<i32>(mixed.members + ((<usize>m) << 2)));
  }
}
