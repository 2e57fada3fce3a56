import { describe, expect, it } from 'vitest';
import { brownianMaximumCdf, brownianRangeCdf, cumulativeCalibration } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty } from './fixture-cases.ts';

const even = Float64Array.from({ length: 20 }, (_, row) => (row + 0.5) / 20);

describe('cumulativeCalibration', () => {
  it('is the largest deviation and the range of the sum of y - p by ascending p', () => {
    const truth = Int32Array.of(1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0);
    let sum = 0;
    const path = [0, ...even.map((p, row) => (sum += truth[row]! - p))];
    const scale = Math.sqrt(even.reduce((total, p) => total + p * (1 - p), 0));
    const { kolmogorovSmirnov, kuiper } = cumulativeCalibration({ scores: even, truth });
    expect(kolmogorovSmirnov.statistic).toBeCloseTo(Math.max(...path.map(Math.abs)) / scale, 14);
    expect(kuiper.statistic).toBeCloseTo((Math.max(...path) - Math.min(...path)) / scale, 14);
    // MAPIE 1.5, which adds noise of 1e-8.
    expect(kolmogorovSmirnov.statistic).toBeCloseTo(1.6968797134790405, 7);
    expect(kolmogorovSmirnov.pValue).toBeCloseTo(0.17943809450082404, 7);
    expect(kuiper.statistic).toBeCloseTo(1.6968797046675275, 7);
    expect(kuiper.pValue).toBeCloseTo(0.353366686800913, 7);
  });

  it('has a range that is at least the deviation: the sum starts at 0', () => {
    // MAPIE 1.5 has 5.47 and 4.94 here.
    const { kolmogorovSmirnov, kuiper } = cumulativeCalibration({ scores: even, truth: new Int32Array(20).fill(1) });
    expect(kolmogorovSmirnov.statistic).toBeCloseTo(5.4738055238512455, 7);
    expect(kuiper.statistic).toBe(kolmogorovSmirnov.statistic);
  });

  it('does not depend on the order of tied rows, and takes integer weights for repeated rows', () => {
    const order = randomStream(1, 'order').permutation(20);
    const shuffled = cumulativeCalibration({
      scores: twenty.scores.map((_, i) => twenty.scores[order[i]!]!),
      truth: twenty.truth.map((_, i) => twenty.truth[order[i]!]!),
    });
    expect(shuffled).toEqual(cumulativeCalibration(twenty));
    const weights = Float64Array.from({ length: 20 }, (_, row) => row % 4);
    const rows = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
    const repeated = cumulativeCalibration({
      scores: Float64Array.from(rows, (row) => twenty.scores[row]!),
      truth: Int32Array.from(rows, (row) => twenty.truth[row]!),
    });
    const weighted = cumulativeCalibration({ ...twenty, weights });
    expect(weighted.kuiper.statistic).toBeCloseTo(repeated.kuiper.statistic, 13);
    expect(weighted.kolmogorovSmirnov.pValue).toBeCloseTo(repeated.kolmogorovSmirnov.pValue, 13);
  });

  it('rejects calibrated probabilities at most as often as asked, and biased ones nearly always', () => {
    const stream = randomStream(2, 'null');
    const runs = 1000;
    const low = { kolmogorovSmirnov: 0, kuiper: 0 };
    const found = { kolmogorovSmirnov: 0, kuiper: 0 };
    for (let run = 0; run < runs; run++) {
      const scores = Float64Array.from({ length: 500 }, () => stream.uniform() ** 3);
      const calibrated = cumulativeCalibration({
        scores,
        truth: Int32Array.from(scores, (p) => Number(stream.uniform() < p)),
      });
      const biased = cumulativeCalibration({
        scores,
        truth: Int32Array.from(scores, (p) => Number(stream.uniform() < p ** 0.7)),
      });
      for (const name of ['kolmogorovSmirnov', 'kuiper'] as const) {
        if (calibrated[name].pValue <= 0.05) low[name]++;
        if (biased[name].pValue <= 0.05) found[name]++;
      }
    }
    for (const name of ['kolmogorovSmirnov', 'kuiper'] as const) {
      expect(low[name] / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
      expect(low[name] / runs).toBeGreaterThan(0.015);
      expect(found[name] / runs).toBeGreaterThan(0.9);
    }
  });

  it('is undefined where nothing is uncertain', () => {
    const sure = { scores: Float64Array.of(0, 1), truth: Int32Array.of(0, 1) };
    expect(cumulativeCalibration(sure).kuiper.pValue).toBeNaN();
    expect(cumulativeCalibration({ ...sure, undefinedAs: 1 }).kolmogorovSmirnov.pValue).toBe(1);
    expect(cumulativeCalibration({ scores: new Float64Array(0), truth: new Int32Array(0) }).kuiper.statistic).toBeNaN();
  });
});

describe('distributions of the largest deviation and of the range of a Brownian motion', () => {
  it('agree between their two series where one takes over from the other', () => {
    for (const [cdf, at] of [
      [brownianMaximumCdf, 1.5],
      [brownianRangeCdf, 2],
    ] as const) {
      expect(cdf(at + 1e-13)).toBeCloseTo(cdf(at), 12);
    }
  });

  it('rise from 0 to 1, the range above the deviation', () => {
    let before = [0, 0];
    for (let x = 0; x < 9; x += 0.05) {
      const now = [brownianMaximumCdf(x), brownianRangeCdf(x)];
      now.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(before[i]! - 1e-15);
        expect(value).toBeLessThanOrEqual(1);
      });
      expect(now[1]).toBeLessThanOrEqual(now[0]!);
      before = now;
    }
    expect(before[0]).toBeCloseTo(1, 12);
  });
});
