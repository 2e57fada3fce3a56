import type { Dataset } from '../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { type SparseMatrix, sparseMatrix } from '../../src/data/sparse.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** The same cells without the zeros. */
export function toSparse({ rows, columns, data }: Matrix): SparseMatrix {
  const offsets = new Int32Array(rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (data[i * columns + j] === 0) continue;
      indices.push(j);
      values.push(data[i * columns + j]!);
    }
    offsets[i + 1] = indices.length;
  }
  return sparseMatrix(offsets, Int32Array.from(indices), Float64Array.from(values), columns);
}

/** Classes that overlap, drawn from a linear model; a share `zeros` of the cells is 0. */
export function overlapping(
  rows: number,
  columns: number,
  classes: number,
  seed = 0,
  zeros = 0.3,
): Dataset & { X: Matrix } {
  const stream = randomStream(seed, 'overlapping');
  const data = Float64Array.from({ length: rows * columns }, () => (stream.uniform() < zeros ? 0 : stream.normal()));
  const slopes = Float64Array.from({ length: classes * columns }, stream.normal);
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) {
      let z = -Math.log(-Math.log(stream.uniform()));
      for (let j = 0; j < columns; j++) z += data[i * columns + j]! * slopes[k * columns + j]!;
      if (z > best) {
        best = z;
        codes[i] = k;
      }
    }
  }
  return {
    X: matrix(data, rows, columns),
    y: { codes, classes: Array.from({ length: classes }, (_, k) => `c${k}`) },
  };
}

export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let gap = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= gap)) gap = d;
  }
  return gap;
}
