import { symmetricEigen } from './symmetric-eigen.ts';

/**
 * The coordinates in which a tree is built: origin, axes and a power of two as scale. Axes are principal axes of a sample for
 * the Euclidean norm, and columns by descending variance for the others, which a rotation would not keep.
 */
export interface Frame {
  readonly origin: Float64Array;
  readonly axes: number;
  /** `axes × columns`, orthonormal but for rounding; undefined where axes are columns. */
  readonly rotation: Float64Array | undefined;
  /** Column of each axis. */
  readonly picked: Int32Array;
  readonly scale: number;
  /** By which factor a projected distance may exceed a scaled one. */
  readonly stretch: number;
}

/** Numbers of a sample are at most so many: a principal axis need not be exact. */
const SAMPLE_PRODUCTS = 2e7;
const MOST_SAMPLED = 5000;
/** An axis that holds less than this share of the variance is left out: its coordinates would be rounding noise. */
const NEGLIGIBLE = 1e-13;

/** The frame of row-major finite data, or undefined if differences vanish or squares overflow in float64. */
export function chooseFrame(data: Float64Array, rows: number, columns: number, norm: number): Frame | undefined {
  const { origin, covariance } = sampleMoments(data, rows, columns, norm === 0);
  const reach = reachFrom(data, rows, columns, origin);
  const scale = scaleFor(reach);
  if (scale === undefined) return undefined;
  if (norm !== 0) {
    const order = Array.from({ length: columns }, (_, j) => j).sort((i, j) => covariance[j]! - covariance[i]! || i - j);
    return { origin, axes: columns, rotation: undefined, picked: Int32Array.from(order), scale, stretch: 1 + 1e-9 };
  }
  const { values, vectors } = symmetricEigen(covariance, columns);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let axes = values.findIndex((value) => value <= total * NEGLIGIBLE);
  if (axes < 0) axes = columns;
  axes = Math.max(1, axes);
  const rotation = vectors.slice(0, axes * columns);
  const stretch = (1 + departure(rotation, axes, columns)) * (1 + 1e-9);
  return { origin, axes, rotation, picked: new Int32Array(0), scale, stretch };
}

/** Rows whose mean is the origin where no axes are wanted. */
const MEAN_ROWS = 2000;

/** Origin and scale alone, for searches that go over all pairs; undefined as in `chooseFrame`. */
export function plainFrame(
  data: Float64Array,
  rows: number,
  columns: number,
): Pick<Frame, 'origin' | 'scale'> | undefined {
  const step = Math.max(1, Math.floor(rows / MEAN_ROWS));
  const count = Math.ceil(rows / step);
  const origin = new Float64Array(columns);
  for (let i = 0; i < rows; i += step) for (let j = 0; j < columns; j++) origin[j]! += data[i * columns + j]! / count;
  const scale = scaleFor(reachFrom(data, rows, columns, origin));
  return scale === undefined ? undefined : { origin, scale };
}

/** Largest sum of absolute differences from the origin, over columns, that rows can have; not below the largest norm of any kind. */
export function reachFrom(data: Float64Array, rows: number, columns: number, origin: Float64Array): number {
  const lower = origin.slice();
  const upper = origin.slice();
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const x = data[at]!;
      if (x < lower[j]!) lower[j] = x;
      if (x > upper[j]!) upper[j] = x;
    }
  }
  let reach = 0;
  for (let j = 0; j < columns; j++) reach += Math.max(origin[j]! - lower[j]!, upper[j]! - origin[j]!);
  return reach;
}

/** A power of two that brings the reach below 1; undefined where float64 itself is at its ends. */
function scaleFor(reach: number): number | undefined {
  if (reach === 0) return 1;
  if (!(reach > 1e-140 && reach < 1e140)) return undefined;
  let scale = 1;
  while (scale * reach > 1) scale /= 2;
  while (scale * reach <= 0.5) scale *= 2;
  return scale;
}

/** Bound of how far products of the axes are from those of an orthonormal set. */
function departure(rotation: Float64Array, axes: number, columns: number): number {
  let sum = 0;
  for (let p = 0; p < axes; p++) {
    for (let q = 0; q < axes; q++) {
      let product = p === q ? -1 : 0;
      for (let j = 0; j < columns; j++) product += rotation[p * columns + j]! * rotation[q * columns + j]!;
      sum += product * product;
    }
  }
  return Math.sqrt(sum) + axes * columns * 1e-15;
}

/** Mean and covariance (or variances alone) of rows evenly taken; in units of the spread, so that no square overflows. */
function sampleMoments(data: Float64Array, rows: number, columns: number, full: boolean) {
  const products = full ? columns * columns : columns;
  const wanted = Math.min(MOST_SAMPLED, Math.max(2000, Math.floor(SAMPLE_PRODUCTS / Math.max(1, products))));
  const step = Math.max(1, Math.floor(rows / wanted));
  const count = Math.ceil(rows / step);
  const origin = new Float64Array(columns);
  for (let i = 0; i < rows; i += step) for (let j = 0; j < columns; j++) origin[j]! += data[i * columns + j]! / count;
  let unit = 0;
  for (let i = 0; i < rows; i += step) {
    for (let j = 0; j < columns; j++) unit = Math.max(unit, Math.abs(data[i * columns + j]! - origin[j]!));
  }
  const factor = unit > 0 && unit < Number.POSITIVE_INFINITY ? 1 / unit : 1;
  const covariance = new Float64Array(products);
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i += step) {
    for (let j = 0; j < columns; j++) row[j] = (data[i * columns + j]! - origin[j]!) * factor;
    for (let p = 0; p < columns; p++) {
      const x = row[p]!;
      if (!full) covariance[p]! += x * x;
      else if (x !== 0) for (let q = 0; q <= p; q++) covariance[p * columns + q]! += x * row[q]!;
    }
  }
  if (full)
    for (let p = 0; p < columns; p++)
      for (let q = 0; q < p; q++) covariance[q * columns + p] = covariance[p * columns + q]!;
  return { origin, covariance };
}
