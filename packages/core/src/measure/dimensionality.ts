import { classCounts } from '../data/label-views.ts';
import { type ClassMeasure, frozenMeasure } from './class-measure.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues, rowsByClass } from './difficulty-input.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

export interface Dimensionality {
  /** T2: columns over rows. */
  readonly t2: ClassMeasure;
  /** T3: principal components over rows. */
  readonly t3: ClassMeasure;
  /** T4: principal components over columns. */
  readonly t4: ClassMeasure;
  /** How many principal components it takes to explain more than 95 % of the variance. */
  readonly components: ClassMeasure;
}

const EXPLAINED = 0.95;

/**
 * T2, T3, T4 (Lorena et al. 2019). Principal components are those of the covariance of the columns as they are; their number is
 * the least that explains more than 95 % of the variance (as scikit-learn's `PCA(0.95)`), 0 where nothing varies. A
 * class's values speak of its own rows. Takes time cubic in the smaller of rows and columns.
 * Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export function dimensionality(data: DifficultyInput): Dimensionality {
  return dimensionalityOf(principalComponents(data), rowsOfClasses(data), data.X.columns);
}

/** How many principal components all rows need, and those of each class. Throws as `dimensionality`. */
export function principalComponents(data: DifficultyInput): ClassMeasure {
  checkDifficultyInput(data);
  const values = denseValues(data.X);
  const needed = (rows: Int32Array) => componentsNeeded(values, data.X.columns, rows);
  const perClass = rowsByClass(data.y).map((rows) => (rows.length > 0 ? needed(rows) : null));
  return frozenMeasure(needed(Int32Array.from(data.y.codes.keys())), perClass);
}

/** From components that may have been counted on a sample, and the true numbers of rows. */
export function dimensionalityOf(components: ClassMeasure, rows: readonly number[], columns: number): Dimensionality {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const measure = (of: (components: number, rows: number) => number) =>
    frozenMeasure(
      of(components.value, total),
      components.perClass.map((needed, code) => (needed === null ? null : of(needed, rows[code]!))),
    );
  return Object.freeze({
    t2: measure((_, count) => columns / count),
    t3: measure((needed, count) => needed / count),
    t4: measure((needed) => (columns > 0 ? needed / columns : 0)),
    components,
  });
}

function rowsOfClasses({ y }: DifficultyInput): number[] {
  return Array.from(classCounts(y));
}

function componentsNeeded(values: Float64Array, columns: number, rows: Int32Array): number {
  const centred = centredRows(values, columns, rows);
  // The products of rows have the same eigenvalues, but for zeros, as those of columns.
  const spectrum =
    columns <= rows.length
      ? symmetricEigenvalues(productsOfColumns(centred, columns), columns)
      : symmetricEigenvalues(productsOfRows(centred, rows.length, columns), rows.length);
  const total = spectrum.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (!(total > 0)) return 0;
  let explained = 0;
  for (const [i, value] of spectrum.entries()) {
    explained += Math.max(0, value) / total;
    if (explained > EXPLAINED) return i + 1;
  }
  return spectrum.length;
}

function centredRows(values: Float64Array, columns: number, rows: Int32Array): Float64Array {
  const centred = new Float64Array(rows.length * columns);
  const means = new Float64Array(columns);
  const origin = rows[0]! * columns;
  for (const row of rows)
    for (let f = 0; f < columns; f++) means[f]! += values[row * columns + f]! - values[origin + f]!;
  for (let f = 0; f < columns; f++) means[f] = values[origin + f]! + means[f]! / rows.length;
  for (let i = 0; i < rows.length; i++) {
    for (let f = 0; f < columns; f++) centred[i * columns + f] = values[rows[i]! * columns + f]! - means[f]!;
  }
  return centred;
}

function productsOfColumns(centred: Float64Array, columns: number): Float64Array {
  const products = new Float64Array(columns * columns);
  for (let start = 0; start < centred.length; start += columns) {
    for (let f = 0; f < columns; f++) {
      const value = centred[start + f]!;
      for (let g = 0; g <= f; g++) products[f * columns + g]! += value * centred[start + g]!;
    }
  }
  return products;
}

function productsOfRows(centred: Float64Array, rows: number, columns: number): Float64Array {
  const products = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let f = 0; f < columns; f++) sum += centred[a * columns + f]! * centred[b * columns + f]!;
      products[a * rows + b] = sum;
    }
  }
  return products;
}
