import { describe, expect, it } from 'vitest';
import { coverageRange, coveredRows, splitConformal } from '../../src/conformal/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows } from './rows.ts';

describe('coverageRange', () => {
  // scipy 1.x: beta.ppf([.025, .975], 90, 10); betabinom(m, k, n + 1 - k).ppf and its mirror for the upper end.
  it('has the ends of the beta distribution in the long run', () => {
    const { rank, mean, low, high } = coverageRange({ calibrationRows: 99, alpha: 0.1 });
    expect([rank, mean]).toEqual([90, 0.9]);
    expect(low).toBeCloseTo(0.8344310242579897, 12);
    expect(high).toBeCloseTo(0.9504891277913371, 12);
  });

  it('has those of the beta-binomial distribution over a number of rows', () => {
    const range = coverageRange({ calibrationRows: 99, alpha: 0.1, testRows: 50 });
    expect([range.low * 50, range.high * 50]).toEqual([39, 49]);
    const large = coverageRange({ calibrationRows: 1000, alpha: 0.05, testRows: 20_000 });
    expect([large.low * 20_000, large.high * 20_000].map(Math.round)).toEqual([18708, 19260]);
  });

  it('covers everything with fewer rows than alpha needs, nothing with so large an alpha', () => {
    expect(coverageRange({ calibrationRows: 8, alpha: 0.1 })).toEqual({ rank: 9, mean: 1, low: 1, high: 1 });
    expect(coverageRange({ calibrationRows: 0, alpha: 0.1, testRows: 3 })).toMatchObject({ mean: 1, low: 1 });
    expect(coverageRange({ calibrationRows: 1, alpha: 0.99 }).rank).toBe(1);
    expect(() => coverageRange({ calibrationRows: 1.5, alpha: 0.1 })).toThrow(/calibrationRows/);
    expect(() => coverageRange({ calibrationRows: 5, alpha: 0.1, testRows: 0 })).toThrow(/testRows/);
  });

  it('holds what exchangeable rows do: about 95 of 100 calibration sets lie within, of one size of test set', () => {
    const stream = randomStream(5, 'range');
    const shares = [0.7, 0.3];
    const rounds = 800;
    const { low, high, mean } = coverageRange({ calibrationRows: 50, alpha: 0.15, testRows: 60 });
    let inside = 0;
    let sum = 0;
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(50, shares, stream);
      const test = drawRows(60, shares, stream);
      const model = splitConformal().fit(calibration.probabilities, calibration.labels);
      const hits = coveredRows(model.sets(test.probabilities, { alpha: 0.15 }), test.labels.codes);
      const coverage = hits.reduce((total, hit) => total + hit, 0) / 60;
      sum += coverage;
      if (coverage >= low - 1e-12 && coverage <= high + 1e-12) inside++;
    }
    // At least 0.95 by construction, not much more with 60 steps.
    const error = Math.sqrt((0.95 * 0.05) / rounds);
    expect(inside / rounds).toBeGreaterThan(0.95 - 3 * error);
    expect(inside / rounds).toBeLessThan(0.98 + 3 * error);
    expect(Math.abs(sum / rounds - mean)).toBeLessThan(
      4 * Math.sqrt((mean * (1 - mean)) / 52 / rounds + 0.13 / 60 / rounds),
    );
  });
});
