import { readFileSync } from 'node:fs';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Golden values; the script that made them stands beside them. */
export const golden = JSON.parse(readFileSync(new URL('../fixtures/anomaly.json', import.meta.url), 'utf8'));
export const goldenRows: Matrix = dense(golden.rows, golden.columns);
export const goldenFresh: Matrix = dense(golden.fresh, golden.columns);

export function dense(values: readonly number[] | Float64Array, columns: number): Matrix {
  return matrix(Float64Array.from(values), values.length / columns, columns);
}

/** Normal rows with a factor in common; the last `strange` of them far from the others, each in a direction of its own. */
export function heap(rows: number, columns: number, strange: number, seed = 0): Matrix {
  const stream = randomStream(seed, 'heap');
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const factor = stream.normal();
    for (let j = 0; j < columns; j++) data[i * columns + j] = 0.7 * factor + 0.7 * stream.normal();
  }
  for (let i = rows - strange; i < rows; i++) {
    for (let j = 0; j < columns; j++)
      data[i * columns + j] = (stream.uniform() < 0.5 ? -1 : 1) * (5 + stream.uniform());
  }
  return matrix(data, rows, columns);
}

export function pick({ data, columns }: Matrix, rows: readonly number[]): Matrix {
  return dense(
    rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)]),
    columns,
  );
}

export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i]! - b[i]!);
    if (!(apart <= gap)) gap = apart;
  }
  return gap;
}

/** Share of pairs of one strange and one ordinary row in which the strange one scores higher. */
export function rocAuc(scores: ArrayLike<number>, isStrange: (row: number) => boolean): number {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < scores.length; i++) {
    if (!isStrange(i)) continue;
    for (let j = 0; j < scores.length; j++) {
      if (isStrange(j)) continue;
      pairs++;
      wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((x, y) => x + y) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
