import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { judgeProbabilities } from '../../src/experiment/judge-probabilities.ts';
import { randomStream } from '../../src/runtime/random.ts';

const binary = (p: readonly number[]) =>
  matrix(Float64Array.from(p.flatMap((value) => [1 - value, value])), p.length, 2);

describe('judgeProbabilities', () => {
  it('gives means over rows with 1.96 standard errors to either side', () => {
    const { brierScore, logLoss, bias } = judgeProbabilities(
      binary([0.1, 0.2, 0.8, 0.5]),
      Int32Array.from([0, 0, 1, 1]),
      1,
    );
    // Squares 0.01, 0.04, 0.04, 0.25: mean 0.085, sum of squared deviations 0.0369.
    expect(brierScore.value).toBeCloseTo(0.085, 12);
    expect(brierScore.high! - 0.085).toBeCloseTo(1.959964 * Math.sqrt(0.0369 / 12), 6);
    expect(brierScore.low).toBe(0);
    expect(logLoss.value).toBeCloseTo(-Math.log(0.9 * 0.8 * 0.8 * 0.5) / 4, 12);
    expect(bias.value).toBeCloseTo(1.6 / 4 - 0.5, 12);
  });

  it('holds a bias of 0 in about 95 of 100 tables where the probabilities are right', () => {
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      const stream = randomStream(seed, 'right');
      const p = Array.from({ length: 300 }, () => stream.uniform() ** 2);
      const truth = Int32Array.from(p, (value) => Number(stream.uniform() < value));
      const { low, high } = judgeProbabilities(binary(p), truth, 1).bias;
      if (low! <= 0 && 0 <= high!) held++;
    }
    expect(held).toBeGreaterThan(364);
    expect(held).toBeLessThan(394);
  });

  it('has no ends where a class has a single row', () => {
    const { bias } = judgeProbabilities(binary([0.3, 0.2, 0.4]), Int32Array.from([0, 1, 0]), 1);
    expect(bias.value).toBeCloseTo(-1 / 30, 12);
    expect([bias.low, bias.high]).toEqual([null, null]);
  });
});
