import { type Matrix, matrix } from '../data/matrix.ts';
import { randomStream } from '../runtime/random.ts';

/**
 * As many new rows as there are `rows`, each at a random place between two different rows of them (between a row and itself
 * if there is one only). The stream hangs on the seed and on the first row, so it stays the same when classes are renamed.
 */
export function interpolatedRows(values: Float64Array, columns: number, rows: Int32Array, seed: number): Matrix {
  const stream = randomStream(seed, 'interpolated-rows', rows[0] ?? 0);
  const made = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const a = stream.integer(rows.length);
    const b = rows.length > 1 ? (a + 1 + stream.integer(rows.length - 1)) % rows.length : a;
    const gap = stream.uniform();
    const from = rows[a]! * columns;
    const to = rows[b]! * columns;
    for (let f = 0; f < columns; f++) {
      made[i * columns + f] = values[from + f]! + gap * (values[to + f]! - values[from + f]!);
    }
  }
  return matrix(made, rows.length, columns);
}
