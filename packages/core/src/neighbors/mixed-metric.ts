import { CounterweightError } from '../runtime/errors.ts';
import type { MixedRows } from './mixed-rows.ts';

/**
 * Metrics of rows of numbers and categories. With d_j = x_j - y_j over the numbers:
 *
 * - `euclidean-mismatch`: sqrt(sum d_j^2 + sum m_j^2 over the categories that differ). SMOTE-NC's has m = the median over the
 *   numbers of the standard deviation within the class. Missing values are refused.
 * - `heom`: sqrt of the sum of squares of |d_j| / range_j and of 0 or 1 for categories equal or not; 1 for a missing value.
 * - `hvdm`: sqrt of the sum of squares of |d_j| / (4 standard deviations) and of
 *   sqrt(sum over classes of (P(class | a) - P(class | b))^2); 1 for a missing value.
 * - `gower`: weighted mean over the columns present in both rows of |d_j| / range_j and of 0 or 1; 1 if there is none.
 * - `vdm`: sum over categories of (sum over classes of |P(class | a) - P(class | b)|^k)^r; numbers and missing values are
 *   refused.
 *
 * Ranges, deviations (divisor n) and class shares are those of the index's rows; a constant column adds nothing. Wilson and
 * Martinez, "Improved heterogeneous distance functions", JAIR 6 (1997); Gower, Biometrics 27 (1971); Stanfill and Waltz,
 * CACM 29 (1986).
 */
export type MixedMetricOptions =
  | { readonly metric: 'euclidean-mismatch'; readonly mismatch: number | readonly number[] }
  | { readonly metric: 'heom' }
  | { readonly metric: 'hvdm'; readonly labels: Int32Array }
  | { readonly metric: 'gower'; readonly weights?: readonly number[] | undefined }
  | {
      readonly metric: 'vdm';
      readonly labels: Int32Array;
      readonly k?: number | undefined;
      readonly r?: number | undefined;
    };

/** A metric as terms of columns, as kernels/neighbours-mixed.ts has them. */
export interface MixedMetric {
  /** 0 root of the sum, 1 the sum, 2 the mean. */
  readonly kind: 0 | 1 | 2;
  readonly squared: boolean;
  readonly scales: Float64Array;
  readonly weights: Float64Array;
  /** What two categories that differ add. */
  readonly mismatches: Float64Array;
  /** What each pair of codes adds, `(1 + codes)^2` with missing first; undefined where `mismatches` tells. */
  readonly tables: readonly (Float64Array | undefined)[];
  /** What a missing value adds; undefined where its column is left out. */
  readonly missing: number | undefined;
  readonly allowsMissing: boolean;
}

/** Throws `bad-option`, `shape-mismatch`. */
export function planMixedMetric(options: MixedMetricOptions, rows: MixedRows): MixedMetric {
  const numbers = rows.numeric.columns;
  const categories = rows.categories.length;
  const none = rows.categories.map(() => undefined);
  const ones = (n: number) => new Float64Array(n).fill(1);
  const common = {
    weights: ones(numbers),
    mismatches: ones(categories),
    tables: none,
    missing: 1,
    allowsMissing: true,
  };
  switch (options.metric) {
    case 'euclidean-mismatch': {
      const mismatches = perColumn('mismatch', options.mismatch, categories).map((m) => m * m);
      return { ...common, kind: 0, squared: true, scales: ones(numbers), mismatches, allowsMissing: false };
    }
    case 'heom':
      return { ...common, kind: 0, squared: true, scales: inverses(ranges(rows)) };
    case 'hvdm': {
      const tables = differenceTables(rows, options.labels, (d) => d * d, 1, 1);
      return { ...common, kind: 0, squared: true, scales: inverses(deviations(rows).map((s) => 4 * s)), tables };
    }
    case 'gower': {
      const weights = perColumn('weights', options.weights ?? 1, numbers + categories);
      const parts = { weights: weights.slice(0, numbers), mismatches: weights.slice(numbers) };
      return { ...common, ...parts, kind: 2, squared: false, scales: inverses(ranges(rows)), missing: undefined };
    }
    case 'vdm': {
      if (numbers > 0) throw new CounterweightError('bad-option', 'vdm is for categories alone; use hvdm with numbers');
      const { k = 1, r = 2 } = options;
      if (!(k > 0 && r > 0)) throw new CounterweightError('bad-option', `k and r must be positive, got ${k} and ${r}`);
      const tables = differenceTables(rows, options.labels, (d) => Math.abs(d) ** k, r, 0);
      return { ...common, kind: 1, squared: false, scales: ones(0), tables, allowsMissing: false };
    }
    default:
      throw new CounterweightError(
        'bad-option',
        `there is no metric "${String((options as { metric: unknown }).metric)}"`,
      );
  }
}

