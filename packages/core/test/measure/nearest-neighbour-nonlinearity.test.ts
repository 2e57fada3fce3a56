import { describe, expect, it } from 'vitest';
import { interpolatedRows } from '../../src/measure/interpolated-rows.ts';
import { nearestNeighbourNonlinearity } from '../../src/measure/nearest-neighbour-nonlinearity.ts';
import { clouds, find, labelled, rowOf } from './difficulty-sets.ts';

describe('N4', () => {
  it('is the 1-NN error on rows between two rows of a class', async () => {
    // Class 1 lies on both sides of class 0: most of what lies between its rows belongs to class 0.
    const zeros = Array.from({ length: 60 }, (_, i) => [-3 + i / 10]);
    const ones = Array.from({ length: 20 }, (_, i) => [i % 2 ? 4 + i / 100 : -4 - i / 100]);
    const data = labelled([...zeros, ...ones], [...zeros.map(() => 0), ...ones.map(() => 1)]);
    const { value, perClass } = await nearestNeighbourNonlinearity(data, { find });
    expect(perClass[0]).toBe(0);
    expect(perClass[1]).toBeGreaterThan(0.2);
    expect(perClass[1]).toBeLessThan(0.7);
    expect(value).toBeCloseTo((20 * perClass[1]!) / 80, 14);
    expect(await nearestNeighbourNonlinearity(data, { find })).toEqual({ value, perClass });
    // With one row there is nothing to go between.
    const single = labelled([[0], [1], [5]], [0, 0, 1]);
    expect((await nearestNeighbourNonlinearity(single, { find })).perClass[1]).toBe(0);
  });

  it('draws the new rows on segments between different rows, at even places', () => {
    const { X } = clouds([40], 3, 1);
    const rows = Int32Array.from({ length: 30 }, (_, i) => i + 5);
    const gaps: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const made = interpolatedRows(X.data, 3, rows, seed);
      expect(made.rows).toBe(30);
      for (let i = 0; i < made.rows; i++) {
        const row = rowOf(made, i);
        let gap: number | undefined;
        for (const a of rows) {
          for (const b of rows) {
            if (a >= b) continue;
            const [from, to] = [rowOf(X, a), rowOf(X, b)];
            const t = (row[0]! - from[0]!) / (to[0]! - from[0]!);
            if (row.every((value, f) => Math.abs(from[f]! + t * (to[f]! - from[f]!) - value) < 1e-9)) gap = t;
          }
        }
        expect(gap).toBeDefined();
        gaps.push(gap!);
      }
    }
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const spread = gaps.reduce((sum, gap) => sum + (gap - 0.5) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(spread).toBeCloseTo(1 / 12, 1.7);
  });
});
