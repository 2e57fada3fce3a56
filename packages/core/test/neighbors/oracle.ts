import { expect } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import type { RandomStream } from '../../src/runtime/random.ts';

/** Distance of two rows of row-major data, given where they begin. */
export type Distance = (X: Float64Array, x: number, Y: Float64Array, y: number, columns: number) => number;

/** Sums terms of even and of odd columns apart, in order. */
const summed =
  (term: (d: number) => number): Distance =>
  (X, x, Y, y, columns) => {
    let even = 0;
    let odd = 0;
    for (let j = 0; j < columns; j += 2) even += term(X[x + j]! - Y[y + j]!);
    for (let j = 1; j < columns; j += 2) odd += term(X[x + j]! - Y[y + j]!);
    return even + odd;
  };

const squares = summed((d) => d * d);

/** The metrics from their formulas. */
export const distanceOf: Record<string, Distance> = {
  euclidean: (...rows) => Math.sqrt(squares(...rows)),
  sqeuclidean: squares,
  manhattan: summed(Math.abs),
  chebyshev: (X, x, Y, y, columns) => {
    let most = 0;
    for (let j = 0; j < columns; j++) most = Math.max(most, Math.abs(X[x + j]! - Y[y + j]!));
    return most;
  },
};

export const rowOf = ({ data, columns }: Matrix, i: number) => data.subarray(i * columns, (i + 1) * columns);

export interface Found {
  readonly row: number;
  readonly distance: number;
}

/** For each query all rows but itself, by (distance, row). `selves[q]` is the row that query q is. */
export function sortedByHand(reference: Matrix, queries: Matrix, distance: Distance, selves?: Int32Array): Found[][] {
  const { columns } = reference;
  return Array.from({ length: queries.rows }, (_, q) => {
    const found: Found[] = [];
    for (let row = 0; row < reference.rows; row++) {
      if (selves?.[q] === row) continue;
      found.push({ row, distance: distance(queries.data, q * columns, reference.data, row * columns, columns) });
    }
    return found.sort((a, b) => (a.distance < b.distance ? -1 : a.distance > b.distance ? 1 : a.row - b.row));
  });
}

/** The first k of each list. */
export function firstOf(lists: Found[][], k: number) {
  const all = lists.flatMap((list) => list.slice(0, k));
  return {
    k,
    indices: Int32Array.from(all, (one) => one.row),
    distances: Float64Array.from(all, (one) => one.distance),
  };
}

/** What of each list is within the radius. */
export function withinOf(lists: Found[][], radius: number) {
  const near = lists.map((list) => list.filter((one) => one.distance <= radius));
  const offsets = new Int32Array(near.length + 1);
  near.forEach((list, i) => {
    offsets[i + 1] = offsets[i]! + list.length;
  });
  const all = near.flat();
  return {
    offsets,
    indices: Int32Array.from(all, (one) => one.row),
    distances: Float64Array.from(all, (one) => one.distance),
  };
}

export const nearestByHand = (reference: Matrix, queries: Matrix, k: number, distance: Distance, selves?: Int32Array) =>
  firstOf(sortedByHand(reference, queries, distance, selves), k);

type Lists = Readonly<Record<string, number | Int32Array | Float64Array>>;

/** Expects the same numbers in all arrays; much faster than `toEqual` on arrays. */
export function expectSame(found: object, expected: object): void {
  const a = found as Lists;
  const b = expected as Lists;
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  for (const [name, values] of Object.entries(b)) {
    const others = a[name];
    if (typeof values === 'number' || typeof others === 'number' || !others) {
      expect(others).toBe(values);
      continue;
    }
    expect(others.length).toBe(values.length);
    const at = values.findIndex((value: number, i: number) => !Object.is(value, others[i]));
    if (at >= 0) expect(`${name}[${at}] = ${others[at]}`).toBe(`${name}[${at}] = ${values[at]}`);
  }
}

export const everyRow = (X: Matrix) => Int32Array.from({ length: X.rows }, (_, i) => i);

export function randomRows(rows: number, columns: number, draw: (cell: number) => number) {
  return matrix(
    Float64Array.from({ length: rows * columns }, (_, cell) => draw(cell)),
    rows,
    columns,
  );
}

/** What makes a float32 filter fail that is not careful: offsets, scales, ties, duplicates, points near the centre. */
export function hardSets(stream: RandomStream): readonly (readonly [string, Matrix])[] {
  const { normal, integer, uniform } = stream;
  const levels = (n: number) => () => integer(n);
  return [
    ['normal', randomRows(203, 7, normal)],
    ['one column', randomRows(97, 1, normal)],
    ['wide', randomRows(67, 41, normal)],
    ['many ties', randomRows(130, 3, levels(3))],
    ['mostly duplicates', randomRows(120, 2, levels(2))],
    ['all the same', randomRows(80, 3, () => 5)],
    ['constant columns', randomRows(100, 5, (cell) => (cell % 5 < 2 ? normal() : 7))],
    ['columns that depend on others', dependent(100, normal)],
    ['far from the origin', randomRows(100, 4, () => 1e9 + normal())],
    ['farther than float64 can tell', randomRows(100, 2, () => 1e16 + 4 * normal())],
    ['one column of another scale', randomRows(100, 3, () => normal() * 10 ** (8 * integer(2)))],
    ['an outlier', randomRows(130, 3, (cell) => (cell === 100 ? 1e12 : normal()))],
    ['an outlier beyond float32', randomRows(130, 3, (cell) => (cell === 100 ? 1e100 : normal()))],
    ['heavy tails', randomRows(130, 3, () => Math.tan((uniform() - 0.5) * 3.1))],
    ['clumps', randomRows(130, 3, () => integer(4) * 1000 + normal() * 1e-9)],
    ['tiny', randomRows(80, 3, () => normal() * 1e-30)],
    ['squares that vanish', randomRows(80, 3, () => normal() * 1e-170)],
    ['denormal', randomRows(80, 3, () => integer(9) * 5e-324)],
    ['huge', randomRows(80, 3, () => normal() * 1e120)],
    ['squares that overflow', randomRows(80, 3, () => normal() * 1e200)],
    ['differences that overflow', randomRows(80, 2, () => (uniform() < 0.5 ? 1.7e308 : -1.7e308))],
    ['a hair apart', randomRows(80, 5, () => 1 + integer(4) * 2 ** -50)],
    ['zeros of both signs', randomRows(80, 3, () => (uniform() < 0.5 ? 0 : -0))],
  ];
}

function dependent(rows: number, draw: () => number): Matrix {
  const X = randomRows(rows, 5, draw);
  for (let i = 0; i < rows; i++) {
    X.data[i * 5 + 3] = X.data[i * 5]! + X.data[i * 5 + 1]!;
    X.data[i * 5 + 4] = 2 * X.data[i * 5 + 2]!;
  }
  return X;
}
