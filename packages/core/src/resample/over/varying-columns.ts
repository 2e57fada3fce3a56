import type { NumericRows } from '../../data/dataset.ts';

/**
 * The columns in which the rows differ, ascending. A column of one value is no dimension: methods that draw from balls around
 * rows leave it alone.
 */
export function varyingColumns(X: NumericRows): Int32Array {
  const least = new Float64Array(X.columns).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(X.columns).fill(Number.NEGATIVE_INFINITY);
  const see = (column: number, value: number) => {
    if (value < least[column]!) least[column] = value;
    if (value > most[column]!) most[column] = value;
  };
  if (X.kind === 'dense') {
    for (let at = 0; at < X.data.length; at++) see(at % X.columns, X.data[at]!);
  } else {
    const stored = new Int32Array(X.columns);
    for (let at = 0; at < X.indices.length; at++) {
      see(X.indices[at]!, X.values[at]!);
      stored[X.indices[at]!]!++;
    }
    for (let column = 0; column < X.columns; column++) if (stored[column]! < X.rows) see(column, 0);
  }
  return Int32Array.from(least.keys()).filter((column) => most[column]! > least[column]!);
}
