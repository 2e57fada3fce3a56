import { describe, expect, it } from 'vitest';
import { rowsByClass, stratumOf } from '../../src/experiment/evaluate-draws.ts';
import { groupOfScores, groupScores } from '../../src/experiment/evaluate-groups.ts';
import { calibrationBlock, groupMoments, lossBlock } from '../../src/experiment/evaluate-moments.ts';
import { evaluateScores } from '../../src/experiment/evaluate-scores.ts';
import { shareFactors } from '../../src/experiment/evaluate-shares.ts';
import { bootstrapModels, estimateOf } from '../../src/experiment/evaluate-statistics.ts';
import { decisionBlock } from '../../src/experiment/evaluate-thresholds.ts';
import { calibrationRegression, rankScores } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

describe('shareFactors', () => {
  it.each([
    [3, 40],
    [40, 3],
    [20, 100_000],
    [500, 500],
    [4000, 1_000_000],
  ])(
    'leave the number of rows as it is and draw a binomial number of positives (%i of both %i)',
    (positives, negatives) => {
      const rows = positives + negatives;
      const rounds = 4000;
      let sum = 0;
      let squares = 0;
      for (let r = 0; r < rounds; r++) {
        const [no, yes] = shareFactors(1, r, [{ size: negatives }, { size: positives }]);
        const drawn = yes! * positives;
        expect(Math.abs(drawn - Math.round(drawn))).toBeLessThan(1e-6);
        expect(drawn).toBeGreaterThan(0.5);
        expect(drawn + no! * negatives).toBeCloseTo(rows, 5);
        sum += drawn - positives;
        squares += (drawn - positives) ** 2;
      }
      const variance = (positives * negatives) / rows;
      expect(Math.abs(sum / rounds)).toBeLessThan(4 * Math.sqrt(variance / rounds));
      expect(squares / rounds / variance).toBeGreaterThan(0.88);
      expect(squares / rounds / variance).toBeLessThan(1.12);
    },
  );

  it('leave a class without rows alone, and draw several classes alike', () => {
    expect([...shareFactors(1, 0, [{ size: 0 }, { size: 5 }])]).toEqual([1, 1]);
    const sizes = [1, 30, 200];
    const sums = [0, 0, 0];
    for (let r = 0; r < 4000; r++) {
      const factors = shareFactors(
        2,
        r,
        sizes.map((size) => ({ size })),
      );
      const drawn = sizes.map((size, i) => Math.round(size * factors[i]!));
      expect(drawn[0]! + drawn[1]! + drawn[2]!).toBe(231);
      expect(Math.min(...drawn)).toBeGreaterThan(0);
      drawn.forEach((count, i) => {
        sums[i] = sums[i]! + (count - sizes[i]!) ** 2;
      });
    }
    for (const i of [1, 2]) {
      const variance = (sizes[i]! * (231 - sizes[i]!)) / 231;
      expect(Math.abs(sums[i]! / 4000 / variance - 1)).toBeLessThan(0.12);
    }
  });
});

function expectations(p: (u: number) => number) {
  const steps = 20_000;
  const mean = (of: (p: number) => number) =>
    Array.from({ length: steps }, (_, i) => of(p((i + 0.5) / steps))).reduce((sum, value) => sum + value, 0) / steps;
  const flaggedShare = mean((q) => Number(q >= 0.1));
  return {
    brierScore: mean((q) => q * (1 - q)),
    logLoss: mean((q) => -q * Math.log(q) - (1 - q) * Math.log1p(-q)),
    precision: mean((q) => (q >= 0.1 ? q : 0)) / flaggedShare,
    flaggedShare,
  };
}

