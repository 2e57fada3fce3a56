import { Group, gap, offset, openGroup } from './neighbours-group';
import { sortNearest } from './neighbours-lists';
import { ENTRY, GROUP, LEAF, Search, STACK, Tree } from './neighbours-plan';
import { scanLeaf } from './neighbours-scan';

/**
 * Exact search in a tree of bounding boxes: the queries of one group go through the tree together, near subtrees first.
 *
 * A node is passed over when the boxes of group and node lie farther apart than any query of the group still reaches. In a
 * leaf each query is tested against the leaf's box, then against its points in float32 coordinates about the leaf's
 * centre, both with a reach enlarged by a proven bound of all errors (docs/neighbours.md). What passes is measured in
 * float64 from the original rows, so results are those of a search of all pairs.
 */

/** Bytes of scratch that a thread needs for `searchNeighbours`. */
export function neighbourScratch(plan: usize): i32 {
  const tree = changetype<Tree>(plan);
  const axes = tree.axes;
  const bytes =
    192 + axes * (GROUP * 12 + 28) + tree.stride * 16 + GROUP * 8 + LEAF * 4 + <i32>(ENTRY * STACK) + tree.columns * 8;
  return (bytes + 127) & ~63;
}

/** Task: one group of queries. */
export function searchNeighbours(task: i32, thread: i32, plan: usize, search: usize): void {
  const tree = changetype<Tree>(plan);
  const wanted = changetype<Search>(search);
  const group = openGroup(tree, wanted, task, thread);
  const stack = group.stack;
  let top: usize = stack;
  push(top, 0, 0, tree.leaves, 0);
  top += ENTRY;
  while (top > stack) {
    top -= ENTRY;
    if (load<f64>(top, 16) > group.farthest) continue;
    const node = load<i32>(top);
    const a = load<i32>(top, 4);
    const b = load<i32>(top, 8);
    if (b - a == 1) {
      scanLeaf(tree, wanted, group, a);
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
  if (wanted.kind == 2) sortLists(wanted, group);
}

// @inline
export function push(entry: usize, node: i32, a: i32, b: i32, distance: f64): void {
  store<i32>(entry, node);
  store<i32>(entry, a, 4);
  store<i32>(entry, b, 8);
  store<f64>(entry, distance, 16);
}

/** Kind 2: lists begin where `offsets` stood before the search, `starts` of the lists follow the cursors. */
function sortLists(search: Search, group: Group): void {
  const begins = search.offsets + ((<usize>search.count) << 3);
  for (let i: i32 = 0; i < group.count; i++) {
    const query = (<usize>(group.first + i)) << 3;
    const begin = <usize>load<f64>(begins + query);
    const length = <i32>(<usize>load<f64>(search.offsets + query) - begin);
    sortNearest(search.distances + (begin << 3), search.indices + (begin << 2), length);
  }
}
