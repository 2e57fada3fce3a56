import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/index.ts';
import { gradientBoosting, gradientBoostingRegression } from '../../../src/learn/trees/index.ts';
import { largestGap, overlapping } from '../helpers.ts';

describe('boosting with weights of any sum', () => {
  const data = overlapping(600, 3, 2, 5);
  const count = data.y.codes.length;
  // So small a bar that it is none, whatever the weights.
  const free = { maxIterations: 20, minSamplesLeaf: 1, minHessianLeaf: 1e-30 };
  const uneven = Float64Array.from({ length: count }, (_, i) => 1 + (i % 7));

  async function chances(weights: Float64Array) {
    const model = await gradientBoosting(free).fit({ ...data, weights });
    expect(model.iterations).toBe(20);
    return (await model.predictProba(data.X)).data;
  }

  it.each([1e-8, 5.5, 1e3, 7e4, 1e6, 3e6, 1e9, 1e10, 1e13, 1e30])(
    'factors of all weights change nothing: %f',
    async (factor) => {
      const [plain, scaled] = await Promise.all([chances(uneven), chances(uneven.map((weight) => weight * factor))]);
      expect(largestGap(plain, scaled)).toBeLessThan(1e-4);
    },
  );

  it.each([1, 3000, 3e6])('costs of rows do not, of sums near 2^31 either: %f', async (factor) => {
    const costs = uneven.map((weight) => Math.round(weight * factor));
    const plain = await gradientBoosting(free).fit({ ...data, weights: uneven });
    const priced = await gradientBoosting({ ...free, loss: { name: 'row-cost', costs } }).fit(data);
    const [a, b] = [await plain.predictProba(data.X), await priced.predictProba(data.X)];
    a.data.forEach((p, i) => {
      expect(b.data[i]).toBeCloseTo(p, 4);
    });
  });

  it.each([1e-8, 3e6, 1e10])('regression is the same for weights times %f', async (factor) => {
    const targets = Float64Array.from({ length: count }, (_, i) => data.y.codes[i]! * 5 + (i % 3));
    const weighted = (weights: Float64Array) =>
      gradientBoostingRegression(free)
        .fit({ X: data.X, targets, weights })
        .then((model) => model.predict(data.X));
    const [plain, scaled] = [await weighted(uneven), await weighted(uneven.map((weight) => weight * factor))];
    plain.forEach((value, i) => {
      expect(scaled[i]).toBeCloseTo(value, 4);
    });
  });

  it('counts large whole weights as rows of a leaf', async () => {
    const X = matrix(
      Float64Array.from({ length: 40 }, (_, i) => i),
      40,
      1,
    );
    const y = { classes: ['a', 'b'], codes: Int32Array.from({ length: 40 }, (_, i) => (i < 8 ? 1 : 0)) };
    const fit = (weight: number, minSamplesLeaf: number) =>
      gradientBoosting({ maxIterations: 1, minSamplesLeaf }).fit({ X, y, weights: new Float64Array(40).fill(weight) });
    expect((await fit(1e7, 8e7)).trees[0]!.tree.threshold[0]).toBe(7.5);
    expect((await fit(1e7, 8.5e7)).trees[0]!.tree.threshold[0]).toBe(8.5);
    expect((await fit(1e7, 8e7)).trees[0]!.tree.cover[0]! / 4e8).toBeCloseTo(1, 3);
  });

  it('refuses weights whose squares nothing holds', async () => {
    const weights = new Float64Array(count).fill(1e300);
    await expect(gradientBoosting().fit({ ...data, weights })).rejects.toMatchObject({ code: 'bad-weights' });
  });
});

describe('boosting that ends by itself', () => {
  const data = overlapping(200, 2, 2, 3);

  it.each([
    ['minHessianLeaf', {}, 1e-8],
    ['minHessianLeaf', { minHessianLeaf: 1e3 }, 1],
    ['minSamplesLeaf', { minSamplesLeaf: 150 }, 1],
    ['minGain', { minGain: 1e6 }, 1],
  ] as const)('says that %s stood in the way', async (name, options, weight) => {
    const weights = new Float64Array(data.y.codes.length).fill(weight);
    const model = await gradientBoosting(options).fit({ ...data, weights });
    const notice = model.notices.find(({ code }) => code === 'fewer-rounds');
    expect(notice?.message).toContain(name);
  });

  it('says that no split gains where none does', async () => {
    const X = matrix(new Float64Array(8).fill(1), 8, 1);
    const y = { classes: ['a', 'b'], codes: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1) };
    const { notices } = await gradientBoosting().fit({ X, y });
    expect(notices.find(({ code }) => code === 'fewer-rounds')?.message).toContain('no split gains anything');
  });
});
