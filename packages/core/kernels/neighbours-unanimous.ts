import { measureRows } from './neighbours-distance';
import { atMost, leafDistances, limitOfReach } from './neighbours-filter';
import { Group, gap, offset, openGroup, reachOf } from './neighbours-group';
import { ENTRY, LEAF, Search, Tree } from './neighbours-plan';
import { boxDistances, limitsOf, measurePoints, placeFour, placeShift, smallest } from './neighbours-scan';
import { push } from './neighbours-tree-search';

/**
 * Which points have k rows of their own class nearer than any row of another class: then their k nearest rows are of their
 * class, whichever they are.
 *
 * The k rows are sought in the point's own leaf and the leaf beside it; how far they are bounds the search for a row of another
 * class, which passes over nodes that hold the point's class alone. What is not found so is not said to be otherwise.
 */

/** Class of points whose members are of several classes, and of nodes whose points are. */
const MIXED: i32 = -1;
/** Leaves, a power of two, in which rows of the own class are sought. */
const LEAVES: i32 = 2;

/**
 * Task: one group of queries, each a point of the tree (`places`). Lists of `search` receive rows of the own class, the point's own among
 * them; `certain`, one byte a query, is set to 1 where no other row is as near as the last of the list.
 */
export function unanimousNeighbours(
  task: i32,
  thread: i32,
  plan: usize,
  search: usize,
  labels: usize,
  nodeLabels: usize,
  places: usize,
  certain: usize,
): void {
  const tree = changetype<Tree>(plan);
  const wanted = changetype<Search>(search);
  const first = task * LEAF;
  const count = min<i32>(LEAF, wanted.count - first);
  const group = openGroup(tree, wanted, task, thread);
  for (let l: i32 = 0; l < LEAVES; l++) listFriends(tree, wanted, group, l, labels, places);
  // What has no full list is out: a reach that is no number lets nothing pass.
  for (let i: i32 = 0; i < count; i++) {
    const reach = reachOf(tree, wanted, group, first + i);
    store<f32>(group.reaches + ((<usize>i) << 2), reach < Infinity ? reach : NaN);
  }
  measureLeft(tree, group);
  seekOthers(tree, wanted, group, labels, nodeLabels, places);
  for (let i: i32 = 0; i < count; i++) {
    const reach = load<f32>(group.reaches + ((<usize>i) << 2));
    store<u8>(certain + <usize>(first + i), reach == reach ? 1 : 0);
  }
}

/** Measures, of the points of one of the leaves about each query, those of its class that look nearest. */
function listFriends(tree: Tree, search: Search, group: Group, l: i32, labels: usize, places: usize): void {
  let leaf: i32 = -1;
  let four: i32 = -1;
  let own: i32 = MIXED;
  let friends: u32 = 0;
  for (let i: i32 = 0; i < group.count; i++) {
    const query = group.first + i;
    const place = load<i32>(places + ((<usize>query) << 2));
    const label = load<i32>(labels + ((<usize>place) << 2));
    const next = (place / (LEAF * LEAVES)) * LEAVES + l;
    if (label == MIXED || next >= tree.leaves) continue;
    if (next != leaf) placeShift(tree, group, next);
    if (next != leaf || i >> 2 != four) placeFour(tree, group, i & ~3);
    if (next != leaf || label != own) friends = withLabel(tree, next, label, labels);
    leaf = next;
    four = i >> 2;
    own = label;
    const reach = reachOf(tree, search, group, query) + load<f32>(tree.blurs + ((<usize>leaf) << 2));
    const limit = limitOfReach(tree.norm, reach);
    if (!leafDistances(tree, leaf, group.locals + ((<usize>(i & 3)) << 2), limit, group.found)) continue;
    let likely = friends & atMost(group.found, limit);
    if (<i32>popcnt(likely) > search.k) likely &= atMost(group.found, smallest(group.found, likely, search.k));
    measurePoints(tree, search, leaf, query, likely);
  }
}

/** The largest reach of the queries that are still in question; negative if none is. */
function measureLeft(tree: Tree, group: Group): void {
  let most: f64 = -1;
  for (let i: usize = 0; i < <usize>group.count; i++) {
    const reach = <f64>load<f32>(group.reaches + (i << 2));
    if (reach > most) most = reach;
  }
  group.farthest = tree.norm == 0 && most > 0 ? most * most : most;
}

/** The one class of the queries in question, or MIXED. */
function labelOf(group: Group, labels: usize, places: usize): i32 {
  let label: i32 = MIXED;
  for (let i: i32 = 0; i < group.count; i++) {
    const reach = load<f32>(group.reaches + ((<usize>i) << 2));
    if (reach != reach) continue;
    const own = labelAt(group.first + i, labels, places);
    if (label == MIXED) label = own;
    else if (label != own) return MIXED;
  }
  return label;
}

