import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import type { Model } from '../../../src/learn/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';

export type Ways = Record<number, 1 | -1>;

/** Probabilities of the second class. */
export const second = (model: Pick<Model, 'predictProba'>) => async (X: Matrix) =>
  (await model.predictProba(X)).data.filter((_, at) => at % 2 === 1);

/** Rows that differ in one column only, its values rising. */
function line(row: ArrayLike<number>, column: number, values: readonly number[]): Matrix {
  const width = row.length;
  const cells = Float64Array.from({ length: values.length * width }, (_, at) =>
    at % width === column ? values[Math.floor(at / width)]! : row[at % width]!,
  );
  return matrix(cells, values.length, width);
}

/** The greatest step against the ways, along each constrained column through each of some rows. */
export async function greatestBreach(
  predict: (X: Matrix) => Promise<ArrayLike<number>>,
  X: Matrix,
  ways: Ways,
  rows = 8,
): Promise<number> {
  let breach = Number.NEGATIVE_INFINITY;
  for (const [column, way] of Object.entries(ways)) {
    const at = Number(column);
    const seen = Array.from({ length: X.rows }, (_, i) => X.data[i * X.columns + at]!).filter((x) => !Number.isNaN(x));
    const values = [...new Set([...seen, -1e6, 1e6])].sort((a, b) => a - b);
    for (let i = 0; i < Math.min(rows, X.rows); i++) {
      const row = X.data.subarray(i * X.columns, (i + 1) * X.columns);
      const found = await predict(line(row, at, values));
      for (let k = 1; k < values.length; k++) breach = Math.max(breach, way * (found[k - 1]! - found[k]!));
    }
  }
  return breach;
}

/** Noise that the columns say little about: what a tree learns of it by itself goes up and down. */
export function noise(rows: number, columns: number, seed: number, missing = 0) {
  const stream = randomStream(seed, 'noise');
  const cell = () => (stream.uniform() < missing ? Number.NaN : Math.round(stream.normal() * 8) / 8);
  const X = matrix(Float64Array.from({ length: rows * columns }, cell), rows, columns);
  const codes = Int32Array.from({ length: rows }, (_, i) => {
    const score = Math.sin(3 * (X.data[i * columns] || 0)) + (X.data[i * columns + 1] || 0) * stream.normal();
    return score + stream.normal() > 0.5 ? 1 : 0;
  });
  codes.set([0, 1]);
  const weights = Float64Array.from({ length: rows }, () => 1 + stream.integer(3) / (seed % 2 === 0 ? 1 : 3));
  return { X, y: { codes, classes: ['no', 'yes'] }, weights };
}
