import { classCounts, type Labels, type NumericRows, selectNumericRows, subsetLabels } from '../data/index.ts';
import { levelledSample, type PrincipalAxes, principalAxes, projectRows } from '../measure/index.ts';
import { randomStream } from '../runtime/random.ts';

/** Rows in the plane of the two principal axes: points of one class after the other, the commonest class first. */
export interface NeighbourhoodMap {
  /** Share of the variance along each axis. */
  readonly explained: readonly number[];
  /** Features with the largest loadings on each axis, at most three, by size. */
  readonly loadings: readonly (readonly { readonly feature: string; readonly loading: number }[])[];
  /** Rows that the axes were found on. */
  readonly axisRows: number;
  readonly points: readonly MapPoint[];
  /** Rows of each class in the set and drawn, in the order of the classes. */
  readonly classes: readonly { readonly rows: number; readonly drawn: number }[];
}

export interface MapPoint {
  readonly x: number;
  readonly y: number;
  /** 0-based row of the input. */
  readonly row: number;
  readonly code: number;
  /** Index into `rowTypes`; -1 if the row was not looked at. */
  readonly type: number;
}

const MOST_POINTS = 3000;
/** Beyond, the products of rows are taken, of as few rows. */
const MOST_COLUMNS = 400;
/** Multiplications for the covariance: about a fifth of a second. */
const MOST_PRODUCTS = 2e8;
const LOADINGS = 3;

/**
 * The map of at most 3,000 of the rows looked at, drawn by the seed: rare classes are whole, and what a class may have at most is
 * the same for all, so how densely classes stand in it says nothing of their shares.
 */
export function neighbourhoodMap(request: {
  readonly X: NumericRows;
  readonly y: Labels;
  readonly inputRow: Int32Array;
  readonly featureNames: readonly string[];
  /** Rows looked at, and the index of the type of each. */
  readonly rows: Int32Array;
  readonly types: Uint8Array;
  readonly seed: number;
}): NeighbourhoodMap {
  const { X, y, inputRow, rows, types, seed, featureNames } = request;
  const sample = rowsForAxes(X, seed);
  const axes = principalAxes(sample.length === X.rows ? X : selectNumericRows(X, sample), 2);
  const typeOf = new Map(Array.from(rows, (row, i) => [row, types[i]!]));
  const drawn = drawnRows(y, rows, seed);
  const places = projectRows(selectNumericRows(X, drawn), axes).data;
  const counts = classCounts(y);
  const seen = y.classes.map(() => 0);
  const points = Array.from(drawn, (row, i): MapPoint => {
    const code = y.codes[row]!;
    seen[code]!++;
    return { x: places[2 * i]!, y: places[2 * i + 1]!, row: inputRow[row]!, code, type: typeOf.get(row) ?? -1 };
  });
  points.sort((a, b) => counts[b.code]! - counts[a.code]! || a.code - b.code || a.row - b.row);
  return Object.freeze({
    explained: axes.explained,
    loadings: [0, 1].map((axis) => loadingsOf(axes, axis, featureNames)),
    axisRows: sample.length,
    points,
    classes: y.classes.map((_, code) => ({ rows: counts[code]!, drawn: seen[code]! })),
  });
}

function rowsForAxes({ rows, columns }: NumericRows, seed: number): Int32Array {
  const most =
    columns > MOST_COLUMNS
      ? Math.min(MOST_COLUMNS, Math.sqrt(MOST_PRODUCTS / columns))
      : Math.max(2 * columns, MOST_PRODUCTS / Math.max(1, columns) ** 2);
  if (rows <= most) return Int32Array.from({ length: rows }, (_, row) => row);
  return randomStream(seed, 'map axes')
    .permutation(rows)
    .slice(0, Math.max(2, Math.floor(most)))
    .sort();
}

/** Of the rows looked at, as many of each class as there is room for, the rare ones whole. */
function drawnRows(y: Labels, lookedAt: Int32Array, seed: number): Int32Array {
  return levelledSample(subsetLabels(y, lookedAt), MOST_POINTS, seed).map((at) => lookedAt[at]!);
}

function loadingsOf({ axes, centre }: PrincipalAxes, axis: number, names: readonly string[]) {
  const columns = centre.length;
  const own = axes.subarray(axis * columns, (axis + 1) * columns);
  return Array.from(own.keys())
    .sort((a, b) => Math.abs(own[b]!) - Math.abs(own[a]!) || a - b)
    .slice(0, LOADINGS)
    .filter((f) => own[f] !== 0)
    .map((f) => ({ feature: names[f] ?? String(f), loading: own[f]! }));
}
