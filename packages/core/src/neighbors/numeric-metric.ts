import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type Metric, metricCode } from './plan.ts';
import type { MetricInKernel } from './search-tree.ts';

/**
 * Metrics of numeric rows. `cosine` is 1 - cos of the angle, `mahalanobis` is the root of d' C^-1 d with the covariance C given
 * or estimated from the index's rows (divisor n - 1).
 */
export type NumericMetric = Metric | 'cosine' | 'mahalanobis';

export interface NumericMetricOptions {
  /** Default `euclidean`. */
  readonly metric?: NumericMetric | undefined;
  /** Exponent of `minkowski`, at least 1. Default 2. */
  readonly p?: number | undefined;
  /** Covariance of `mahalanobis`, `columns × columns`. */
  readonly covariance?: Matrix | undefined;
}

/** A metric as a simpler one of transformed rows. */
export interface NumericMetricPlan {
  readonly kernel: MetricInKernel;
  /** Rows in which the kernel measures. */
  transform(rows: Matrix): Matrix;
  /** A power of two by which the kernel's distances are multiplied. */
  readonly factor: number;
}

const same = (rows: Matrix) => rows;

/** Throws `bad-option`, `shape-mismatch`, `singular-covariance`, `zero-row` (cosine, by `transform`). */
export function planMetric(options: NumericMetricOptions, rows: Matrix): NumericMetricPlan {
  const { metric = 'euclidean', p = 2, covariance } = options;
  if (!(p >= 1 && p < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError(
      'bad-option',
      `p must be a number of at least 1, got ${p}; use chebyshev for infinity`,
    );
  }
  switch (metric) {
    case 'cosine':
      // Half the squared chord between unit vectors is 1 - cos, without the cancellation of the latter.
      return { kernel: { ...metricCode('sqeuclidean', 2), power: 2 }, transform: unitRows, factor: 0.5 };
    case 'mahalanobis': {
      const transform = whitening(rows, covariance);
      return { kernel: { ...metricCode('euclidean', 2), power: 2 }, transform, factor: 1 };
    }
    case 'euclidean':
    case 'sqeuclidean':
    case 'manhattan':
    case 'chebyshev':
    case 'minkowski':
      return { kernel: { ...metricCode(metric, p), power: p }, transform: same, factor: 1 };
    default:
      throw new CounterweightError('bad-option', `there is no metric "${String(metric)}" for numeric rows`);
  }
}

function unitRows({ data, rows, columns }: Matrix): Matrix {
  const unit = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    let most = 0;
    for (let j = 0; j < columns; j++) most = Math.max(most, Math.abs(data[i * columns + j]!));
    if (most === 0) {
      throw new CounterweightError('zero-row', `row ${i} is zero in every column: it has no direction for the cosine`, {
        row: i,
      });
    }
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (data[i * columns + j]! / most) ** 2;
    const root = Math.sqrt(sum);
    for (let j = 0; j < columns; j++) unit[i * columns + j] = data[i * columns + j]! / most / root;
  }
  return { kind: 'dense', rows, columns, data: unit };
}

/** Rows times the inverse of the covariance's Cholesky factor, so that Euclidean distances are Mahalanobis'. */
function whitening(rows: Matrix, given: Matrix | undefined): (X: Matrix) => Matrix {
  const { columns } = rows;
  if (given && (given.rows !== columns || given.columns !== columns)) {
    throw new CounterweightError('shape-mismatch', `the covariance must be ${columns} x ${columns}`);
  }
  const means = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows.rows; i++)
    for (let j = 0; j < columns; j++) means[j]! += rows.data[at++]! / rows.rows;
  const factor = choleskyFactor(given ? given.data : estimateCovariance(rows, means), columns);
  return (X) => {
    const data = new Float64Array(X.data.length);
    for (let i = 0; i < X.rows; i++) {
      const at = i * columns;
      for (let j = 0; j < columns; j++) {
        let value = X.data[at + j]! - means[j]!;
        for (let l = 0; l < j; l++) value -= factor[j * columns + l]! * data[at + l]!;
        data[at + j] = value / factor[j * columns + j]!;
      }
    }
    return { kind: 'dense', rows: X.rows, columns, data };
  };
}

function estimateCovariance({ data, rows, columns }: Matrix, means: Float64Array): Float64Array {
  const covariance = new Float64Array(columns * columns);
  const row = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) row[j] = data[at++]! - means[j]!;
    for (let j = 0; j < columns; j++) for (let l = 0; l <= j; l++) covariance[j * columns + l]! += row[j]! * row[l]!;
  }
  for (let j = 0; j < columns; j++) {
    for (let l = 0; l <= j; l++) {
      covariance[j * columns + l]! /= Math.max(1, rows - 1);
      covariance[l * columns + j] = covariance[j * columns + l]!;
    }
  }
  return covariance;
}

function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * n + j]!;
      for (let l = 0; l < j; l++) value -= factor[i * n + l]! * factor[j * n + l]!;
      if (i > j) factor[i * n + j] = value / factor[j * n + j]!;
      else if (value > 1e-12 * matrix[i * n + i]! && value < Number.POSITIVE_INFINITY)
        factor[i * n + i] = Math.sqrt(value);
      else {
        const message = `column ${i} follows from the columns before it, so the covariance has no inverse; drop it`;
        throw new CounterweightError('singular-covariance', message, { column: String(i) });
      }
    }
  }
  return factor;
}