describe('bootstrapModels', () => {
  it('covers the truth of losses, calibration and decisions in about 19 of 20 tables, in the large as wide as Wald’s', async () => {
    const rounds = 60;
    // Of p = 0.01 + u³ / 4: the means of p (1 - p), of -p ln p - (1 - p) ln(1 - p) and of p times [p >= 0.1] over [p >= 0.1].
    const truths = expectations((u) => 0.01 + 0.25 * u ** 3);
    const held = {
      calibrationInTheLarge: 0,
      calibrationSlope: 0,
      brierScore: 0,
      logLoss: 0,
      precision: 0,
      flaggedShare: 0,
    };
    let width = 0;
    let wald = 0;
    for (let seed = 0; seed < rounds; seed++) {
      const stream = randomStream(seed, 'right probabilities');
      const scores = Float64Array.from({ length: 400 }, () => 0.01 + 0.25 * stream.uniform() ** 3);
      const truth = Int32Array.from(scores, (p) => Number(stream.uniform() < p));
      const ranked = rankScores({ scores, truth });
      const { floors, positives, negatives } = groupScores(ranked, 2000, [0.1]);
      const exact = calibrationRegression({ scores, truth });
      const start = { slope: exact.slope, intercept: exact.intercept, offset: exact.calibrationInTheLarge };
      const moments = groupMoments(ranked, floors);
      const point = { name: 'given', threshold: 0.1, odds: null } as const;
      const blocks = [calibrationBlock(moments, start), lossBlock(moments), decisionBlock(point, floors, null)];
      const model = { floors, positives, negatives, groupOfRow: groupOfScores(scores, floors), blocks };
      const [no, yes] = rowsByClass(truth, 2).map((rows) => stratumOf(rows, undefined, false));
      const options = { strata: [no!, yes!] as const, carried: undefined, seed, replicates: 150 };
      const [drawn] = await bootstrapModels([model], options);
      const { names, centre, values } = drawn!;
      const ends = (name: string, value?: number) => {
        const at = names.indexOf(name);
        if (value === undefined) return estimateOf(name, centre[at]!, centre[at]!, values[at]!, 0.95);
        return estimateOf(name, value, centre[at]!, values[at]!, 0.95);
      };
      const large = ends('calibrationInTheLarge', exact.calibrationInTheLarge);
      const slope = ends('calibrationSlope', exact.slope);
      if (large.low! <= 0 && 0 <= large.high!) held.calibrationInTheLarge++;
      if (slope.low! <= 1 && 1 <= slope.high!) held.calibrationSlope++;
      for (const [name, value] of Object.entries(truths)) {
        const { low, high } = ends(name === 'precision' || name === 'flaggedShare' ? `given.${name}` : name);
        if (low! <= value && value <= high!) held[name as keyof typeof truths]++;
      }
      width += large.high! - large.low!;
      wald += (2 * 1.96) / Math.sqrt(scores.reduce((sum, p) => sum + p * (1 - p), 0));
    }
    expect(held.calibrationInTheLarge / rounds).toBeGreaterThan(0.86);
    expect(held.calibrationSlope / rounds).toBeGreaterThan(0.86);
    for (const name of ['brierScore', 'logLoss', 'precision', 'flaggedShare'] as const) {
      expect(held[name] / rounds, name).toBeGreaterThan(0.86);
    }
    expect(width / wald).toBeGreaterThan(0.9);
    expect(width / wald).toBeLessThan(1.15);
  });
});

describe('the share of the class', () => {
  it('is not known: constant scores have losses and calibration in the large of some width, but an order of none', async () => {
    const labels = { classes: ['no', 'yes'], codes: Int32Array.from({ length: 500 }, (_, i) => Number(i % 10 === 0)) };
    const scores = [{ name: 'share', values: new Float64Array(500).fill(0.1) }];
    const { models } = await evaluateScores({ labels, positive: 'yes', scores, replicates: 200 });
    const { metrics } = models[0]!.probabilities!;
    for (const name of ['brierScore', 'logLoss', 'calibrationInTheLarge']) {
      const { low, high, value } = metrics[name]!;
      expect(low! < value! && value! < high!, name).toBe(true);
    }
    const { low, high } = models[0]!.ranking['rocAuc']!;
    expect(high! - low!).toBeLessThan(1e-12);
    const precision = models[0]!.ranking['averagePrecision']!;
    // Of constant scores the average precision is the share itself: a binomial one.
    expect(precision.high! - precision.low!).toBeGreaterThan(0.9 * 3.92 * Math.sqrt((0.1 * 0.9) / 500));
    expect(precision.high! - precision.low!).toBeLessThan(1.1 * 3.92 * Math.sqrt((0.1 * 0.9) / 500));
  });
});
