import type { NumericRows } from '../data/dataset.ts';
import { readRow } from '../data/read-row.ts';
import type { TrainingRows } from './logistic-data.ts';

/** The cells of a row stand in `cells` from `at` on. */
export type VisitRow = (cells: Float64Array, at: number, label: number, weight: number) => void;

const STRIDE_CELLS = 1 << 19;

/** Goes through the training rows, also sparse ones; `breathe` is called now and then, sooner the more `work` a row is. */
export function eachRow(
  X: NumericRows,
  { kept, count, labels, weights }: TrainingRows,
  breathe: () => Promise<void>,
  work = X.columns,
): (visit: VisitRow) => Promise<void> {
  const { columns } = X;
  const stride = Math.max(1, Math.floor(STRIDE_CELLS / Math.max(1, work)));
  const row = X.kind === 'dense' ? X.data : new Float64Array(columns);
  return async (visit) => {
    for (let first = 0; first < count; first += stride) {
      const end = Math.min(count, first + stride);
      for (let i = first; i < end; i++) {
        const source = kept ? kept[i]! : i;
        if (X.kind === 'csr') readRow(X, source, row);
        visit(row, X.kind === 'dense' ? source * columns : 0, labels[i]!, weights[i]!);
      }
      await breathe();
    }
  };
}
