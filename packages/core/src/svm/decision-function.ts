import { checkColumnCount } from '../data/check-dataset.ts';
import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { readRow } from '../data/read-row.ts';
import { placedNumbers } from '../runtime/placed-numbers.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { checkFinite } from './check-finite.ts';
import type { SvmKernel } from './kernel.ts';
import { BLOCK, kernelRows } from './kernel-rows.ts';

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

/** Decision values, `rows × decisions`. A row's bytes depend on its cells alone. Throws `column-mismatch`, `not-finite`, `aborted`. */
export async function decisionValues(parts: DecisionParts, X: NumericRows, run: RunOptions = {}): Promise<Matrix> {
  const { vectors, decisions } = parts;
  throwIfAborted(run.signal);
  checkColumnCount(X, vectors.columns);
  checkFinite(X);
  const values = await (parts.kernel.name === 'linear' ? bySlopes(parts, X, run) : bySupportVectors(parts, X, run));
  return matrix(values, X.rows, decisions.length);
}

/** A linear kernel's sum over vectors is one product with their sum. */
function bySlopes({ vectors, decisions }: DecisionParts, X: NumericRows, run: RunOptions): Promise<Float64Array> {
  const { columns } = X;
  const slopes = decisions.map((decision) => slopeOf(vectors, decision));
  const row = new Float64Array(columns);
  const values = new Float64Array(X.rows * decisions.length);
  return withKernels(run, async ({ breathe }) => {
    for (let q = 0; q < X.rows; q++) {
      if (q % TASK_ROWS === 0) await breathe();
      readRow(X, q, row);
      for (const [p, slope] of slopes.entries()) {
        let sum = decisions[p]!.intercept;
        for (let j = 0; j < columns; j++) sum += slope[j]! * row[j]!;
        values[q * decisions.length + p] = sum;
      }
    }
    return values;
  });
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

/** Rows of a task, and of all tasks between two changes of rows in the kernels' memory. */
const TASK_ROWS = 16;
const SLAB_ROWS = 4096;

function bySupportVectors(
  { kernel, means, vectors, decisions }: DecisionParts,
  X: NumericRows,
  options: RunOptions,
): Promise<Float64Array> {
  const { columns } = X;
  const values = new Float64Array(X.rows * decisions.length);
  return withKernels(options, async ({ memory, threads, run }) => {
    const held = kernelRows(vectors, kernel, means);
    const blocks = Math.ceil(vectors.rows / BLOCK);
    const cells = placedNumbers(memory, held.cells);
    const halves = placedNumbers(memory, held.halves, blocks * BLOCK);
    const coefficients = placedNumbers(memory, spread(decisions, blocks * BLOCK));
    const intercepts = placedNumbers(
      memory,
      Float64Array.from(decisions, ({ intercept }) => intercept),
    );
    const scratch = memory.float64(threads * (columns + blocks * BLOCK));
    const slab = Math.min(SLAB_ROWS, X.rows);
    const queries = memory.float64(Math.ceil(slab / BLOCK) * BLOCK * columns);
    const queryHalves = memory.float64(slab);
    const target = memory.float64(slab * decisions.length);
    for (let first = 0; first < X.rows; first += slab) {
      const count = Math.min(slab, X.rows - first);
      const asked = kernelRows(
        X,
        kernel,
        means,
        Int32Array.from({ length: count }, (_, i) => first + i),
      );
      queries.view().set(asked.cells);
      queryHalves.view().set(asked.halves);
      const shape = [queries.address, queryHalves.address, count, columns, TASK_ROWS];
      const others = [cells.address, halves.address, blocks, scratch.address, columns * 8];
      const sums = [decisions.length, coefficients.address, intercepts.address, target.address];
      await run('svmDecide', Math.ceil(count / TASK_ROWS), [...shape, ...others, ...sums]);
      values.set(target.view().subarray(0, count * decisions.length), first * decisions.length);
    }
    return values;
  });
}

/** Coefficients of all vectors, decision after decision; 0 where a decision does not use a vector. */
function spread(decisions: readonly SupportVectorDecision[], length: number): Float64Array {
  const all = new Float64Array(decisions.length * length);
  for (const [p, { places, coefficients }] of decisions.entries()) {
    for (let s = 0; s < places.length; s++) all[p * length + places[s]!] = coefficients[s]!;
  }
  return all;
}
