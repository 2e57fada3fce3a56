import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { readRow } from '../data/read-row.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { checkFinite } from './check-finite.ts';
import type { SvmKernel } from './kernel.ts';
import { kernelRows, kernelSlice } from './kernel-rows.ts';

/** One two-class decision: a weighted sum of kernels with some of the support vectors. */
export interface SupportVectorDecision {
  /** Places among the support vectors. */
  readonly places: Int32Array;
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** What a fitted machine decides by. */
export interface DecisionParts {
  readonly kernel: SvmKernel;
  /** Column means, from which rows are counted. */
  readonly means: Float64Array;
  readonly vectors: NumericRows;
  readonly decisions: readonly SupportVectorDecision[];
}

/** Cells between two looks at the clock. */
const STRIDE_CELLS = 1 << 20;
const BREATH_MILLISECONDS = 40;

/** Decision values, `rows × decisions`. A row's bytes depend on its cells alone. Throws `column-mismatch`, `not-finite`, `aborted`. */
export async function decisionValues(parts: DecisionParts, X: NumericRows, run: RunOptions = {}): Promise<Matrix> {
  const { vectors, decisions } = parts;
  throwIfAborted(run.signal);
  if (X.columns !== vectors.columns) {
    throw new CounterweightError(
      'column-mismatch',
      `the machine was fitted on ${vectors.columns} columns, the rows have ${X.columns}`,
    );
  }
  checkFinite(X);
  const values = new Float64Array(X.rows * decisions.length);
  const decide = parts.kernel.name === 'linear' ? bySlopes(parts, X) : bySupportVectors(parts, X);
  const cells = X.columns * (parts.kernel.name === 'linear' ? decisions.length : vectors.rows);
  const stride = Math.max(1, Math.floor(STRIDE_CELLS / Math.max(1, cells)));
  let last = performance.now();
  for (let q = 0; q < X.rows; q++) {
    decide(q, values, q * decisions.length);
    if (q % stride > 0 || performance.now() - last <= BREATH_MILLISECONDS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(run.signal);
    last = performance.now();
  }
  return matrix(values, X.rows, decisions.length);
}

type Decide = (row: number, target: Float64Array, start: number) => void;

/** A linear kernel's sum over vectors is one product with their sum. */
function bySlopes({ vectors, decisions }: DecisionParts, X: NumericRows): Decide {
  const { columns } = X;
  const slopes = decisions.map((decision) => slopeOf(vectors, decision));
  const row = new Float64Array(columns);
  return (q, target, start) => {
    readRow(X, q, row);
    for (const [p, slope] of slopes.entries()) {
      let sum = decisions[p]!.intercept;
      for (let j = 0; j < columns; j++) sum += slope[j]! * row[j]!;
      target[start + p] = sum;
    }
  };
}

/** Coefficients of the columns in a decision with the linear kernel. */
export function slopeOf(vectors: NumericRows, { places, coefficients }: SupportVectorDecision): Float64Array {
  const slope = new Float64Array(vectors.columns);
  const row = new Float64Array(vectors.columns);
  for (let s = 0; s < places.length; s++) {
    readRow(vectors, places[s]!, row);
    for (let j = 0; j < slope.length; j++) slope[j]! += coefficients[s]! * row[j]!;
  }
  return slope;
}

function bySupportVectors({ kernel, means, vectors, decisions }: DecisionParts, X: NumericRows): Decide {
  const held = kernelRows(vectors, kernel, means);
  const query = Int32Array.of(0);
  const kernels = new Float64Array(vectors.rows);
  return (q, target, start) => {
    query[0] = q;
    kernelSlice(kernelRows(X, kernel, means, query), 0, held, kernels, 0, vectors.rows);
    for (const [p, { places, coefficients, intercept }] of decisions.entries()) {
      let sum = intercept;
      for (let s = 0; s < places.length; s++) sum += coefficients[s]! * kernels[places[s]!]!;
      target[start + p] = sum;
    }
  };
}
