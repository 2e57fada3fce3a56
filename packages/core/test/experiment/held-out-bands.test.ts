import { describe, expect, it } from 'vitest';
import { curveBands } from '../../src/experiment/held-out-bands.ts';
import { normalQuantile } from '../../src/metrics/distributions.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Normal scores, those of the class one higher: the true positive rate at rate f is Φ(1 + Φ⁻¹(f)). */
function scored(positives: number, negatives: number, seed: number) {
  const stream = randomStream(seed, 'scores');
  const truth = Int32Array.from({ length: positives + negatives }, (_, row) => Number(row < positives));
  const scores = Float64Array.from(truth, (label) => label + normalQuantile(1e-12 + stream.uniform() * (1 - 2e-12)));
  return { scores, truth, positive: 1, seed, replicates: 300 };
}

describe('curveBands', () => {
  it('holds the true curve at a point about as often as it says', async () => {
    let held = 0;
    const rounds = 80;
    for (let seed = 0; seed < rounds; seed++) {
      const bands = await curveBands(scored(60, 400, seed));
      // At a false positive rate of 0.2: Φ(1 - 0.8416) = 0.56293.
      const { low, high } = bands!.roc[20]!;
      if (low! <= 0.56293 && 0.56293 <= high!) held++;
    }
    expect(held).toBeGreaterThanOrEqual(68);
  });

  it('has the curve inside it, ends in the corners, and is as wide as the share of so many rows is uncertain', async () => {
    const bands = (await curveBands(scored(400, 4000, 1)))!;
    for (const band of [bands.roc, bands.precisionRecall]) {
      expect(band.map(({ x }) => x)).toEqual(Array.from({ length: 101 }, (_, i) => i / 100));
      for (const { y, low, high } of band) {
        expect(low).toBeLessThanOrEqual(y!);
        expect(high).toBeGreaterThanOrEqual(y!);
      }
    }
    expect(bands.roc[100]).toEqual({ x: 1, y: 1, low: 1, high: 1 });
    expect(bands.precisionRecall[100]!.y).toBeCloseTo(bands.precisionRecall[100]!.low!, 1);
    const { low, high } = bands.roc[20]!;
    // Variance of the hits among 400, and that of the threshold among 4,000 times the squared slope of the curve.
    const spread = Math.sqrt((0.563 * 0.437) / 400 + (1.4 ** 2 * 0.16) / 4000);
    expect((high! - low!) / (2 * 1.96 * spread)).toBeGreaterThan(0.8);
    expect((high! - low!) / (2 * 1.96 * spread)).toBeLessThan(1.25);
  });

  it('is not given where a side has a single row, and is the same for the same seed', async () => {
    expect(await curveBands(scored(1, 50, 2))).toBeNull();
    expect(await curveBands(scored(2, 50, 2))).toEqual(await curveBands(scored(2, 50, 2)));
  });
});
