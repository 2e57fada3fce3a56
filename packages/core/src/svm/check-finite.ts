import type { NumericRows } from '../data/dataset.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** Throws `not-finite` with the first row that has a value no kernel can take. */
export function checkFinite(X: NumericRows): void {
  const values = X.kind === 'dense' ? X.data : X.values;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const row = X.kind === 'dense' ? Math.floor(i / X.columns) : X.offsets.findIndex((end) => end > i) - 1;
    throw new CounterweightError('not-finite', `row ${row} has the value ${values[i]}: a kernel needs finite numbers`, {
      row,
    });
  }
}
