import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/** Throws `negative-count` with the first cell below 0. */
export function checkCounts(X: NumericRows): void {
  const values = X.kind === 'dense' ? X.data : X.values;
  const at = values.findIndex((value) => value < 0);
  if (at < 0) return;
  const row = X.kind === 'dense' ? Math.floor(at / X.columns) : X.offsets.findIndex((end) => end > at) - 1;
  const column = X.kind === 'dense' ? at % X.columns : X.indices[at]!;
  throw new CounterweightError(
    'negative-count',
    `the value in row ${row}, column ${column} is ${values[at]}; naive Bayes of counts needs values of at least 0`,
    { row, column: String(column) },
  );
}