// @inline
function labelAt(query: i32, labels: usize, places: usize): i32 {
  return load<i32>(labels + ((<usize>load<i32>(places + ((<usize>query) << 2))) << 2));
}

function seekOthers(tree: Tree, search: Search, group: Group, labels: usize, nodeLabels: usize, places: usize): void {
  const stack = group.stack;
  const own = labelOf(group, labels, places);
  let top: usize = stack;
  push(top, 0, 0, tree.leaves, 0);
  top += ENTRY;
  while (top > stack) {
    top -= ENTRY;
    if (load<f64>(top, 16) > group.farthest) continue;
    const node = load<i32>(top);
    const label = load<i32>(nodeLabels + ((<usize>node) << 2));
    if (label != MIXED && label == own) continue;
    const a = load<i32>(top, 4);
    const b = load<i32>(top, 8);
    if (b - a == 1) {
      if (meetLeaf(tree, search, group, a, label, labels, places)) measureLeft(tree, group);
      continue;
    }
    const middle = (a + b) >> 1;
    const left = node + 1;
    const right = node + 2 * (middle - a);
    const leftGap = gap(tree, group, left);
    const rightGap = gap(tree, group, right);
    const leftFirst =
      leftGap < rightGap || (leftGap == rightGap && offset(tree, group, left) <= offset(tree, group, right));
    if (leftFirst) {
      push(top, right, middle, b, rightGap);
      push(top + ENTRY, left, a, middle, leftGap);
    } else {
      push(top, left, a, middle, leftGap);
      push(top + ENTRY, right, middle, b, rightGap);
    }
    top += 2 * ENTRY;
  }
}

/** Takes the queries that reach a row of another class out of the question; true if there were any. */
function meetLeaf(tree: Tree, search: Search, group: Group, leaf: i32, label: i32, labels: usize, places: usize): bool {
  placeShift(tree, group, leaf);
  const leafBlur = load<f32>(tree.blurs + ((<usize>leaf) << 2));
  const blur = f32x4.splat(leafBlur);
  const half = tree.halves + ((<usize>leaf * <usize>tree.axes) << 2);
  if (!boxDistances(tree, group, half, blur)) return false;
  let changed = false;
  let known: i32 = MIXED;
  let others: u32 = 0;
  for (let i: i32 = 0; i < group.count; i += 4) {
    const at = (<usize>i) << 2;
    const limits = limitsOf(tree.norm, f32x4.add(v128.load(group.reaches + at), blur));
    let near = i32x4.bitmask(f32x4.le(v128.load(group.boxes + at), limits));
    if (!near) continue;
    placeFour(tree, group, i);
    while (near) {
      const lane = <i32>ctz(near);
      near &= near - 1;
      const own = labelAt(group.first + i + lane, labels, places);
      if (own == label) continue;
      if (own != known) {
        known = own;
        others = everyPoint(tree, leaf) & ~withLabel(tree, leaf, own, labels);
      }
      const slot = group.reaches + ((<usize>(i + lane)) << 2);
      const limit = limitOfReach(tree.norm, load<f32>(slot) + leafBlur);
      if (!leafDistances(tree, leaf, group.locals + ((<usize>lane) << 2), limit, group.found)) continue;
      const passed = atMost(group.found, limit) & others;
      if (!passed || !meetPoints(tree, search, leaf, group.first + i + lane, passed)) continue;
      store<f32>(slot, NaN);
      changed = true;
    }
  }
  return changed;
}

/** Bits of a leaf's points that are of the class. */
function withLabel(tree: Tree, leaf: i32, label: i32, labels: usize): u32 {
  const first = leaf * LEAF;
  const count = min<i32>(LEAF, tree.points - first);
  let bits: u32 = 0;
  for (let r: i32 = 0; r < count; r++) {
    if (load<i32>(labels + ((<usize>(first + r)) << 2)) == label) bits |= 1 << r;
  }
  return bits;
}

/** Bits of a leaf's points. */
// @inline
function everyPoint(tree: Tree, leaf: i32): u32 {
  const count = min<i32>(LEAF, tree.points - leaf * LEAF);
  return count == LEAF ? 0xffffffff : (1 << count) - 1;
}

/** True if one of the points is as near as the last of the query's list. */
function meetPoints(tree: Tree, search: Search, leaf: i32, query: i32, passed: u32): bool {
  const bytes = (<usize>tree.columns) << 3;
  const x = search.queries + <usize>query * bytes;
  const reach = load<f64>(search.distances + ((<usize>(query + 1) * <usize>search.k) << 3) - 8);
  for (; passed; passed &= passed - 1) {
    const point = leaf * LEAF + <i32>ctz(passed);
    const d = measureRows(search.metric, search.power, x, tree.rows + <usize>point * bytes, tree.columns);
    if (d <= reach) return true;
  }
  return false;
}
