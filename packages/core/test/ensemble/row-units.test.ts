import { describe, expect, it } from 'vitest';
import { ensembles } from '../../src/ensemble/registry.ts';
import { rowUnits } from '../../src/ensemble/row-units.ts';
import { trainingRows } from '../../src/learn/logistic-data.ts';
import { overlapping } from '../learn/helpers.ts';

describe('units of rows', () => {
  const data = overlapping(500, 3, 2, 1, 0);
  const units = (weight: number) => rowUnits(trainingRows({ ...data, weights: new Float64Array(500).fill(weight) }));
  const count = (weight: number) => units(weight).ofClass.reduce((sum, own) => sum + own.length, 0);

  it('are copies of rows of whole weight', () => {
    expect(count(7)).toBe(3500);
    expect(units(7).weightOf(0)).toBe(1);
  });

  it('are rows where weights are fractions or large, which then count in full', () => {
    for (const weight of [2.5, 1e5, 1e9]) {
      expect(count(weight)).toBe(500);
      expect(units(weight).weightOf(0)).toBe(weight);
    }
  });

  it.each(['balanced-bagging', 'smote-bagging', 'meta-cost'])('of large weights take no time in %s', async (name) => {
    const begin = performance.now();
    const weights = new Float64Array(500).fill(1e5);
    await ensembles
      .get(name)!
      .create({ nEstimators: 3 })
      .fit({ ...data, weights });
    // Fifty million draws a member took half a minute.
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
