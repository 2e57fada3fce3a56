import { describe, expect, it } from 'vitest';
import { calibrationRegression } from '../../src/metrics/calibration-regression.ts';

describe('calibrationRegression of probabilities that are all 0 or 1', () => {
  it('is the line through the two observed log-odds', () => {
    // 200 rows of probability 0, of which 3 are positive; 100 of probability 1, of which 8 are not.
    const scores = Float64Array.from({ length: 300 }, (_, row) => Number(row >= 200));
    const truth = Int32Array.from({ length: 300 }, (_, row) => Number(row < 3 || row >= 208));
    const end = Math.log(1 - Number.EPSILON) - Math.log(Number.EPSILON);
    const [low, high] = [Math.log(3 / 197), Math.log(92 / 8)];
    const { slope, intercept, calibrationInTheLarge } = calibrationRegression({ scores, truth });
    expect(slope).toBeCloseTo((high - low) / (2 * end), 12);
    expect(intercept).toBeCloseTo((high + low) / 2, 10);
    // With the slope held at 1 a shift of the logits must make the expected positives the 95 that there are.
    const expected = [-end, end].map((logit) => 1 / (1 + Math.exp(-(logit + calibrationInTheLarge))));
    expect(200 * expected[0]! + 100 * expected[1]!).toBeCloseTo(95, 8);
  });
});
