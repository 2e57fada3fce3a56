import { describe, expect, it } from 'vitest';
import { chiSquareCdf, chiSquareQuantile } from '../../src/anomaly/chi-square.ts';
import { mahalanobis, minimumCovarianceDeterminant } from '../../src/anomaly/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { dense, golden, goldenFresh, goldenRows, heap, largestGap } from './helpers.ts';

const relativeGap = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largestGap(
    Array.from(a, (value, i) => value / b[i]!),
    Array.from(b, () => 1),
  );

it('knows the chi-square distribution', () => {
  for (const [degrees, p, quantile, cdf] of golden.covariance.chiSquare) {
    expect(chiSquareQuantile(p, degrees) / quantile).toBeCloseTo(1, 11);
    expect(chiSquareCdf(degrees / 3, degrees) / cdf).toBeCloseTo(1, 11);
  }
});

describe('mahalanobis', () => {
  it('equals scikit-learn’s empirical covariance', async () => {
    const { location, covariance, fresh } = golden.covariance.classical;
    const model = await mahalanobis().fit(goldenRows);
    expect(largestGap(model.location, location)).toBeLessThan(1e-12);
    expect(largestGap(model.covariance, covariance)).toBeLessThan(1e-12);
    expect(relativeGap(await model.score(goldenFresh), fresh)).toBeLessThan(1e-9);
  });

  it('has fitted rows sum to rows times columns', async () => {
    const scores = await (await mahalanobis().fit(goldenRows)).score(goldenRows);
    expect(scores.reduce((a, b) => a + b)).toBeCloseTo(200 * 4, 6);
  });

  it('does not change with a linear map of full rank', async () => {
    const map = (X: typeof goldenRows) =>
      dense(
        Array.from({ length: X.rows }, (_, i) => {
          const [a, b, c, d] = X.data.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
          return [a + b, 1e6 * b, c - 3 * a + 7, d + 0.5 * c];
        }).flat(),
        4,
      );
    const plain = await (await mahalanobis().fit(goldenRows)).score(goldenFresh);
    const mapped = await (await mahalanobis().fit(map(goldenRows))).score(map(goldenFresh));
    expect(relativeGap(mapped, plain)).toBeLessThan(1e-7);
  });

  it('says that columns are sums of others', async () => {
    const X = dense(Array.from({ length: 30 }, (_, i) => [i, Math.sin(i), i + Math.sin(i)]).flat(), 3);
    const model = await mahalanobis().fit(X);
    expect(model.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['singular-covariance', { columns: 3, directions: 2 }],
    ]);
    expect((await model.score(X)).reduce((a, b) => a + b)).toBeCloseTo(60, 6);
  });
});

