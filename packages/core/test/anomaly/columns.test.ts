import { describe, expect, it } from 'vitest';
import { copod, ecod, hbos, pcaReconstruction } from '../../src/anomaly/index.ts';
import { dense, golden, goldenFresh, goldenRows, heap, largestGap } from './helpers.ts';

describe.each([
  ['ecod', ecod],
  ['copod', copod],
] as const)('%s', (name, make) => {
  it('scores fitted rows as the authors’ program does, column by column', async () => {
    const scores = await (await make({ aggregation: 'column' }).fit(goldenRows)).score(goldenRows);
    expect(largestGap(scores, golden.tails[name])).toBeLessThan(1e-12);
  });

  it('takes the largest of three sums of negative log tail probabilities', async () => {
    // Column 0 leans right, column 1 left; n = 4.
    const X = dense([0, 9, 1, 8, 2, 7, 9, 0], 2);
    const scores = await (await make().fit(X)).score(X);
    const log = (count: number) => -Math.log(count / 4);
    // Row 3 is last on the right in column 0 and first on the left in column 1: its skewed tails are both 1/4.
    expect(scores[3]).toBeCloseTo(2 * log(1), 12);
    // Row 0: left tail of column 0 is 1/4, of column 1 is 1; right tails 1 and 1/4; skewed tails 1 and 1.
    expect(scores[0]).toBeCloseTo(log(1), 12);
    expect(scores[1]).toBeCloseTo(Math.max(log(2) + log(3), log(3) + log(2), log(3) + log(3)), 12);
  });

  it('puts a new row beyond all fitted ones above the farthest of them, wherever it is scored', async () => {
    const X = heap(50, 1, 0);
    const model = await make().fit(X);
    const most = Math.max(...(await model.score(X)));
    const [beyond] = await model.score(dense([100], 1));
    expect(beyond).toBeCloseTo(Math.log(51), 12);
    expect(beyond).toBeGreaterThan(most);
  });

  it('counts equal values to both tails', async () => {
    const X = dense([1, 1, 1, 5], 1);
    const scores = await (await make().fit(X)).score(X);
    expect([...scores].map((score) => Math.exp(-score))).toEqual(
      [3 / 4, 3 / 4, 3 / 4, 1 / 4].map((p) => expect.closeTo(p, 12)),
    );
  });

  it('refuses other aggregations', () => {
    expect(() => make({ aggregation: 'mean' as never })).toThrow(/aggregation/);
  });
});

describe('hbos', () => {
  it('sums the log2 of the highest over the own bin’s height', async () => {
    const { bins, fresh } = golden.histograms;
    const scores = await (await hbos({ bins }).fit(goldenRows)).score(goldenFresh);
    expect(largestGap(scores, fresh)).toBeLessThan(1e-12);
  });

  it('takes the root of the rows for the number of bins', async () => {
    const json = (await hbos().fit(heap(50, 1, 0))).toJSON() as unknown as { histograms: { counts: number[] }[] };
    expect(json.histograms[0]!.counts).toHaveLength(8);
    expect(() => hbos({ bins: 0 })).toThrow(/bins/);
  });

  it('has a column with one value say what differs from it', async () => {
    const model = await hbos().fit(dense([4, 4, 4], 1));
    expect([...(await model.score(dense([4, 5], 1)))]).toEqual([0, 2]);
  });
});

describe('pca reconstruction', () => {
  it('is the distance from the plane of the leading components', async () => {
    const { components, fresh } = golden.pca;
    const scores = await (await pcaReconstruction({ nComponents: components }).fit(goldenRows)).score(goldenFresh);
    expect(largestGap(scores, fresh)).toBeLessThan(1e-9);
  });

  it('sees a row that breaks an exact relation of columns', async () => {
    const X = dense(Array.from({ length: 40 }, (_, i) => [i, 2 * i]).flat(), 2);
    const scores = await (await pcaReconstruction().fit(X)).score(dense([10, 20, 10, 21, 100, 200], 2));
    expect(scores[0]).toBeLessThan(1e-9);
    expect(scores[2]).toBeLessThan(1e-8);
    expect(scores[1]).toBeGreaterThan(0.02);
  });

  it('always leaves one component out, and says so where all were asked', async () => {
    const model = await pcaReconstruction({ nComponents: 9 }).fit(heap(30, 3, 0));
    expect(model.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['components-clamped', { asked: 9, kept: 2 }],
    ]);
    expect(Math.max(...(await model.score(heap(30, 3, 0))))).toBeGreaterThan(0.1);
  });

  it('refuses what has no squares', async () => {
    await expect(pcaReconstruction().fit(dense([1e200, 0, 5], 1))).rejects.toMatchObject({ code: 'distance-overflow' });
    expect(() => pcaReconstruction({ explained: 1 })).toThrow(/explained/);
    expect(() => pcaReconstruction({ nComponents: -1 })).toThrow(/nComponents/);
  });
});
