import { describe, expect, it } from 'vitest';
import { crossClassDuplicates } from '../../src/measure/near-duplicates.ts';
import { around, clouds, distanceOf, labelled, tied } from './difficulty-sets.ts';

describe('crossClassDuplicates', () => {
  it('are the nearest rows of other classes within the tolerance, whatever the duplicates', async () => {
    for (const data of [tied(70, 1), tied(90, 2, 3), clouds([60, 20], 2, 3, 0.1)]) {
      for (const tolerance of [0, 0.05, 1]) {
        const { pairs, exactShare } = await crossClassDuplicates(data, await around(data, 2), { tolerance });
        const expected = Array.from(data.y.codes, (code, row) => {
          let other = -1;
          for (const [candidate, theirs] of data.y.codes.entries()) {
            if (theirs === code) continue;
            if (other < 0 || distanceOf(data.X, row, candidate) < distanceOf(data.X, row, other)) other = candidate;
          }
          return { row, other, distance: distanceOf(data.X, row, other) };
        });
        const near = expected.filter(({ distance }) => distance <= tolerance);
        expect(pairs).toEqual(near.sort((a, b) => a.distance - b.distance || a.row - b.row));
        const exact = expected.filter(({ distance }) => distance === 0).length;
        expect(exactShare.value).toBeCloseTo(exact / data.X.rows, 14);
      }
    }
  });

  it('take a hundredth of the median nearest distance by default', async () => {
    const data = labelled([[0], [1], [2], [3], [4], [4.005], [4.03]], [0, 0, 0, 0, 0, 1, 1]);
    const { tolerance, pairs } = await crossClassDuplicates(data, await around(data, 3));
    expect(tolerance).toBe(0.01);
    expect(pairs.map(({ row, other }) => [row, other])).toEqual([
      [4, 5],
      [5, 4],
    ]);
    await expect(crossClassDuplicates(data, await around(data), { tolerance: -1 })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });
});
