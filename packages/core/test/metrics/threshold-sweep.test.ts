import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BinaryCounts,
  bestThreshold,
  fBeta,
  matthewsCorrcoef,
  precision,
  rankScores,
  sweepCounts,
  thinSweep,
  thresholdDecisions,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty } from './fixture-cases.ts';

const objectives: Record<string, (counts: BinaryCounts) => number> = {
  f1: (counts) => fBeta(counts, 1),
  precision: (counts) => precision(counts),
  cost: ({ fp, fn }) => -(fp + 7 * fn),
  mcc: ({ tp, fp, fn, tn }) => matthewsCorrcoef({ classes: 2, counts: Float64Array.of(tn, fp, fn, tp) }),
};

function countsOf(
  rows: { scores: Float64Array; truth: Int32Array; weights?: Float64Array },
  threshold: number,
): BinaryCounts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  thresholdDecisions(rows.scores, threshold).forEach((decision, row) => {
    counts[decision ? (rows.truth[row] ? 'tp' : 'fp') : rows.truth[row] ? 'fn' : 'tn'] += rows.weights?.[row] ?? 1;
  });
  return counts;
}

const someRows = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) => ({
    scores: Float64Array.from(rows, ([score]) => score / 12),
    truth: Int32Array.from(rows, ([, label]) => label),
    weights: Float64Array.from(rows, ([, , weight]) => weight),
  }));

describe('bestThreshold', () => {
  it('finds what trying every score finds, for any objective', () => {
    fc.assert(
      fc.property(someRows, fc.constantFrom(...Object.values(objectives)), (rows, objective) => {
        const found = bestThreshold({ ...rows, objective });
        const tried = [Number.POSITIVE_INFINITY, ...rows.scores].map((at) => objective(countsOf(rows, at)));
        const best = tried
          .filter((value) => !Number.isNaN(value))
          .reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
        if (best === Number.NEGATIVE_INFINITY) expect(found.value).toBeNaN();
        else expect(found.value).toBe(best);
        expect(countsOf(rows, found.threshold)).toEqual(found.counts);
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  it('lies halfway between the chosen score and the next lower one', () => {
    const rows = { scores: Float64Array.of(0.1, 0.2, 0.6, 0.9), truth: Int32Array.of(0, 0, 1, 1) };
    const { threshold, value } = bestThreshold({ ...rows, objective: objectives['f1']! });
    expect(threshold).toBeCloseTo(0.4, 15);
    expect(value).toBe(1);
  });

  it('decides neighbouring floats exactly, where no midpoint exists', () => {
    const above = 0.3 + 2 ** -54;
    const rows = { scores: Float64Array.of(0.3, above), truth: Int32Array.of(0, 1) };
    expect(bestThreshold({ ...rows, objective: objectives['f1']! }).threshold).toBe(above);
    const huge = { scores: Float64Array.of(-1.7e308, 1.7e308), truth: Int32Array.of(0, 1) };
    expect(bestThreshold({ ...huge, objective: objectives['f1']! }).threshold).toBe(0);
  });

  it('predicts none where every alarm costs too much, and the lowest score where all are worth it', () => {
    const rows = { scores: Float64Array.of(0.2, 0.5), truth: Int32Array.of(1, 0) };
    expect(bestThreshold({ ...rows, objective: ({ fp, fn }) => -(10 * fp + fn) }).threshold).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(bestThreshold({ ...rows, objective: ({ fp, fn }) => -(fp + 10 * fn) }).threshold).toBe(0.2);
    expect(bestThreshold({ scores: new Float64Array(0), truth: new Int32Array(0), objective: () => 1 }).threshold).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('takes the highest threshold of equals', () => {
    const rows = { scores: Float64Array.of(0.1, 0.5, 0.9), truth: Int32Array.of(0, 1, 0) };
    expect(bestThreshold({ ...rows, objective: ({ tp }) => (tp > 0 ? 1 : 0) }).threshold).toBeCloseTo(0.3, 15);
  });

  it('finds half of the best F1 as its own threshold on calibrated scores (Lipton et al., 2014)', () => {
    const stream = randomStream(11, 'calibrated');
    const scores = Float64Array.from({ length: 200_000 }, () => stream.uniform() ** 3);
    const truth = Int32Array.from(scores, (score) => (stream.uniform() < score ? 1 : 0));
    const f1 = bestThreshold({ scores, truth, objective: objectives['f1']! });
    expect(Math.abs(f1.threshold - f1.value / 2)).toBeLessThan(0.02);
    const share = truth.reduce((sum, label) => sum + label, 0) / truth.length;
    const youden = bestThreshold({ scores, truth, objective: ({ tp, fp, fn, tn }) => tp / (tp + fn) - fp / (fp + tn) });
    expect(Math.abs(youden.threshold - share)).toBeLessThan(0.02);
  });
});

describe('sweepCounts and thinSweep', () => {
  it('count every distinct threshold from none to all', () => {
    const sweep = sweepCounts(rankScores(twenty));
    expect(sweep.thresholds).toHaveLength(18);
    expect([sweep.tp[0], sweep.fp[0], sweep.fn[0], sweep.tn[0]]).toEqual([0, 0, 10, 10]);
    sweep.thresholds.forEach((threshold, i) => {
      const { tp, fp, fn, tn } = countsOf(twenty, threshold);
      expect([sweep.tp[i], sweep.fp[i], sweep.fn[i], sweep.tn[i]]).toEqual([tp, fp, fn, tn]);
    });
  });

  it('keep the ends and give the rare class half of the points', () => {
    const stream = randomStream(8, 'thin');
    const truth = Int32Array.from({ length: 20_000 }, () => (stream.uniform() < 0.02 ? 1 : 0));
    const scores = Float64Array.from(truth, (label) => stream.normal() + label);
    const sweep = sweepCounts(rankScores({ scores, truth }));
    const thin = thinSweep(sweep, 100);
    expect(thin.thresholds.length).toBeLessThanOrEqual(100);
    expect(thin.thresholds.length).toBeGreaterThan(90);
    expect(thin.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
    expect(thin.thresholds.at(-1)).toBe(sweep.thresholds.at(-1));
    const largest = Math.max(...thin.tp.map((value, i) => (i === 0 ? 0 : value - thin.tp[i - 1]!)));
    expect(largest / sweep.tp.at(-1)!).toBeLessThan(0.04);
    expect(thinSweep(thin, 100).thresholds).toEqual(thin.thresholds);
    expect(thinSweep(sweep, 2).thresholds).toHaveLength(2);
  });
});
