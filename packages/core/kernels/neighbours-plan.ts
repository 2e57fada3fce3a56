/**
 * What the neighbour kernels are told, laid out in memory by src/neighbors/plan.ts: 4-byte fields, then 8-byte fields.
 * Rows of the tree stand in leaf order ("points"); equal rows of the caller are one point with several members.
 */

/** Points of a leaf. */
export const LEAF: i32 = 32;
/** Queries that traverse the tree together. */
export const GROUP: i32 = 32;

/** Bytes of a node that waits in a traversal (node, first leaf, end leaf, gap), and how many may wait. */
export const ENTRY: usize = 24;
export const STACK: usize = 64;

/** A tree of bounding boxes over the projected rows; see neighbours-tree-search.ts. */
@unmanaged
export class Tree {
  columns: i32;
  axes: i32;
  points: i32;
  leaves: i32;
  /** 0 Euclidean, 1 Manhattan, 2 Chebyshev norm of the filter. */
  norm: i32;
  /** 1 if `frame` holds `axes × columns` numbers, 0 if `picked` holds the column of each axis. */
  rotated: i32;
  /** Original rows, `points × columns`. */
  rows: usize;
  /** Float32 coordinates about the leaf's centre, column after column, `leaves × axes × LEAF`. */
  panels: usize;
  /** Middles of the leaves' boxes, `leaves × axes`. */
  centres: usize;
  /** Float32 half sides of the leaves' boxes, `leaves × axes`. */
  halves: usize;
  /** Float32 error of filter distances that is the leaf's own, one a leaf. */
  blurs: usize;
  /** Float32 halves of the points' squared norms about the leaf's centre, `leaves × LEAF`. */
  norms: usize;
  /** Lower, then upper corners, each of `stride` numbers, one pair a node; nodes in preorder. */
  boxes: usize;
  stride: i32;
  /** Members of point i are `members[starts[i] ... starts[i + 1]]`, ascending. */
  starts: usize;
  members: usize;
  /** Origin of the projection, one a column. */
  origin: usize;
  frame: usize;
  picked: usize;
  spare: i32;
  scale: f64;
  /** By which factor a projected distance may exceed the scaled one. */
  stretch: f64;
}

/** One search in a tree. */
@unmanaged
export class Search {
  /** 0 the k nearest, 1 count within the radius, 2 list within the radius. */
  kind: i32;
  /** 0 Euclidean, 1 squared Euclidean, 2 Manhattan, 3 Chebyshev, 4 Minkowski. */
  metric: i32;
  k: i32;
  count: i32;
  /** Rows, `count × columns`. */
  queries: usize;
  /** `count × k`, or as `offsets` says. */
  distances: usize;
  indices: usize;
  /** Kind 1: float64 counts, one a query. Kind 2: float64 positions in `indices`, `count + 1`. */
  offsets: usize;
  scratch: usize;
  scratchBytes: i32;
  radius: f64;
  /** Exponent of Minkowski. */
  power: f64;
  /** Bound of the float64 errors of a projected distance. */
  fuzz: f64;
}
