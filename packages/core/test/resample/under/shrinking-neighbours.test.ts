import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { selectNumericRows } from '../../../src/data/select-numeric-rows.ts';
import { nearestNeighbours } from '../../../src/neighbors/index.ts';
import { shrinkingNeighbours } from '../../../src/resample/under/shrinking-neighbours.ts';
import { randomStream } from '../../../src/runtime/random.ts';

const stream = randomStream(2, 'shrinking neighbours');

/** Two classes that overlap at the edge. */
function overlapping(rows: number, columns: number) {
  const codes = Int32Array.from({ length: rows }, () => (stream.uniform() < 0.2 ? 1 : 0));
  const data = Float64Array.from({ length: rows * columns }, (_, cell) => {
    return stream.normal() + 1.5 * codes[Math.floor(cell / columns)]!;
  });
  return { X: matrix(data, rows, columns), y: { codes, classes: [0, 1] } };
}

describe('shrinkingNeighbours', () => {
  it.each([
    ['with a look at what is around', 3800, 8],
    ['with lists alone', 4000, 3],
    ['of few rows', 400, 8],
  ])('finds the nearest rows left, or others of a class that all of those are of: %s', async (_name, rows, columns) => {
    const data = overlapping(rows, columns);
    const { codes } = data.y;
    const neighbours = shrinkingNeighbours({ data, run: {} }, { most: 3, spare: 2 });
    const gone = new Uint8Array(rows);
    for (const [round, k] of [1, 3, 2, 3, 3].entries()) {
      const left = Int32Array.from(codes.keys()).filter((row) => gone[row] === 0);
      const asked = left.filter((row) => codes[row] === 0 || round > 2);
      const found = await neighbours.nearest(asked, k, gone);
      const expected = await nearestNeighbours({ reference: selectNumericRows(data.X, left), k });
      const place = new Map(Array.from(left, (row, i) => [row, i]));
      asked.forEach((row, i) => {
        const at = place.get(row)! * k;
        const nearest = [...expected.indices.subarray(at, at + k)].map((each) => left[each]!);
        const given = [...found.subarray(i * k, (i + 1) * k)];
        expect(given.every((each) => gone[each] === 0 && each !== row)).toBe(true);
        if (given.every((each) => codes[each] === codes[row])) {
          expect(nearest.every((each) => codes[each] === codes[row])).toBe(true);
        } else expect(given).toEqual(nearest);
      });
      // Many of one neighbourhood, so that lists run short.
      for (const row of left) if (data.X.data[row * columns]! < round / 2 - 1 && stream.uniform() < 0.7) gone[row] = 1;
    }
    neighbours.dispose();
  });
});
