import { describe, expect, it } from 'vitest';
import { detectionErrorCurve, normalisedDiscountedGain, rankScores } from '../../src/metrics/index.ts';
import { twenty } from './fixture-cases.ts';

describe('normalisedDiscountedGain', () => {
  it('is 1 for the best ranking and follows the formula', () => {
    const rows = { scores: Float64Array.of(4, 3, 2, 1), truth: Int32Array.of(0, 1, 0, 1) };
    const discounts = [1, 2, 3, 4].map((rank) => 1 / Math.log2(rank + 1));
    expect(normalisedDiscountedGain(rows)).toBeCloseTo(
      (discounts[1]! + discounts[3]!) / (discounts[0]! + discounts[1]!),
      15,
    );
    expect(normalisedDiscountedGain({ ...rows, k: 2 })).toBeCloseTo(
      discounts[1]! / (discounts[0]! + discounts[1]!),
      15,
    );
    expect(normalisedDiscountedGain({ ...rows, k: 1 })).toBe(0);
    expect(normalisedDiscountedGain({ ...rows, truth: Int32Array.of(1, 1, 0, 0) })).toBe(1);
    expect(normalisedDiscountedGain({ ...rows, truth: Int32Array.of(1, 1, 0, 0), k: 100 })).toBe(1);
  });

  it('is the mean over the orders of tied rows', () => {
    const tied = normalisedDiscountedGain({ scores: Float64Array.of(1, 1, 0), truth: Int32Array.of(1, 0, 0), k: 1 });
    expect(tied).toBe(0.5);
  });

  it('ranks whole copies of rows only', () => {
    const weights = Float64Array.from({ length: 20 }, (_, row) => row % 3);
    const rows = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
    const repeated = {
      scores: Float64Array.from(rows, (row) => twenty.scores[row]!),
      truth: Int32Array.from(rows, (row) => twenty.truth[row]!),
    };
    for (const k of [3, 7, 20]) {
      expect(normalisedDiscountedGain({ ...twenty, weights, k })).toBeCloseTo(
        normalisedDiscountedGain({ ...repeated, k }),
        14,
      );
    }
    expect(() => normalisedDiscountedGain({ ...twenty, weights: weights.map((w) => w / 2) })).toThrow(/whole numbers/);
    expect(() => normalisedDiscountedGain({ ...twenty, k: 0 })).toThrow(/k must/);
    expect(normalisedDiscountedGain({ ...twenty, truth: new Int32Array(20) })).toBeNaN();
  });
});

describe('detectionErrorCurve', () => {
  it('runs from no misses to no false alarms', () => {
    const { falsePositiveRate, falseNegativeRate, thresholds } = detectionErrorCurve(rankScores(twenty));
    expect([falseNegativeRate[0], falsePositiveRate.at(-1)]).toEqual([0, 0]);
    expect(thresholds[0]).toBe(0.12);
    expect(thresholds.at(-1)).toBe(0.75);
    expect([...thresholds]).toEqual([...thresholds].sort((a, b) => a - b));
  });

  it('ends at infinity where the highest score is a false alarm, and bears one class and no rows', () => {
    const worst = detectionErrorCurve(rankScores({ scores: Float64Array.of(2, 1), truth: Int32Array.of(0, 1) }));
    expect([...worst.thresholds]).toEqual([1, 2, Number.POSITIVE_INFINITY]);
    expect([...worst.falsePositiveRate]).toEqual([1, 1, 0]);
    const ones = detectionErrorCurve(rankScores({ scores: Float64Array.of(2, 1), truth: Int32Array.of(1, 1) }));
    expect([...ones.falsePositiveRate].every(Number.isNaN)).toBe(true);
    expect(
      detectionErrorCurve(rankScores({ scores: new Float64Array(0), truth: new Int32Array(0) })).thresholds,
    ).toHaveLength(0);
  });
});
