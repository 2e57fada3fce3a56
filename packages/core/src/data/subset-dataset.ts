import type { Dataset, NumericRows, Rows } from './dataset.ts';
import { subsetLabels } from './labels.ts';
import { selectRows } from './select.ts';
import { selectNumericRows } from './select-numeric-rows.ts';

/**
 * A copy of the given rows (0-based, in the given order, repeats allowed) with their labels, and with their weights and groups
 * where the data have them. Throws `bad-row` for an index outside a table.
 */
export function subsetDataset<R extends Rows = NumericRows>(data: Dataset<R>, rows: Int32Array): Dataset<R> {
  const { y, weights, groups } = data;
  const X: Rows = data.X;
  return {
    X: (X.kind === 'table' ? selectRows(X, rows) : selectNumericRows(X, rows)) as R,
    y: subsetLabels(y, rows),
    ...(weights && { weights: Float64Array.from(rows, (row) => weights[row]!) }),
    ...(groups && { groups: rows.map((row) => groups[row]!) }),
  };
}
