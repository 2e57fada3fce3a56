import { readFileSync } from 'node:fs';
import type { Labels } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { findNeighbourhoods } from '../../src/measure/neighbourhoods.ts';
import { nearestNeighbours } from '../../src/neighbors/nearest-neighbours.ts';
import { randomStream } from '../../src/runtime/random.ts';

export interface LabelledSet {
  readonly X: Matrix;
  readonly y: Labels;
}

/** Rows and codes written out; the classes are named c0, c1, ... */
export function labelled(rows: readonly (readonly number[])[], codes: readonly number[]): LabelledSet {
  const columns = rows[0]?.length ?? 0;
  const classes = Array.from({ length: Math.max(...codes) + 1 }, (_, code) => `c${code}`);
  return {
    X: matrix(Float64Array.from(rows.flat()), rows.length, columns),
    y: { codes: Int32Array.from(codes), classes },
  };
}

/** The toy of the golden BI3 values: class 1 is the minority. */
export const impactToy = labelled(
  [
    [0, 0],
    [0.1, 0],
    [0, 0.12],
    [1, 1],
    [1.1, 1],
    [1, 1.13],
    [1.2, 1.2],
    [0.9, 1.05],
    [0.5, 0.55],
    [1.05, 1.07],
    [2, 2.1],
    [0.95, 0.9],
  ],
  [1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0],
);

/** Overlapping clouds, class c of about `sizes[c]` rows, in a shuffled order. */
export function clouds(sizes: readonly number[], columns: number, seed: number, spread = 1): LabelledSet {
  const stream = randomStream(seed, 'clouds');
  const codes = stream.shuffle(Int32Array.from(sizes.flatMap((size, code) => Array<number>(size).fill(code))));
  const centres = sizes.map(() => Float64Array.from({ length: columns }, stream.normal));
  const rows = Array.from(codes, (code) => Array.from(centres[code]!, (c) => spread * c + stream.normal()));
  return labelled(rows, Array.from(codes));
}

/** A grid with few values: full of ties and duplicates, within and across classes. */
export function tied(count: number, seed: number, classes = 2): LabelledSet {
  const stream = randomStream(seed, 'tied');
  const rows = Array.from({ length: count }, () => [stream.integer(4), stream.integer(3)]);
  return labelled(
    rows,
    rows.map((_, i) => (i < classes ? i : stream.integer(classes))),
  );
}

export const find = nearestNeighbours;

export const around = (data: LabelledSet, k = 5, rows?: Int32Array) => findNeighbourhoods(data, { find, k, rows });

export function rowOf({ data, columns }: Matrix, row: number): number[] {
  return Array.from(data.subarray(row * columns, (row + 1) * columns));
}

export function distanceOf(X: Matrix, a: number, b: number): number {
  const sums = [0, 0];
  for (let f = 0; f < X.columns; f++) sums[f % 2]! += (X.data[a * X.columns + f]! - X.data[b * X.columns + f]!) ** 2;
  return Math.sqrt(sums[0]! + sums[1]!);
}

/** All other rows in order of (distance, row). */
export function orderAround(X: Matrix, row: number): number[] {
  const others = Array.from({ length: X.rows }, (_, other) => other).filter((other) => other !== row);
  return others.sort((a, b) => distanceOf(X, row, a) - distanceOf(X, row, b) || a - b);
}

export function transformed({ X, y }: LabelledSet, change: (value: number, column: number) => number): LabelledSet {
  return {
    X: matrix(
      X.data.map((value, at) => change(value, at % X.columns)),
      X.rows,
      X.columns,
    ),
    y,
  };
}

export function permuted(data: LabelledSet, order: Int32Array): LabelledSet {
  return {
    X: matrix(Float64Array.from(Array.from(order, (row) => rowOf(data.X, row)).flat()), data.X.rows, data.X.columns),
    y: { codes: order.map((row) => data.y.codes[row]!), classes: data.y.classes },
  };
}

/** Classes in reverse order. */
export function renamed({ X, y }: LabelledSet): LabelledSet {
  const last = y.classes.length - 1;
  return { X, y: { codes: y.codes.map((code) => last - code), classes: [...y.classes].reverse() } };
}

export interface MeasureCase {
  readonly rows: number;
  readonly columns: number;
  readonly X: readonly number[];
  readonly y: readonly number[];
  readonly enemies: readonly number[];
  readonly hyperplane: readonly number[];
  readonly [measure: string]: number | readonly number[];
}

export const measureCases: readonly MeasureCase[] = JSON.parse(
  readFileSync(new URL('../fixtures/measure.json', import.meta.url), 'utf8'),
).cases;

export function caseData({ rows, columns, X, y }: MeasureCase): LabelledSet {
  return { X: matrix(Float64Array.from(X), rows, columns), y: { codes: Int32Array.from(y), classes: ['no', 'yes'] } };
}
