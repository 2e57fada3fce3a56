import { describe, expect, it } from 'vitest';
import { foldThresholds, transferThreshold } from '../../src/decide/index.ts';
import { bestThreshold, fBeta } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

describe('foldThresholds', () => {
  const stream = randomStream(1, 'folds');
  const n = 600;
  const truth = Int32Array.from({ length: n }, () => Number(stream.uniform() < 0.1));
  const scores = Float64Array.from(truth, (label) => stream.normal() + 1.5 * label);
  const folds = Int32Array.from({ length: n }, (_, row) => row % 5);
  const objective = (counts: { tp: number; fp: number; fn: number; tn: number }) => fBeta(counts, 1);

  it('has the pooled threshold, and the best of each fold alone', () => {
    const found = foldThresholds({ scores, truth, folds, objective });
    expect(found.pooled).toEqual(bestThreshold({ scores, truth, objective }));
    const rows = [...folds.keys()].filter((row) => folds[row] === 3);
    const alone = bestThreshold({
      scores: Float64Array.from(rows, (row) => scores[row]!),
      truth: Int32Array.from(rows, (row) => truth[row]!),
      objective,
    });
    expect(found.folds[3]!.own).toEqual(alone);
    expect(found.folds.map((one) => one.fold)).toEqual([0, 1, 2, 3, 4]);
  });

  it('has the spread of the thresholds, and a value that is not optimistic', () => {
    const found = foldThresholds({ scores, truth, folds, objective });
    const own = found.folds.map((one) => one.own.threshold);
    const mean = own.reduce((sum, value) => sum + value, 0) / 5;
    expect(found.mean).toBeCloseTo(mean, 14);
    expect(found.standardDeviation).toBeCloseTo(Math.sqrt(own.reduce((sum, t) => sum + (t - mean) ** 2, 0) / 4), 14);
    // The quantile of Student's t with 4 degrees of freedom.
    expect(found.high - found.mean).toBeCloseTo((2.7764451051977987 * found.standardDeviation) / Math.sqrt(5), 12);
    expect(found.heldOutValue).toBeLessThan(found.pooled.value);
    for (const one of found.folds) expect(one.heldOutValue).toBeLessThanOrEqual(one.own.value);
  });

  it('counts folds in which it is best to predict none', () => {
    const empty = foldThresholds({
      scores: Float64Array.of(1, 2, 3, 4),
      truth: Int32Array.of(0, 1, 0, 0),
      folds: Int32Array.of(0, 0, 1, 1),
      objective: ({ tp, fp }) => tp - 2 * fp,
    });
    expect(empty.infinite).toBe(1);
    expect(empty.mean).toBe(1.5);
    expect(empty.standardDeviation).toBeNaN();
  });

  it('refuses one fold and folds of another length', () => {
    expect(() => foldThresholds({ scores, truth, folds: new Int32Array(n), objective })).toThrow(/two folds/);
    expect(() => foldThresholds({ scores, truth, folds: new Int32Array(2), objective })).toThrow(/600 entries/);
  });
});

describe('transferThreshold', () => {
  it('decides every row as before', () => {
    const stream = randomStream(2, 'transfer');
    const moved = (p: number) => (p * 0.02 * 0.5) / (p * 0.02 * 0.5 + (1 - p) * 0.98 * 0.5);
    const threshold = transferThreshold({ threshold: 0.7, from: 0.5, to: 0.02 });
    for (let i = 0; i < 1000; i++) {
      const p = stream.uniform();
      expect(moved(p) >= threshold).toBe(p >= 0.7);
    }
  });

  it('has the value of undersampling: p = β p_s / ((β - 1) p_s + 1)', () => {
    // A tenth of the negatives kept: prevalence 1 / 11 became 1 / 2.
    expect(transferThreshold({ threshold: 0.8, from: 1 / 2, to: 1 / 11 })).toBeCloseTo(0.28571428571428575, 15);
  });

  it('comes back, and leaves the ends', () => {
    const there = transferThreshold({ threshold: 0.3, from: 0.1, to: 0.6 });
    expect(transferThreshold({ threshold: there, from: 0.6, to: 0.1 })).toBeCloseTo(0.3, 15);
    for (const threshold of [0, 1, Number.POSITIVE_INFINITY]) {
      expect(transferThreshold({ threshold, from: 0.1, to: 0.6 })).toBe(threshold);
    }
    expect(() => transferThreshold({ threshold: 0.5, from: 0, to: 0.6 })).toThrow(/prevalence/);
    expect(() => transferThreshold({ threshold: -1, from: 0.1, to: 0.6 })).toThrow(/threshold/);
  });
});
