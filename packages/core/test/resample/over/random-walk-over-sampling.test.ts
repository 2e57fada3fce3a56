import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { randomWalkOverSampling } from '../../../src/resample/over/random-walk-over-sampling.ts';
import { columnAt, gaussianDataset } from '../data.ts';
import { moments } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 30],
    ['b', 10],
  ],
  3,
  5,
);
const many = 20_000;
const own = (j: number) => [...columnAt(data.X, j)].filter((_, row) => data.y.codes[row] === 1);
const walked = () => randomWalkOverSampling({ seed: 1, samplingStrategy: { b: many + 10 } }).resample(data);

describe('randomWalkOverSampling', () => {
  it('moves each column by independent normal steps of σ / √n', async () => {
    const { data: made, provenance } = await walked();
    const steps = [0, 1, 2].map((j) => {
      const before = columnAt(data.X, j);
      const after = columnAt(made.X, j);
      const scale = Math.sqrt(moments(own(j)).variance / 10);
      return Array.from({ length: many }, (_, i) => (before[provenance.base[40 + i]!]! - after[40 + i]!) / scale);
    });
    for (const step of steps) {
      const { mean, variance } = moments(step);
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(many));
      expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / many));
      // The fourth moment of the normal is 3, with variance 96; that of a uniform step of this variance is 1.8.
      expect(Math.abs(moments(step.map((value) => value ** 4)).mean - 3)).toBeLessThan(4 * Math.sqrt(96 / many));
    }
    const product = moments(steps[0]!.map((value, i) => value * steps[1]![i]!)).mean;
    expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(many));
  });

  it('keeps the mean of each column, and its variance up to 1 + 1/n', async () => {
    const { data: made } = await walked();
    for (const j of [0, 1, 2]) {
      const before = moments(own(j));
      const after = moments([...columnAt(made.X, j).subarray(40)]);
      expect(Math.abs(after.mean - before.mean)).toBeLessThan(4 * Math.sqrt(before.variance / 10 / many));
      expect(after.variance / before.variance).toBeCloseTo(1.1, 1);
      expect(after.variance / before.variance).toBeGreaterThan(1.08);
    }
  });

  it('starts from every row as often and leaves a column of one value as it is', async () => {
    const cells = data.X.data.map((value, i) => (i % 3 === 2 ? 0.1 : value));
    const flat = { ...data, X: matrix(cells, 40, 3) };
    const { data: made, provenance } = await randomWalkOverSampling({ seed: 4 }).resample(flat);
    const uses = new Int32Array(40);
    for (const base of provenance.base.subarray(40)) uses[base]!++;
    expect([...uses].filter((_, row) => data.y.codes[row] === 1)).toEqual(new Array(10).fill(2));
    expect(new Set(columnAt(made.X, 2))).toEqual(new Set([0.1]));
  });

  it('says where columns are too wide for a number', async () => {
    const cells = data.X.data.map((value) => value * 1e308);
    const wide = randomWalkOverSampling().resample({ ...data, X: matrix(cells.map(Math.abs), 40, 3) });
    await expect(wide).rejects.toMatchObject({ code: expect.stringMatching(/^(distance-overflow|not-finite)$/) });
  });
});
