import { describe, expect, it } from 'vitest';
import { type DistanceSummary, kNearest, localOutlierFactor } from '../../src/anomaly/index.ts';
import { localOutlierFactorFromJSON } from '../../src/anomaly/local-outlier-factor.ts';
import { dense, golden, goldenFresh, goldenRows, heap, largestGap, pick } from './helpers.ts';

describe('distance to the nearest rows', () => {
  it.each(['largest', 'mean', 'median'] as DistanceSummary[])(
    'gives the %s as PyOD does, of new and of fitted rows',
    async (method) => {
      const model = await kNearest({ nNeighbors: 7, method }).fit(goldenRows);
      expect(largestGap(await model.score(goldenFresh), golden.neighbours[method].fresh)).toBeLessThan(1e-12);
      expect(largestGap(await model.trainingScores(), golden.neighbours[method].training)).toBeLessThan(1e-12);
    },
  );

  it('takes the middle of both middle ones for the median of an even number', async () => {
    const model = await kNearest({ nNeighbors: 4, method: 'median' }).fit(dense([0, 1, 3, 7, 100], 1));
    expect([...(await model.score(dense([0], 1)))]).toEqual([2]);
  });

  it('keeps its rows when the caller changes his', async () => {
    const X = dense([0, 1, 2, 3], 1);
    const model = await kNearest({ nNeighbors: 1 }).fit(X);
    X.data.fill(50);
    expect([...(await model.score(dense([2], 1)))]).toEqual([0]);
  });

  it('says that there are fewer rows than neighbours asked', async () => {
    const model = await kNearest({ nNeighbors: 9 }).fit(dense([0, 1, 3], 1));
    expect(model.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['neighbours-clamped', { asked: 9, taken: 2 }],
    ]);
    expect([...(await model.trainingScores())]).toEqual([3, 2, 3]);
  });
});

