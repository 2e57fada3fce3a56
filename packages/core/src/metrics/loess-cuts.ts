/** Points in ascending order of x, with their cumulative weights. */
export interface CutPoints {
  readonly x: Float64Array;
  /** Weight of the points up to and with each. */
  readonly ends: Float64Array;
  /** Whether weights count copies, so that halves and shares of them are rounded down to whole copies. */
  readonly copies: boolean;
}

/** A range of copies of rows, from `from` (exclusive) to `to` in cumulative weight, between two vertices. */
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** How far the bounding box reaches beyond the points, as a share of their range. */
const margin = 0.005;

/**
 * The vertices, ascending, between which local fits of a share `span` of the rows are interpolated: the ends of a box
 * a little larger than the range of x, and the cuts of a k-d tree, which halves a cell at its median as long as it holds
 * more than `span` × `cell` of all rows (Cleveland and Grosse, 1991; the cuts are those that R makes).
 */
export function loessVertices(points: CutPoints, span: number, cell: number): Float64Array {
  const { x, ends, copies } = points;
  const first = x[0]!;
  const last = x[x.length - 1]!;
  const total = ends[ends.length - 1]!;
  const most = copies ? Math.floor(total * (span * cell)) : total * (span * cell);
  const edge = margin * Math.max(last - first, 1e-10 * Math.max(Math.abs(first), Math.abs(last)) + 1e-30);
  const vertices = new Set([first - edge, last + edge]);
  const cells: Cell[] = [{ from: 0, to: total, low: first - edge, high: last + edge }];
  for (let next = cells.pop(); next; next = cells.pop()) {
    if (next.to - next.from <= most) continue;
    const { at, cut } = medianCut(points, next);
    if (cut <= next.low || cut >= next.high) continue;
    vertices.add(cut);
    cells.push({ ...next, to: at, high: cut }, { ...next, from: at, low: cut });
  }
  return Float64Array.from(vertices).sort();
}

/**
 * Where a cell is cut: at the end of a group of equal x nearest to the half of its rows, the upper of two as near. Where
 * the search leaves the cell before it meets one, at the half itself, within a group.
 */
function medianCut({ x, ends, copies }: CutPoints, { from, to }: Cell): { at: number; cut: number } {
  const size = to - from;
  const middle = from + (copies ? Math.floor((size + 1) / 2) : size / 2);
  const group = firstReaching(ends, middle);
  const above = ends[group]!;
  const below = group > 0 ? ends[group - 1]! : 0;
  if (above < to && above - middle <= middle - below) return { at: above, cut: x[group]! };
  if (below > from && 2 * middle - below < to) return { at: below, cut: x[group - 1]! };
  return above < to ? { at: above, cut: x[group]! } : { at: middle, cut: x[group]! };
}

/** The first group with a cumulative weight of at least `weight`. */
function firstReaching(ends: Float64Array, weight: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const at = (low + high) >> 1;
    if (ends[at]! < weight) low = at + 1;
    else high = at;
  }
  return low;
}
