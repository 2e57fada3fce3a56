import { sortedOrder } from '../data/sorted-order.ts';
import { randomStream } from '../runtime/random.ts';
import { type DifficultyInput, denseValues } from './difficulty-input.ts';
import { rowDistance } from './row-distance.ts';

/** A projection of a difference may exceed its length by roundings: far more than they are, far less than matters. */
const SLACK = 1e-9;

/** The nearest row of another class, if it is within reach; -1 and infinity where none is. */
export interface Reached {
  readonly other: number;
  readonly distance: number;
}

const NOTHING: Reached = Object.freeze({ other: -1, distance: Number.POSITIVE_INFINITY });

/**
 * Looks for rows of another class at most `reach` away. Rows are sorted along one direction, on which no two are farther
 * apart than in space: only those within reach on it are measured, and runs of a row's own class are passed over, so
 * thousands of copies of one row cost nothing. Of equally near rows the first is found.
 */
export function nearestWithin({ X, y }: DifficultyInput, reach: number): (row: number) => Reached {
  const values = denseValues(X);
  const { columns, rows } = X;
  const places = project(values, rows, columns);
  const order = sortedOrder(places);
  const codes = order.map((row) => y.codes[row]!);
  const place = new Int32Array(rows);
  for (let i = 0; i < rows; i++) place[order[i]!] = i;
  const before = runEnds(codes, -1);
  const after = runEnds(codes, 1);
  // Equal rows of one class have the same answer; there may be thousands of them.
  const known = new Map<string, { readonly row: number; readonly reached: Reached }>();
  const search = (row: number): Reached => {
    const own = y.codes[row]!;
    const margin = reach + SLACK * (1 + Math.abs(places[row]!));
    let other = -1;
    let distance = Number.POSITIVE_INFINITY;
    for (const [step, ends] of [
      [-1, before],
      [1, after],
    ] as const) {
      let at = place[row]! + step;
      while (at >= 0 && at < rows && Math.abs(places[order[at]!]! - places[row]!) <= margin) {
        if (codes[at] === own) {
          at = ends[at]! + step;
          continue;
        }
        const found = order[at]!;
        const d = rowDistance(values, columns, row, found);
        if (d < distance || (d === distance && found < other)) {
          distance = d;
          other = found;
        }
        at += step;
      }
    }
    return distance <= reach ? { other, distance } : NOTHING;
  };
  return (row) => {
    const key = `${places[row]} ${y.codes[row]}`;
    const before = known.get(key);
    if (before && rowDistance(values, columns, before.row, row) === 0) return before.reached;
    const reached = search(row);
    known.set(key, { row, reached });
    return reached;
  };
}

/** Along a unit vector that no column is orthogonal to. */
function project(values: Float64Array, rows: number, columns: number): Float64Array {
  const stream = randomStream(0, 'direction of reach');
  const direction = Float64Array.from({ length: columns }, () => stream.normal());
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0)) || 1;
  const places = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let f = 0; f < columns; f++) sum += (values[at++]! * direction[f]!) / length;
    places[i] = sum;
  }
  return places;
}

/** For each place the last one, in the given direction, of the run of equal codes that it stands in. */
function runEnds(codes: Int32Array, step: 1 | -1): Int32Array {
  const ends = new Int32Array(codes.length);
  const first = step === 1 ? codes.length - 1 : 0;
  for (let n = 0, at = first; n < codes.length; n++, at -= step) {
    const next = at + step;
    ends[at] = n > 0 && codes[next] === codes[at] ? ends[next]! : at;
  }
  return ends;
}
