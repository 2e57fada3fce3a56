import type { NumericRows } from '../data/dataset.ts';
import { readRow } from '../data/read-row.ts';
import type { VisitRow } from './each-row.ts';
import type { TrainingRows } from './logistic-data.ts';

/** Means counted from the first row, so that a constant column has the variance 0 to the last bit. */
export interface ClassMeans {
  /** The first training row. */
  readonly origin: Float64Array;
  /** Weighted means of each class less the origin, `classes × columns`. */
  readonly means: Float64Array;
}

/** Reads the rows once. `sums` are the weights of the classes. */
export async function classMeans(
  X: NumericRows,
  { kept }: TrainingRows,
  sums: Float64Array,
  visitRows: (visit: VisitRow) => Promise<void>,
): Promise<ClassMeans> {
  const { columns } = X;
  const origin = new Float64Array(columns);
  readRow(X, kept ? kept[0]! : 0, origin);
  const shares = sums.map((sum) => 1 / sum);
  const means = new Float64Array(sums.length * columns);
  await visitRows((cells, start, label, weight) => {
    const share = weight * shares[label]!;
    for (let j = 0, at = label * columns; j < columns; j++, at++)
      means[at]! += share * (cells[start + j]! - origin[j]!);
  });
  return { origin, means };
}
