import { checkColumnCount } from '../data/check-dataset.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { denseRows } from '../neighbors/dense-rows.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import type { AnomalyModel, AnomalyModelJSON } from './detector.ts';

export interface FittedParts {
  readonly name: string;
  readonly columns: number;
  readonly notices: readonly Notice[];
  /** Scores of at least one row, checked and dense. */
  score(rows: Matrix, options: RunOptions | undefined): Float64Array | Promise<Float64Array>;
  /** All fields of the JSON but kind, columns and notices. */
  fields(): Readonly<Record<string, unknown>>;
}

/** The model of a detector, with the checks that all of them share. */
export function fittedModel({ name, columns, notices, score, fields }: FittedParts): AnomalyModel {
  return Object.freeze({
    name,
    columns,
    notices,
    async score(X: NumericRows, options?: RunOptions) {
      throwIfAborted(options?.signal);
      checkColumnCount(X, columns, name);
      const rows = denseRows(X);
      return rows.rows === 0 ? new Float64Array(0) : withinNumbers(await score(rows, options));
    },
    toJSON: (): AnomalyModelJSON => ({ kind: name, columns, ...fields(), notices }),
  });
}

/** Rows so far off that sums and squares leave the range of numbers get the largest number there is. */
function withinNumbers(scores: Float64Array): Float64Array {
  for (let i = 0; i < scores.length; i++) if (!Number.isFinite(scores[i])) scores[i] = Number.MAX_VALUE;
  return scores;
}