describe('minimum covariance determinant', () => {
  it.each([
    ['mcd', 0.9],
    ['mcd75', 0.75],
  ] as const)('finds the location and covariance of scikit-learn (%s)', async (name, supportFraction) => {
    const { location, covariance, fresh } = golden.covariance[name];
    const model = await minimumCovarianceDeterminant({ supportFraction }).fit(goldenRows);
    expect(largestGap(model.location, location)).toBeLessThan(1e-9);
    expect(largestGap(model.covariance, covariance)).toBeLessThan(1e-9);
    expect(relativeGap(await model.score(goldenFresh), fresh)).toBeLessThan(1e-8);
  });

  it('is not moved by strange rows that move the mean', async () => {
    const stream = randomStream(3);
    const X = dense(
      Float64Array.from({ length: 1400 * 3 }, (_, at) => (at < 3 * 420 ? 20 : 0) + stream.normal()),
      3,
    );
    const robust = await minimumCovarianceDeterminant({ supportFraction: 0.5 }).fit(X);
    const classical = await mahalanobis().fit(X);
    expect(Math.max(...robust.location.map(Math.abs))).toBeLessThan(0.2);
    expect(Math.min(...classical.location)).toBeGreaterThan(5);
    expect(robust.covariance[0]).toBeCloseTo(1, 0);
    const [strange, ordinary] = [dense([20, 20, 20], 3), dense([1, 1, 1], 3)];
    expect((await robust.score(strange))[0]).toBeGreaterThan(500);
    expect((await robust.score(ordinary))[0]).toBeLessThan(10);
  });

  it('bears one strange row in twelve where nothing is told, and one in three with half of the rows trusted', async () => {
    const located = async (strange: number, options: object) => {
      const stream = randomStream(4);
      const X = dense(
        Float64Array.from({ length: 1200 * 3 }, (_, at) => (at < 3 * strange ? 20 : 0) + stream.normal()),
        3,
      );
      return Math.max(...(await minimumCovarianceDeterminant(options).fit(X)).location.map(Math.abs));
    };
    expect(await located(100, {})).toBeLessThan(0.2);
    expect(await located(400, {})).toBeGreaterThan(2);
    expect(await located(400, { supportFraction: 0.5 })).toBeLessThan(0.2);
  });

  it('moves with any linear map, up to rounding', async () => {
    const X = heap(150, 2, 20);
    const map = dense(
      Array.from({ length: 150 }, (_, i) => [3 * X.data[2 * i]! + X.data[2 * i + 1]!, X.data[2 * i + 1]! * 1e4]).flat(),
      2,
    );
    const plain = await (await minimumCovarianceDeterminant().fit(X)).score(X);
    const mapped = await (await minimumCovarianceDeterminant().fit(map)).score(map);
    expect(relativeGap(mapped, plain)).toBeLessThan(1e-6);
  });

  it('takes rows off the plane in which most lie for strange, and says so', async () => {
    const X = dense(
      Array.from({ length: 60 }, (_, i) => [Math.sin(i), i < 50 ? 2 * Math.sin(i) : Math.cos(i) + 4]).flat(),
      2,
    );
    const model = await minimumCovarianceDeterminant().fit(X);
    expect(model.notices.map(({ code }) => code)).toContain('exact-fit');
    const scores = await model.score(X);
    expect(Math.min(...scores.slice(50))).toBeGreaterThan(1000 * Math.max(...scores.slice(0, 50)));
  });

  describe('with a column that has one value in most rows', () => {
    const plain = heap(600, 3, 60);
    const flagged = (isSet: (row: number) => boolean) =>
      dense(
        Array.from({ length: 600 }, (_, i) => [...plain.data.subarray(3 * i, 3 * i + 3), isSet(i) ? 1 : 0]).flat(),
        4,
      );

    it('chooses the rows to trust by the other columns, and measures it among them', async () => {
      const X = flagged((row) => row % 5 === 0);
      const model = await minimumCovarianceDeterminant().fit(X);
      const without = await minimumCovarianceDeterminant().fit(plain);
      expect(model.notices.map(({ code, column, numbers }) => [code, column, numbers])).toEqual([
        ['crowded-columns', '3', { columns: 1 }],
      ]);
      const others = [0, 1, 2];
      expect(largestGap(model.location.slice(0, 3), without.location)).toBeLessThan(1e-9);
      const block = others.flatMap((j) => others.map((k) => model.covariance[4 * j + k]!));
      expect(largestGap(block, without.covariance)).toBeLessThan(1e-9);
      expect(model.covariance[15]).toBeCloseTo(0.2 * 0.8, 1);
      // A set flag alone is no strange row: 0.8 / sqrt(0.16) is two deviations.
      const [set] = await model.score(dense([...model.location.slice(0, 3), 1], 4));
      expect(set).toBeGreaterThan(2);
      expect(set).toBeLessThan(6);
    });

    it('measures it among all rows where those trusted have but one value of it', async () => {
      const model = await minimumCovarianceDeterminant().fit(flagged((row) => row >= 540));
      const scores = await model.score(flagged((row) => row >= 540));
      expect(model.covariance[15]).toBeCloseTo(0.1 * 0.9, 12);
      expect(Math.min(...scores.slice(540))).toBeGreaterThan(30);
      expect(Math.max(...scores.slice(540))).toBeLessThan(1e6);
    });

    it('is the classical distance where no other columns are left', async () => {
      const X = dense(
        Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 1 : 0)),
        1,
      );
      const [model, classical] = [await minimumCovarianceDeterminant().fit(X), await mahalanobis().fit(X)];
      expect(await model.score(X)).toEqual(await classical.score(X));
      expect(model.notices.map(({ code }) => code)).toEqual(['crowded-columns']);
    });
  });

  it('trusts nine rows in ten where nothing is told', async () => {
    const X = heap(200, 3, 0);
    const json = async (options: object) => JSON.stringify(await minimumCovarianceDeterminant(options).fit(X));
    expect(await json({})).toBe(await json({ supportFraction: 0.9 }));
    expect(await json({})).not.toBe(await json({ supportFraction: 0.5 }));
  });

  it('refuses shares below a half', () => {
    expect(() => minimumCovarianceDeterminant({ supportFraction: 0.4 })).toThrow(/supportFraction/);
  });
});
