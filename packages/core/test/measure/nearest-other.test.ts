import { describe, expect, it } from 'vitest';
import { nearestOfOtherClasses } from '../../src/measure/nearest-other.ts';
import { around, clouds, distanceOf, find, tied } from './difficulty-sets.ts';

describe('nearestOfOtherClasses', () => {
  it('is the first of the nearest rows of any other class, found among neighbours or beyond', async () => {
    for (const data of [tied(60, 1, 3), clouds([80, 20, 5], 3, 4, 4)]) {
      const rows = Int32Array.from(data.y.codes.keys()).filter((row) => row % 3 !== 1);
      const found = await nearestOfOtherClasses(data, await around(data, 2, rows), find);
      for (const [i, row] of rows.entries()) {
        let nearest = -1;
        for (const [other, code] of data.y.codes.entries()) {
          if (code === data.y.codes[row]) continue;
          if (nearest < 0 || distanceOf(data.X, row, other) < distanceOf(data.X, row, nearest)) nearest = other;
        }
        expect(found.rows[i]).toBe(nearest);
        expect(found.distances[i]).toBe(distanceOf(data.X, row, nearest));
      }
    }
  });
});
