import { checkSparse, throwNotFinite } from '../data/check-rows.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';

/** Dense rows with every value finite; dense input is not copied. Throws `not-finite`, `bad-sparse`. */
export function denseRows(X: NumericRows): Matrix {
  const { rows, columns } = X;
  if (X.kind === 'dense') {
    if (!allFinite(X.data)) throwNotFinite(X);
    return X;
  }
  checkSparse(X);
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let e = X.offsets[i]!; e < X.offsets[i + 1]!; e++) data[i * columns + X.indices[e]!] = X.values[e]!;
  }
  return { kind: 'dense', rows, columns, data };
}

/** A product with zero is NaN for all that is not finite, and one sum tells of all. */
function allFinite(values: Float64Array): boolean {
  let probe = 0;
  for (let i = 0; i < values.length; i++) probe += values[i]! * 0;
  return probe === 0;
}
