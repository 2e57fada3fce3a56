import { boxGap, farthestOf } from './neighbours-boxes';
import { measureRows } from './neighbours-distance';
import { leafDistances, limitOfReach, outerReach } from './neighbours-filter';
import { LEAF, Search, Tree } from './neighbours-plan';
import { projectRow } from './neighbours-tree-build';

/**
 * The nearest member of a growing store, for every point of a tree: adding a member visits only the nodes whose points it
 * may be nearer to than the members before it.
 */

/** State of a store, one a tree. */
@unmanaged
export class Store {
  /** Nearest distance and member of each point. */
  distances: usize;
  indices: usize;
  /** Float32 reach of each point, as the filter has it, padded to whole leaves with -1. */
  reaches: usize;
  /** Largest reach of each node, float64. */
  farthest: usize;
  /** Coordinates of the new member, float64, `stride` of them, and float32 about a leaf's centre, four lanes each. */
  point: usize;
  local: usize;
  row: usize;
  found: usize;
}

/** Adds the member `id`, whose row stands at `x`. Returns the number of points for which it is now the nearest. */
export function insertNeighbour(plan: usize, search: usize, state: usize, x: usize, id: i32): i32 {
  const tree = changetype<Tree>(plan);
  const growing = changetype<Store>(state);
  projectRow(tree, x, growing.point, 8, growing.row);
  return visit(tree, changetype<Search>(search), growing, x, id, 0, 0, tree.leaves);
}

function visit(tree: Tree, search: Search, state: Store, x: usize, id: i32, node: i32, a: i32, b: i32): i32 {
  const far = state.farthest + ((<usize>node) << 3);
  const reach = load<f64>(far);
  if (boxGap(tree, state.point, node) > (tree.norm == 0 ? reach * reach : reach)) return 0;
  if (b - a == 1) {
    const changed = visitLeaf(tree, search, state, x, id, a);
    if (changed) store<f64>(far, farthestOf(state.reaches + ((<usize>a * LEAF) << 2)));
    return changed;
  }
  const middle = (a + b) >> 1;
  const left = node + 1;
  const right = node + 2 * (middle - a);
  const changed =
    visit(tree, search, state, x, id, left, a, middle) + visit(tree, search, state, x, id, right, middle, b);
  if (changed) {
    const other = load<f64>(state.farthest + ((<usize>right) << 3));
    store<f64>(far, Math.max(load<f64>(state.farthest + ((<usize>left) << 3)), other));
  }
  return changed;
}

function visitLeaf(tree: Tree, search: Search, state: Store, x: usize, id: i32, leaf: i32): i32 {
  const centre = tree.centres + ((<usize>leaf * <usize>tree.axes) << 3);
  for (let j: usize = 0; j < <usize>tree.axes; j++) {
    const way = load<f64>(state.point + (j << 3)) - load<f64>(centre + (j << 3));
    v128.store(state.local + (j << 4), f32x4.splat(<f32>way));
  }
  const reaches = state.reaches + ((<usize>leaf * LEAF) << 2);
  const blur = load<f32>(tree.blurs + ((<usize>leaf) << 2));
  const most = limitOfReach(tree.norm, <f32>farthestOf(reaches) + blur);
  if (!leafDistances(tree, leaf, state.local, most, state.found)) return 0;
  const columns = tree.columns;
  const count = min<i32>(LEAF, tree.points - leaf * LEAF);
  let changed: i32 = 0;
  for (let r: i32 = 0; r < count; r++) {
    const slot = reaches + ((<usize>r) << 2);
    if (!(load<f32>(state.found + ((<usize>r) << 2)) <= limitOfReach(tree.norm, load<f32>(slot) + blur))) continue;
    const point = <usize>(leaf * LEAF + r);
    const d = measureRows(search.metric, search.power, x, tree.rows + point * <usize>columns * 8, columns);
    const best = state.distances + (point << 3);
    const member = state.indices + (point << 2);
    if (d > load<f64>(best) || (d == load<f64>(best) && id > load<i32>(member))) continue;
    store<f64>(best, d);
    store<i32>(member, id);
    store<f32>(slot, <f32>outerReach(tree, search, d));
    changed++;
  }
  return changed;
}
