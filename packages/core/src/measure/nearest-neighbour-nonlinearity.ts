import type { RunOptions } from '../runtime/run-options.ts';
import { type ClassMeasure, frozenMeasure } from './class-measure.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues, rowsByClass } from './difficulty-input.ts';
import { interpolatedRows } from './interpolated-rows.ts';
import type { FindNeighbours } from './neighbourhoods.ts';

/**
 * N4 (Lorena et al. 2019): error of the nearest neighbour, one and not five, on new rows between random pairs of rows of a
 * class, as many a class as it has rows. Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export async function nearestNeighbourNonlinearity(
  data: DifficultyInput,
  request: { readonly find: FindNeighbours; readonly seed?: number | undefined },
  options?: RunOptions,
): Promise<ClassMeasure> {
  checkDifficultyInput(data);
  const { X, y } = data;
  const values = denseValues(X);
  let wrong = 0;
  const perClass: (number | null)[] = [];
  for (const [code, rows] of rowsByClass(y).entries()) {
    if (rows.length === 0) {
      perClass.push(null);
      continue;
    }
    const made = interpolatedRows(values, X.columns, rows, request.seed ?? 0);
    const { indices } = await request.find({ reference: X, queries: made, k: 1 }, options);
    const errors = indices.reduce((count, row) => count + (y.codes[row] === code ? 0 : 1), 0);
    wrong += errors;
    perClass.push(errors / rows.length);
  }
  return frozenMeasure(wrong / y.codes.length, perClass);
}