function perColumn(name: string, given: number | readonly number[], count: number): Float64Array {
  const values = typeof given === 'number' ? new Float64Array(count).fill(given) : Float64Array.from(given);
  if (values.length !== count) {
    throw new CounterweightError('shape-mismatch', `${name} must hold ${count} numbers, got ${values.length}`);
  }
  if (!values.every((value) => value >= 0 && value < 1e100)) {
    throw new CounterweightError('bad-option', `${name} must be numbers of at least 0`);
  }
  return values;
}

/** A constant column has no scale; it adds nothing. */
const inverses = (values: Float64Array) => values.map((value) => (value > 0 && 1 / value < 1e300 ? 1 / value : 0));

function columnValues({ numeric }: MixedRows, j: number): Float64Array {
  const { data, columns, rows } = numeric;
  const values = new Float64Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const value = data[i * columns + j]!;
    if (!Number.isNaN(value)) values[count++] = value;
  }
  return values.subarray(0, count);
}

function ranges(rows: MixedRows): Float64Array {
  return Float64Array.from({ length: rows.numeric.columns }, (_, j) => {
    let lower = Number.POSITIVE_INFINITY;
    let upper = Number.NEGATIVE_INFINITY;
    for (const value of columnValues(rows, j)) {
      if (value < lower) lower = value;
      if (value > upper) upper = value;
    }
    return upper > lower ? upper - lower : 0;
  });
}

function deviations(rows: MixedRows): Float64Array {
  return Float64Array.from({ length: rows.numeric.columns }, (_, j) => {
    const values = columnValues(rows, j);
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
  });
}

/** (sum over classes of term(P(class | a) - P(class | b)))^power for all pairs of codes; `missing` with a missing one. */
function differenceTables(
  rows: MixedRows,
  labels: Int32Array,
  term: (d: number) => number,
  power: number,
  missing: number,
): Float64Array[] {
  if (labels.length !== rows.rows) {
    throw new CounterweightError('shape-mismatch', `${rows.rows} rows need as many labels, got ${labels.length}`);
  }
  const width = rows.categories.length;
  const classes = new Map([...new Set(labels)].sort((a, b) => a - b).map((label, i) => [label, i]));
  return rows.categories.map((count, j) => {
    const shares = new Float64Array(count * classes.size);
    const totals = new Float64Array(count);
    for (let i = 0; i < rows.rows; i++) {
      const code = rows.codes[i * width + j]!;
      if (code < 0) continue;
      shares[code * classes.size + classes.get(labels[i]!)!]!++;
      totals[code]!++;
    }
    for (let at = 0; at < shares.length; at++) shares[at]! /= Math.max(1, totals[Math.floor(at / classes.size)]!);
    const table = new Float64Array((count + 1) ** 2).fill(missing);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let sum = 0;
        for (let l = 0; l < classes.size; l++)
          sum += term(shares[a * classes.size + l]! - shares[b * classes.size + l]!);
        table[(a + 1) * (count + 1) + b + 1] = sum ** power;
      }
    }
    return table;
  });
}
