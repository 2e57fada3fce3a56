import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';

/**
 * Losses of held-out rows under each setting of a decision, `rows × settings`; `loss(row, setting)` is called once for
 * each. Throws `bad-losses` where a loss is not a finite number.
 */
export function lossTable(rows: number, settings: number, loss: (row: number, setting: number) => number): Matrix {
  const out = new Float64Array(rows * settings);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let setting = 0; setting < settings; setting++, at++) out[at] = loss(row, setting);
  }
  const table = matrix(out, rows, settings);
  requireLosses(table, -Number.MAX_VALUE, Number.MAX_VALUE);
  return table;
}

/** Mean loss of each setting; 0 without rows. */
export function meanLosses({ data, rows, columns }: Matrix): Float64Array {
  const sums = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let setting = 0; setting < columns; setting++, at++) sums[setting]! += data[at]!;
  }
  return rows === 0 ? sums : sums.map((sum) => sum / rows);
}

/** Throws `bad-losses` at the first loss outside `low .. high`. */
export function requireLosses({ data, columns }: Matrix, low: number, high: number): void {
  const bad = data.findIndex((loss) => !(loss >= low && loss <= high));
  if (bad < 0) return;
  const row = Math.floor(bad / columns);
  throw new CounterweightError('bad-losses', `losses must lie in ${low} to ${high}, got ${data[bad]} in row ${row}`, {
    row,
  });
}
