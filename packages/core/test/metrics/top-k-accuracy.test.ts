import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { confusionMatrix, topKAccuracy, zeroOneLoss } from '../../src/metrics/index.ts';

describe('topKAccuracy', () => {
  const probabilities = matrix(Float64Array.of(0.5, 0.3, 0.2, 0.4, 0.4, 0.2, 0.2, 0.4, 0.4), 3, 3);

  it('counts a tie at the cut by its chance', () => {
    const rows = { probabilities, truth: Int32Array.of(1, 0, 2) };
    expect(topKAccuracy({ ...rows, k: 1 })).toBeCloseTo((0 + 0.5 + 0.5) / 3, 15);
    expect(topKAccuracy({ ...rows, k: 2 })).toBe(1);
    expect(topKAccuracy({ probabilities, truth: Int32Array.of(2, 2, 0), k: 2 })).toBe(0);
  });

  it('takes weights, and refuses what cannot be', () => {
    const rows = { probabilities, truth: Int32Array.of(0, 0, 0), k: 1 };
    expect(topKAccuracy({ ...rows, weights: Float64Array.of(1, 2, 1) })).toBe(0.5);
    expect(topKAccuracy({ ...rows, weights: new Float64Array(3) })).toBeNaN();
    expect(() => topKAccuracy({ ...rows, k: 4 })).toThrow(/3 classes/);
    expect(() => topKAccuracy({ ...rows, k: 0 })).toThrow(/k must/);
  });
});

describe('zeroOneLoss', () => {
  it('is what accuracy leaves, and undefined with it', () => {
    expect(zeroOneLoss(confusionMatrix(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2))).toBeCloseTo(1 / 3, 15);
    const none = confusionMatrix(new Int32Array(0), new Int32Array(0), 2);
    expect(zeroOneLoss(none)).toBeNaN();
    expect(zeroOneLoss(none, { undefinedAs: 0 })).toBe(0);
  });
});
