import type { NumericRows } from '../../data/dataset.ts';

export interface ColumnSpread {
  /**
   * The columns in which the rows differ, ascending. A column of one value is no dimension: methods that draw from balls
   * around rows leave it alone.
   */
  readonly varying: Int32Array;
  /**
   * Largest range of a column, or 1 where no column varies. Methods whose papers take features from 0 to 1 for granted measure
   * distances in this unit, so that scaling all features alike changes nothing.
   */
  readonly widest: number;
}

/** How far the values of the columns spread over all rows. */
export function columnSpread(X: NumericRows): ColumnSpread {
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
  const varying = Int32Array.from(least.keys()).filter((column) => most[column]! > least[column]!);
  // Halves first: the range of the largest numbers is none.
  const half = varying.reduce((widest, column) => Math.max(widest, most[column]! / 2 - least[column]! / 2), 0);
  return { varying, widest: half > 0 ? Math.min(2 * half, Number.MAX_VALUE) : 1 };
}