describe('local outlier factor', () => {
  it.each([
    ['a cell whose square is no number', (i: number) => (i === 9 ? 1e308 : Math.sin(i)), 'too large'],
    ['columns whose squares are no numbers', (i: number) => 1e200 * Math.sin(i), 'too large'],
    ['distances whose squares are 0', (i: number) => 1e-200 * Math.sin(i), 'too small'],
  ])('refuses %s instead of keeping factors that are no numbers', async (_, cell, words) => {
    const X = dense(
      Array.from({ length: 60 }, (_, i) => cell(i)),
      2,
    );
    const fitted = localOutlierFactor({ nNeighbors: 3 }).fit(X);
    await expect(fitted).rejects.toMatchObject({ code: 'distance-overflow', message: expect.stringContaining(words) });
  });

  it('gives the largest number to a row whose factor is beyond all numbers, and can be kept', async () => {
    const X = dense([...Array.from({ length: 12 }, (_, i) => 1e-160 * i), 1e153], 1);
    const model = await localOutlierFactor({ nNeighbors: 3 }).fit(X);
    const scores = await model.trainingScores();
    expect(scores.at(-1)).toBe(Number.MAX_VALUE);
    expect(scores.slice(0, 12).every((score) => score > 0.5 && score < 2)).toBe(true);
    const kept = localOutlierFactorFromJSON(JSON.parse(JSON.stringify(model.toJSON())));
    expect(await kept.trainingScores()).toEqual(scores);
  });

  it('equals scikit-learn for new rows and for fitted ones', async () => {
    const model = await localOutlierFactor({ nNeighbors: 15 }).fit(goldenRows);
    const { training, fresh } = golden.neighbours.lof;
    expect(largestGap(await model.trainingScores(), training)).toBeLessThan(1e-8);
    expect(largestGap(await model.score(goldenFresh), fresh)).toBeLessThan(1e-8);
  });

  it('follows the definition where distances tie: all rows at the k-distance are neighbours', async () => {
    const X = dense([0, 0, 1, 0, 0, 1, -1, 0, 0, -1, 4, 0], 2); // a cross, and a row apart
    const scores = await (await localOutlierFactor({ nNeighbors: 2 }).fit(X)).trainingScores();
    expect(largestGap(scores, byDefinition(X.data, 2, 2))).toBeLessThan(1e-12);
    // The four arms of the cross look alike but for the one that is near the row apart.
    expect(scores[2]).toBeCloseTo(scores[4]!, 12);
    expect(Math.max(...scores)).toBe(scores[5]);
  });

  it('follows the definition on a grid, where nearly all distances tie', async () => {
    const X = dense(Array.from({ length: 36 }, (_, i) => [i % 6, Math.floor(i / 6)]).flat(), 2);
    const scores = await (await localOutlierFactor({ nNeighbors: 3 }).fit(X)).trainingScores();
    expect(largestGap(scores, byDefinition(X.data, 2, 3))).toBeLessThan(1e-12);
  });

  it('counts to k the rows at other places, and takes those at the own place beside them', async () => {
    // Places with one to four rows; distances tie.
    const X = dense(Array.from({ length: 40 }, (_, i) => [(i % 16) % 4, Math.floor((i % 16) / 4) ** 2]).flat(), 2);
    const model = await localOutlierFactor({ nNeighbors: 5 }).fit(X);
    expect(largestGap(await model.trainingScores(), byDefinition(X.data, 2, 5))).toBeLessThan(1e-12);
  });

  it('leaves the neighbours of a small cluster inside it, copies or not', async () => {
    // Eight places with three rows each beside a wide heap: k = 20 rows, so 7 places, are found without leaving the cluster.
    const heaped = heap(200, 2, 0);
    const cluster = Array.from({ length: 24 }, (_, i) => [30 + 0.1 * Math.cos(i % 8), 0.1 * Math.sin(i % 8)]).flat();
    const X = dense([...heaped.data, ...cluster], 2);
    const scores = await (await localOutlierFactor({ nNeighbors: 20 }).fit(X)).trainingScores();
    for (let i = 200; i < 224; i++) expect(scores[i]).toBeLessThan(1.5);
  });

  it('scores a new row at a crowded place as it does the rows there, but for one copy more', async () => {
    const crowd = pick(
      heap(60, 2, 0),
      Array.from({ length: 90 }, (_, i) => (i < 60 ? i : 3)),
    );
    const model = await localOutlierFactor({ nNeighbors: 10 }).fit(crowd);
    const [fresh] = await model.score(pick(crowd, [3]));
    expect(Math.abs(fresh! / (await model.trainingScores())[3]! - 1)).toBeLessThan(0.05);
  });

  it('says that there are fewer rows elsewhere than neighbours asked', async () => {
    const model = await localOutlierFactor({ nNeighbors: 9 }).fit(dense([0, 0, 0, 1, 3], 1));
    expect(model.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['neighbours-clamped', { asked: 9, taken: 2 }],
    ]);
  });

  it('gives duplicates of a crowded place an ordinary factor, not one beyond all bounds', async () => {
    const crowd = pick(
      heap(60, 2, 0),
      Array.from({ length: 90 }, (_, i) => (i < 60 ? i : 3)),
    );
    const model = await localOutlierFactor({ nNeighbors: 10 }).fit(crowd);
    const scores = await model.trainingScores();
    for (let i = 61; i < 90; i++) expect(scores[i]).toBe(scores[3]);
    expect(Math.max(...scores)).toBeLessThan(10);
  });

  it('needs two rows that differ', async () => {
    await expect(localOutlierFactor().fit(dense([1, 1, 1], 1))).rejects.toMatchObject({ code: 'too-few-rows' });
    const model = await localOutlierFactor().fit(dense([0, 1], 1));
    expect([...(await model.trainingScores())]).toEqual([1, 1]);
  });
});

/** Definitions 3 to 7 of the paper, word by word, but that rows at the own place are neighbours without counting to k. */
function byDefinition(data: Float64Array, columns: number, k: number): number[] {
  const n = data.length / columns;
  const every = Array.from({ length: n }, (_, i) => i);
  const distance = (p: number, o: number) =>
    Math.hypot(...Array.from({ length: columns }, (_, j) => data[p * columns + j]! - data[o * columns + j]!));
  const others = (p: number) => every.filter((o) => o !== p);
  const kDistance = (p: number) =>
    others(p)
      .map((o) => distance(p, o))
      .filter((reach) => reach > 0)
      .sort((a, b) => a - b)[k - 1]!;
  const near = (p: number) => others(p).filter((o) => distance(p, o) <= kDistance(p) * (1 + 1e-12));
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  const density = (p: number) => 1 / mean(near(p).map((o) => Math.max(kDistance(o), distance(p, o))));
  return every.map((p) => mean(near(p).map((o) => density(o) / density(p))));
}
