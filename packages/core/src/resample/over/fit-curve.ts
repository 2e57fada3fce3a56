import type { Matrix } from '../../data/matrix.ts';

/** Writes the curve's point at a rank from 0 to `rows - 1`, between two ranks too. */
export type Curve = (rank: number, point: Float64Array) => void;

/**
 * The polynomial of `degree` (below the number of rows) that fits each column best, by least squares over the ranks 0, 1, 2,
 * … of the rows. It is built of polynomials orthogonal over the ranks (Forsythe's three-term recurrence), so that high degrees
 * over many rows stay accurate, where powers of the rank do not.
 */
export function fitCurve({ data, rows, columns }: Matrix, degree: number): Curve {
  const half = Math.max(1, (rows - 1) / 2);
  const scaled = (rank: number) => (rank - (rows - 1) / 2) / half;
  // p(t) of the degree before last, and of the last, at every rank.
  let before = new Float64Array(rows);
  let last = new Float64Array(rows).fill(1);
  const steps = new Float64Array(degree + 1);
  const coefficients = new Float64Array((degree + 1) * columns);
  let squaresBefore = 1;
  for (let d = 0; d <= degree; d++) {
    const squares = last.reduce((sum, value) => sum + value * value, 0);
    steps[d] = d === 0 ? 0 : squares / squaresBefore;
    for (let row = 0; row < rows; row++) {
      const factor = last[row]! / squares;
      // From the first row on, so that a column of one value stays what it is.
      for (let j = 0; j < columns; j++) {
        coefficients[d * columns + j]! += factor * (data[row * columns + j]! - data[j]!);
      }
    }
    // The ranks lie symmetrically, so the recurrence has no middle term.
    const next = before.map((value, row) => scaled(row) * last[row]! - steps[d]! * value);
    before = last;
    last = next;
    squaresBefore = squares;
  }
  const first = data.slice(0, columns);
  return (rank, point) => {
    const t = scaled(rank);
    let low = 0;
    let high = 1;
    point.set(first);
    for (let d = 0; d <= degree; d++) {
      for (let j = 0; j < columns; j++) point[j]! += high * coefficients[d * columns + j]!;
      const next = t * high - steps[d]! * low;
      low = high;
      high = next;
    }
  };
}
