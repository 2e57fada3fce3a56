import { describe, expect, it } from 'vitest';
import { copod, ecod, hbos, pcaReconstruction } from '../../src/anomaly/index.ts';
import { dense, golden, goldenFresh, goldenRows, heap, largestGap } from './helpers.ts';

describe.each([
  ['ecod', ecod],
  ['copod', copod],
] as const)('%s', (name, make) => {
  it('scores fitted rows as the authors’ program does, column by column', async () => {
    const scores = await (await make().fit(goldenRows)).score(goldenRows);
    expect(largestGap(scores, golden.tails[name])).toBeLessThan(1e-12);
  });

  it('takes the largest of three sums of negative log tail probabilities where totals are asked', async () => {
    // Column 0 leans right, column 1 left; n = 4.
    const X = dense([0, 9, 1, 8, 2, 7, 9, 0], 2);
    const scores = await (await make({ aggregation: 'total' }).fit(X)).score(X);
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

  it('holds new rows against the fitted ones alone, by the shares of cells as far out', async () => {
    // Rounded, so that cells tie, also new ones with fitted ones.
    const rounded = (X: typeof goldenRows) =>
      dense(
        X.data.map((value) => Math.round(2 * value) / 2),
        X.columns,
      );
    const [fitted, fresh] = [rounded(goldenRows), rounded(goldenFresh)];
    const scores = await (await make().fit(fitted)).score(fresh);
    const { rows, columns } = fitted;
    const column = (j: number) => Array.from({ length: rows }, (_, i) => fitted.data[i * columns + j]!);
    for (let i = 0; i < fresh.rows; i++) {
      let expected = 0;
      for (let j = 0; j < columns; j++) {
        const values = column(j);
        const value = fresh.data[i * columns + j]!;
        const tail = (isOut: (other: number) => boolean) => {
          const count = values.filter(isOut).length;
          return count > 0 ? -Math.log(count / rows) : Math.log(rows + 1);
        };
        const [left, right] = [tail((other) => other <= value), tail((other) => other >= value)];
        const mean = values.reduce((a, b) => a + b) / rows;
        const skew = values.reduce((sum, other) => sum + (other - mean) ** 3, 0);
        expected += name === 'ecod' ? Math.max(left, right) : Math.max(skew < 0 ? left : right, (left + right) / 2);
      }
      expect(scores[i]).toBeCloseTo(expected, 10);
    }
  });

  it('counts the larger tail of a column without skewness, not both', async () => {
    const scores = await (await make().fit(dense([-2, -1, 0, 1, 2], 1))).score(dense([-2, 0, 2], 1));
    expect(largestGap(scores, [Math.log(5), -Math.log(3 / 5), Math.log(5)])).toBeLessThan(1e-12);
  });

  it('lets a column with one value tell nothing but of rows that differ from it', async () => {
    const X = dense([1, 5, 2, 5, 4, 5], 2);
    const scores = await (await make().fit(X)).score(dense([2, 5, 2, 6, 2, 4], 2));
    const single = await (await make().fit(dense([1, 2, 4], 1))).score(dense([2], 1));
    expect(scores[0]).toBeCloseTo(single[0]!, 12);
    expect(scores[1]! - scores[0]!).toBeCloseTo(Math.log(4), 12);
    expect(scores[2]! - scores[0]!).toBeCloseTo(Math.log(4), 12);
  });

  it('counts equal values to both tails', async () => {
    const X = dense([1, 1, 1, 5], 1);
    const scores = await (await make({ aggregation: 'total' }).fit(X)).score(X);
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

  it('is the mean over histograms of 5, 10, 20 and 40 bins where nothing is told', async () => {
    // Rounded, so that cells lie on edges; and one row far off, so that bins are empty.
    const rounded = Array.from(goldenRows.data, (value, at) => (at < 4 ? 9 : Math.round(4 * value) / 4));
    const X = dense(rounded, goldenRows.columns);
    const scores = await (await hbos().fit(X)).score(goldenFresh);
    const all = await Promise.all(
      [5, 10, 20, 40].map(async (bins) => (await hbos({ bins }).fit(X)).score(goldenFresh)),
    );
    const means = Array.from(scores, (_, row) => all.reduce((sum, of) => sum + of[row]! / 4, 0));
    expect(largestGap(scores, means)).toBeLessThan(1e-12);
    expect(await (await hbos({ bins: 'nested' }).fit(X)).score(goldenFresh)).toEqual(scores);
  });

  it('has forty bins at the finest, or as many as told, or the root of the rows', async () => {
    const binsOf = async (options: Parameters<typeof hbos>[0]) => {
      const json = (await hbos(options).fit(heap(50, 1, 0))).toJSON() as unknown as {
        histograms: { counts: number[] }[];
      };
      return json.histograms[0]!.counts.length;
    };
    expect([await binsOf({}), await binsOf({ bins: 'sqrt' }), await binsOf({ bins: 3 })]).toEqual([40, 8, 3]);
    expect(() => hbos({ bins: 0 })).toThrow(/bins/);
  });

  it('puts a cell on an edge into the bin on its right, and the last edge into the last bin', async () => {
    const X = dense([0, 1, 1, 2, 2, 2, 3, 3, 3, 3], 1);
    const json = (await hbos({ bins: 3 }).fit(X)).toJSON() as unknown as { histograms: { counts: number[] }[] };
    expect(json.histograms[0]!.counts).toEqual([1, 2, 7]);
    const scores = await (await hbos({ bins: 3 }).fit(X)).score(dense([0.999, 1, 3, 3.001, -0.001], 1));
    expect([...scores]).toEqual([Math.log2(7), Math.log2(7 / 2), 0, 3, 3]);
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
