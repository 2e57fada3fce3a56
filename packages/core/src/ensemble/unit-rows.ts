import type { Dataset } from '../data/dataset.ts';
import { subsetLabels } from '../data/labels.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import type { TrainingRows } from '../learn/logistic-data.ts';
import type { RowUnits } from './row-units.ts';

/**
 * The training rows with a row a unit, for methods that make rows: a row of whole weight is as many rows. Weights are what a
 * unit counts. Rows that all weigh 1 are not copied.
 */
export function unitRows(
  data: Dataset,
  { kept, count, weights }: TrainingRows,
  units: RowUnits,
): Dataset & { readonly weights: Float64Array } {
  const { X, y } = data;
  if (!kept && weights.every((weight) => weight === 1)) return { X, y, weights: new Float64Array(count).fill(1) };
  let total = 0;
  for (const own of units.ofClass) total += own.length;
  const all = new Int32Array(total);
  let at = 0;
  for (const own of units.ofClass) {
    all.set(own, at);
    at += own.length;
  }
  all.sort();
  const rows = all.map((row) => (kept ? kept[row]! : row));
  return {
    X: selectNumericRows(X, rows),
    y: subsetLabels(y, rows),
    weights: Float64Array.from(all, units.weightOf),
  };
}
