import { describe, expect, it } from 'vitest';
import { binomialDraw } from '../../src/metrics/binomial.ts';
import { logGamma } from '../../src/metrics/distributions.ts';
import { bootstrapDecisions, bootstrapMetrics, confusionMatrix, decisionMetricNames } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twoColumns } from './fixture-cases.ts';

/** 99.99 % point of chi-squared by Wilson and Hilferty (1931). */
const chiSquaredLimit = (degrees: number) =>
  degrees * (1 - 2 / (9 * degrees) + 3.719 * Math.sqrt(2 / (9 * degrees))) ** 3;

describe('binomialDraw', () => {
  it('has the probabilities of the binomial distribution, by inversion and by rejection', () => {
    for (const [trials, share] of [
      [12, 0.3],
      [400, 0.01],
      [60, 0.4],
      [60, 0.75],
      [5000, 0.03],
    ] as const) {
      const stream = randomStream(1, 'binomial', trials);
      const draws = 40_000;
      const seen = new Map<number, number>();
      for (let i = 0; i < draws; i++) {
        const k = binomialDraw(trials, share, stream);
        seen.set(k, (seen.get(k) ?? 0) + 1);
      }
      let statistic = 0;
      let cells = 0;
      let rest = draws;
      let restSeen = draws;
      for (let k = 0; k <= trials; k++) {
        const logChoose = logGamma(trials + 1) - logGamma(k + 1) - logGamma(trials - k + 1);
        const expected = draws * Math.exp(logChoose + k * Math.log(share) + (trials - k) * Math.log(1 - share));
        if (expected < 10) continue;
        statistic += ((seen.get(k) ?? 0) - expected) ** 2 / expected;
        cells++;
        rest -= expected;
        restSeen -= seen.get(k) ?? 0;
      }
      statistic += (restSeen - rest) ** 2 / Math.max(rest, 1);
      expect(statistic, `${trials} ${share}`).toBeLessThan(chiSquaredLimit(cells));
    }
  });

  it('is certain at the ends', () => {
    const stream = randomStream(1, 'ends');
    expect([binomialDraw(9, 0, stream), binomialDraw(9, 1, stream), binomialDraw(0, 0.5, stream)]).toEqual([0, 9, 0]);
  });
});

describe('bootstrapDecisions', () => {
  it.each(['kept', 'drawn'] as const)('has the intervals of drawing rows, shares %s', async (shares) => {
    const stream = randomStream(5, 'rows');
    const truth = Int32Array.from({ length: 3000 }, (_, row) => (row < 300 ? 1 : 0));
    const scores = Float64Array.from(truth, (label) => 1 / (1 + Math.exp(-(stream.normal() + 1.5 * label - 1))));
    const decisions = Int32Array.from(scores, (score) => (score >= 0.5 ? 1 : 0));
    const others = { cost: ({ counts }: { counts: Float64Array }) => (counts[1]! + 9 * counts[2]!) / 3000 };
    const options = { positive: 1, seed: 2, replicates: 3000, shares, others };
    const drawn = await bootstrapMetrics({ ...options, truth, decisions, probabilities: twoColumns(scores) });
    const quick = bootstrapDecisions({ ...options, confusion: confusionMatrix(truth, decisions, 2) });
    for (const name of [...decisionMetricNames, 'cost'] as const) {
      const width = drawn[name].high - drawn[name].low;
      expect(quick[name].value, name).toBe(drawn[name].value);
      expect(Math.abs(quick[name].low - drawn[name].low) / width, name).toBeLessThan(0.06);
      expect(Math.abs(quick[name].high - drawn[name].high) / width, name).toBeLessThan(0.06);
    }
  });

  it('knows precision and accuracy less surely where the shares are a sample\u2019s', async () => {
    const truth = Int32Array.from({ length: 2000 }, (_, row) => (row < 100 ? 1 : 0));
    // 90 of 100 found, 100 of 1,900 flagged for nothing: precision hangs on how many rows the rare class has.
    const decisions = Int32Array.from(truth, (label, row) => (label === 1 ? Number(row < 90) : Number(row < 200)));
    const probabilities = twoColumns(Float64Array.from(decisions, (decision) => 0.2 + 0.6 * decision));
    const options = { truth, decisions, probabilities, positive: 1, seed: 4, replicates: 2000 };
    const [kept, drawn] = [await bootstrapMetrics(options), await bootstrapMetrics({ ...options, shares: 'drawn' })];
    const error = Math.sqrt((0.4737 * 0.5263) / 190);
    expect((drawn.precision.high - drawn.precision.low) / 3.92).toBeCloseTo(error, 2);
    expect(kept.precision.high - kept.precision.low).toBeLessThan(0.8 * (drawn.precision.high - drawn.precision.low));
    expect(drawn.recall.low).toBeCloseTo(kept.recall.low, 1);
    await expect(bootstrapMetrics({ ...options, shares: 'free' as 'kept' })).rejects.toThrow('kept or drawn');
  });

  it('keeps the rows of each class, and classes without rows', () => {
    const confusion = { classes: 3, counts: Float64Array.of(80, 15, 5, 0, 0, 0, 1, 2, 4) };
    const sums = bootstrapDecisions({
      confusion,
      positive: null,
      seed: 0,
      others: {
        first: ({ counts }) => counts[0]! + counts[1]! + counts[2]!,
        third: ({ counts }) => counts[6]! + counts[7]! + counts[8]!,
      },
    });
    expect(sums.first).toEqual({ value: 100, low: 100, high: 100 });
    expect(sums.third).toEqual({ value: 7, low: 7, high: 7 });
    expect(sums.recall.low).toBeLessThan(sums.recall.high);
  });
});
