import type { Dataset, NumericRows } from '../../src/data/dataset.ts';
import type { ClassLabel, Labels } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { type SparseMatrix, sparseMatrix } from '../../src/data/sparse.ts';
import { randomStream } from '../../src/runtime/random.ts';

export function labelsOf(labels: readonly ClassLabel[]): Labels {
  const classes = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
  return { classes, codes: Int32Array.from(labels, (label) => classes.indexOf(label)) };
}

export function rowsOf(rows: readonly (readonly number[])[], columns = rows[0]?.length ?? 0): Matrix {
  return matrix(Float64Array.from(rows.flat()), rows.length, columns);
}

/** Labels by count, shuffled: `{ a: 3, b: 1 }` in some order. */
export function shuffledLabels(counts: readonly (readonly [ClassLabel, number])[], seed: number): ClassLabel[] {
  return randomStream(seed, 'labels').shuffle(counts.flatMap(([label, count]) => new Array(count).fill(label)));
}

/** Gaussian rows around a centre a class; no two distances tie. */
export function gaussianDataset(
  counts: readonly (readonly [ClassLabel, number])[],
  columns: number,
  seed: number,
): Dataset & { X: Matrix } {
  const y = labelsOf(shuffledLabels(counts, seed));
  const stream = randomStream(seed, 'features');
  const data = new Float64Array(y.codes.length * columns);
  for (let i = 0; i < data.length; i++) data[i] = stream.normal() + 2 * y.codes[Math.floor(i / columns)]!;
  return { X: matrix(data, y.codes.length, columns), y };
}

export function toSparse(X: Matrix): SparseMatrix {
  const offsets = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < X.rows; row++) {
    for (let column = 0; column < X.columns; column++) {
      const value = X.data[row * X.columns + column]!;
      if (value !== 0) {
        indices.push(column);
        values.push(value);
      }
    }
    offsets.push(indices.length);
  }
  return sparseMatrix(Int32Array.from(offsets), Int32Array.from(indices), Float64Array.from(values), X.columns);
}

export function toDense(X: NumericRows): Matrix {
  if (X.kind === 'dense') return X;
  const data = new Float64Array(X.rows * X.columns);
  for (let row = 0; row < X.rows; row++) {
    for (let cell = X.offsets[row]!; cell < X.offsets[row + 1]!; cell++) {
      data[row * X.columns + X.indices[cell]!] = X.values[cell]!;
    }
  }
  return matrix(data, X.rows, X.columns);
}

/** Row `i` as numbers. */
export function rowAt(X: NumericRows, i: number): number[] {
  const dense = toDense(X);
  return [...dense.data.subarray(i * dense.columns, (i + 1) * dense.columns)];
}

/** Column `j` as an array. */
export function columnAt(X: NumericRows, j: number): Float64Array {
  const dense = toDense(X);
  return Float64Array.from({ length: dense.rows }, (_, i) => dense.data[i * dense.columns + j]!);
}

/** Rows a class, by label. */
export function countsByLabel({ classes, codes }: Labels): Map<ClassLabel, number> {
  const counts = new Map<ClassLabel, number>(classes.map((label) => [label, 0]));
  for (const code of codes) counts.set(classes[code]!, counts.get(classes[code]!)! + 1);
  return counts;
}
