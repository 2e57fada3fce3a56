import { checkColumnCount } from '../data/check-dataset.ts';
import { checkSparse, throwNotFinite } from '../data/check-rows.ts';
import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Work, withKernels } from '../runtime/work.ts';

const TASK_ROWS = 256;
const STAGED_VALUES = 524288;

/** A linear model's numbers: sigmoid of one score for two classes, softmax over the classes seen otherwise. */
export interface LinearScores {
  /** `scores × columns`, row-major. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly columns: number;
  /** Number of classes in the output. */
  readonly classes: number;
  /** Output columns of the classes that have a score; the others get probability 0. Two of them share one score. */
  readonly places: Int32Array;
}

/**
 * Class probabilities, `rows × classes`. A row's bytes do not depend on the batch it comes in, nor on whether it is dense
 * or sparse. Throws `column-mismatch`, `not-finite`.
 */
export function linearProbabilities(model: LinearScores, X: NumericRows, options?: RunOptions): Promise<Matrix> {
  const { columns, classes } = model;
  checkColumnCount(X, columns);
  if (X.kind === 'csr') checkSparse(X);
  const result = new Float64Array(X.rows * classes);
  return withKernels(options, async (work) => {
    const { memory } = work;
    const scores = model.intercepts.length;
    const coefficients = place(memory.float64(model.coefficients.length), model.coefficients);
    const intercepts = place(memory.float64(scores), model.intercepts);
    const places = place(memory.int32(model.places.length), model.places);
    const flag = memory.int32(1, 'zero');
    const slab = slabRows(X, Math.max(columns, classes));
    const predictors = memory.float64(slab * scores);
    const output = memory.float64(slab * classes);
    const load = X.kind === 'dense' ? denseLoader(work, X, slab) : sparseLoader(work, X, slab);
    for (let first = 0; first < X.rows; first += slab) {
      const count = Math.min(slab, X.rows - first);
      const tasks = Math.ceil(count / TASK_ROWS);
      const rows = load(first, count);
      const shape = [count, columns, scores, TASK_ROWS, coefficients.address, intercepts.address, predictors.address];
      memory.run(X.kind === 'dense' ? 'predictorsDense' : 'predictorsSparse', 0, tasks, [...rows, ...shape]);
      const ends = [classes, places.address, output.address, flag.address];
      memory.run('probabilities', 0, tasks, [predictors.address, count, scores, TASK_ROWS, ...ends]);
      result.set(output.view().subarray(0, count * classes), first * classes);
      if (flag.view()[0]) throwOverflow(X);
      await work.breathe();
    }
    return matrix(result, X.rows, classes);
  });
}

function slabRows(X: NumericRows, width: number): number {
  const fitting = Math.floor(STAGED_VALUES / Math.max(1, width));
  return Math.max(1, Math.min(X.rows, Math.ceil(fitting / TASK_ROWS) * TASK_ROWS));
}

type Loader = (first: number, count: number) => number[];

function denseLoader({ memory }: Work, X: NumericRows & { kind: 'dense' }, slab: number): Loader {
  const staging = memory.float64(slab * X.columns);
  return (first, count) => {
    staging.view().set(X.data.subarray(first * X.columns, (first + count) * X.columns));
    return [staging.address];
  };
}

function sparseLoader({ memory }: Work, X: NumericRows & { kind: 'csr' }, slab: number): Loader {
  let most = 0;
  for (let first = 0; first < X.rows; first += slab) {
    most = Math.max(most, X.offsets[Math.min(X.rows, first + slab)]! - X.offsets[first]!);
  }
  const offsets = memory.int32(slab + 1);
  const indices = memory.int32(most);
  const values = memory.float64(most);
  return (first, count) => {
    const begin = X.offsets[first]!;
    const end = X.offsets[first + count]!;
    offsets.view().set(X.offsets.subarray(first, first + count + 1));
    indices.view().set(X.indices.subarray(begin, end));
    values.view().set(X.values.subarray(begin, end));
    return [offsets.address, indices.address, values.address];
  };
}

function place<T extends Float64Array | Int32Array>(block: KernelArray<T>, values: T): KernelArray<T> {
  block.view().set(values);
  return block;
}

function throwOverflow(X: NumericRows): never {
  throwNotFinite(X);
  throw new CounterweightError('not-finite', 'a linear predictor overflowed: values and coefficients are too large');
}
