import { checkColumnCount } from '../data/check-dataset.ts';
import { checkSparse } from '../data/check-rows.ts';
import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { readRow } from '../data/read-row.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';

/** Scores of the classes that a model has seen, from one row. */
export interface RowScores {
  readonly columns: number;
  /** Number of classes in the output. */
  readonly classes: number;
  /** Output columns of the classes that have a score, two at least; the others get probability 0. */
  readonly present: readonly number[];
  /** Writes the score of each class of `present`: log-probabilities but for what all classes share. */
  score(row: Float64Array, scores: Float64Array): void;
}

const SLAB_ROWS = 1024;

/**
 * Softmax of the scores of each row, `rows × classes`. A row's bytes depend on its cells alone. Throws `column-mismatch`,
 * `not-finite`, also where scores leave the range of float64.
 */
export function scoreProbabilities(model: RowScores, X: NumericRows, options?: RunOptions): Promise<Matrix> {
  const { columns, classes, present } = model;
  checkColumnCount(X, columns);
  if (X.kind === 'csr') checkSparse(X);
  const result = new Float64Array(X.rows * classes);
  return withKernels(options, async ({ memory, breathe }) => {
    const slab = Math.min(SLAB_ROWS, X.rows);
    const inputs = memory.float64(slab * present.length);
    const outputs = memory.float64(slab * classes);
    const places = memory.int32(present.length);
    places.view().set(present);
    const flag = memory.int32(1, 'zero');
    const row = new Float64Array(columns);
    const scores = new Float64Array(present.length);
    for (let first = 0; first < X.rows; first += slab) {
      const count = Math.min(slab, X.rows - first);
      const target = inputs.view();
      for (let i = 0; i < count; i++) {
        readRow(X, first + i, row);
        model.score(row, scores);
        checkScores(scores, row, first + i);
        target.set(scores, i * present.length);
      }
      const shape = [inputs.address, count, present.length, count, classes];
      memory.run('probabilities', 0, 1, [...shape, places.address, outputs.address, flag.address]);
      result.set(outputs.view().subarray(0, count * classes), first * classes);
      await breathe();
    }
    return matrix(result, X.rows, classes);
  });
}

function checkScores(scores: Float64Array, row: Float64Array, index: number): void {
  let probe = 0;
  for (let k = 0; k < scores.length; k++) probe += scores[k]! * 0;
  // A column that the scores leave out must have a value all the same.
  for (let j = 0; j < row.length; j++) probe += row[j]! * 0;
  if (probe === 0) return;
  const column = row.findIndex((value) => !Number.isFinite(value));
  const message =
    column < 0
      ? `row ${index} lies so far from the training rows that its scores leave the range of float64`
      : `the value in row ${index}, column ${column} is ${Number.isNaN(row[column]!) ? 'missing (NaN)' : 'infinite'}; impute or drop it first`;
  throw new CounterweightError('not-finite', message, {
    row: index,
    ...(column >= 0 && { column: String(column) }),
  });
}
