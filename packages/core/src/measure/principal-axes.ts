import type { NumericRows } from '../data/dataset.ts';
import { matrix } from '../data/matrix.ts';
import { denseValues } from './difficulty-input.ts';
import { leadingEigenvectors } from './leading-eigenvectors.ts';

/** The directions in which rows vary most. */
export interface PrincipalAxes {
  /** Mean of each column. */
  readonly centre: Float64Array;
  /** `axes × columns`, row-major: unit vectors, orthogonal; the loading of largest size of each is positive. */
  readonly axes: Float64Array;
  /** Share of the variance along each axis; 0 where nothing varies. */
  readonly explained: readonly number[];
}

/**
 * The first principal axes of the covariance of the columns as they are, exact. With more columns than rows the products of
 * rows are taken instead, which have the same axes. Time is cubic in the smaller of the two.
 */
export function principalAxes(X: NumericRows, count: number): PrincipalAxes {
  const { rows, columns } = X;
  const values = denseValues(X);
  const centre = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) for (let f = 0; f < columns; f++) centre[f]! += values[at++]! / rows;
  const centred = new Float64Array(values.length);
  for (let i = 0, at = 0; i < rows; i++) for (let f = 0; f < columns; f++, at++) centred[at] = values[at]! - centre[f]!;
  const { values: spectrum, axes } =
    columns <= rows ? axesOfColumns(centred, columns, count) : axesOfRows(centred, rows, columns, count);
  const total = spectrum.reduce((sum, value) => sum + Math.max(0, value), 0);
  const explained = Array.from({ length: count }, (_, c) => (total > 0 ? Math.max(0, spectrum[c] ?? 0) / total : 0));
  return Object.freeze({ centre, axes, explained: Object.freeze(explained) });
}

/** Places of the given rows on the axes, `rows × axes`. */
export function projectRows(X: NumericRows, { centre, axes }: PrincipalAxes) {
  const { rows, columns } = X;
  const count = columns > 0 ? axes.length / columns : 0;
  const values = denseValues(X);
  const places = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < count; c++) {
      let sum = 0;
      for (let f = 0; f < columns; f++) sum += (values[i * columns + f]! - centre[f]!) * axes[c * columns + f]!;
      places[i * count + c] = sum;
    }
  }
  return matrix(places, rows, count);
}

function axesOfColumns(centred: Float64Array, columns: number, count: number) {
  const products = new Float64Array(columns * columns);
  for (let start = 0; start < centred.length; start += columns) {
    for (let f = 0; f < columns; f++) {
      const value = centred[start + f]!;
      if (value === 0) continue;
      for (let g = 0; g <= f; g++) products[f * columns + g]! += value * centred[start + g]!;
    }
  }
  mirror(products, columns);
  const { values, vectors } = leadingEigenvectors(products, columns, count);
  return { values, axes: padded(vectors, count * columns) };
}

/** If u is an eigenvector of Z Z', then Z' u is one of Z' Z. */
function axesOfRows(centred: Float64Array, rows: number, columns: number, count: number) {
  const products = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let f = 0; f < columns; f++) sum += centred[a * columns + f]! * centred[b * columns + f]!;
      products[a * rows + b] = sum;
    }
  }
  mirror(products, rows);
  const { values, vectors } = leadingEigenvectors(products, rows, count);
  const axes = new Float64Array(count * columns);
  for (let c = 0; c * rows < vectors.length; c++) {
    const axis = axes.subarray(c * columns, (c + 1) * columns);
    for (let a = 0; a < rows; a++) {
      const weight = vectors[c * rows + a]!;
      for (let f = 0; f < columns; f++) axis[f]! += weight * centred[a * columns + f]!;
    }
    normaliseAxis(axis);
  }
  return { values, axes };
}

function mirror(A: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) A[j * size + i] = A[i * size + j]!;
}

function padded(values: Float64Array, length: number): Float64Array {
  const all = new Float64Array(length);
  all.set(values);
  return all;
}

function normaliseAxis(axis: Float64Array): void {
  let squares = 0;
  let at = 0;
  for (let f = 0; f < axis.length; f++) {
    squares += axis[f]! ** 2;
    if (Math.abs(axis[f]!) > Math.abs(axis[at]!)) at = f;
  }
  const factor = squares > 0 ? Math.sign(axis[at]!) / Math.sqrt(squares) : 0;
  for (let f = 0; f < axis.length; f++) axis[f]! *= factor;
}
