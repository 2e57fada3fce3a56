import { describe, expect, it } from 'vitest';
import { rowsByClass, stratumOf } from '../../src/experiment/evaluate-draws.ts';
import { groupOfScores, groupScores } from '../../src/experiment/evaluate-groups.ts';
import { calibrationBlock, groupMoments } from '../../src/experiment/evaluate-moments.ts';
import { shareFactors, withVaryingShare } from '../../src/experiment/evaluate-shares.ts';
import { bootstrapModels, estimateOf } from '../../src/experiment/evaluate-statistics.ts';
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
        const factors = shareFactors(1, r, positives, negatives);
        const drawn = factors.positives * positives;
        expect(Math.abs(drawn - Math.round(drawn))).toBeLessThan(1e-6);
        expect(drawn + factors.negatives * negatives).toBeCloseTo(rows, 5);
        sum += drawn - positives;
        squares += (drawn - positives) ** 2;
      }
      const variance = (positives * negatives) / rows;
      expect(Math.abs(sum / rounds)).toBeLessThan(4 * Math.sqrt(variance / rounds));
      expect(squares / rounds / variance).toBeGreaterThan(0.88);
      expect(squares / rounds / variance).toBeLessThan(1.12);
    },
  );

  it('leave a table of one class alone', () => {
    expect(shareFactors(1, 0, 0, 5)).toEqual({ positives: 1, negatives: 1 });
  });
});

describe('withVaryingShare', () => {
  it('lets right probabilities pass for right in about 95 of 100 tables, with intervals as wide as Wald’s', async () => {
    const rounds = 100;
    const held = { calibrationInTheLarge: 0, calibrationSlope: 0 };
    let width = 0;
    let wald = 0;
    for (let seed = 0; seed < rounds; seed++) {
      const stream = randomStream(seed, 'right probabilities');
      const scores = Float64Array.from({ length: 400 }, () => 0.01 + 0.25 * stream.uniform() ** 3);
      const truth = Int32Array.from(scores, (p) => Number(stream.uniform() < p));
      const ranked = rankScores({ scores, truth });
      const { floors, positives, negatives } = groupScores(ranked, 2000, []);
      const exact = calibrationRegression({ scores, truth });
      const start = { slope: exact.slope, intercept: exact.intercept, offset: exact.calibrationInTheLarge };
      const block = withVaryingShare(calibrationBlock(groupMoments(ranked, floors), start));
      const model = { floors, positives, negatives, groupOfRow: groupOfScores(scores, floors), blocks: [block] };
      const [no, yes] = rowsByClass(truth, 2).map((rows) => stratumOf(rows, undefined, false));
      const options = { strata: [no!, yes!] as const, carried: undefined, seed, replicates: 200 };
      const [drawn] = await bootstrapModels([model], options);
      const { names, centre, values } = drawn!;
      const ends = (name: keyof typeof held, value: number) => {
        const at = names.indexOf(name);
        return estimateOf(name, value, centre[at]!, values[at]!, 0.95);
      };
      const large = ends('calibrationInTheLarge', exact.calibrationInTheLarge);
      const slope = ends('calibrationSlope', exact.slope);
      if (large.low! <= 0 && 0 <= large.high!) held.calibrationInTheLarge++;
      if (slope.low! <= 1 && 1 <= slope.high!) held.calibrationSlope++;
      width += large.high! - large.low!;
      wald += (2 * 1.96) / Math.sqrt(scores.reduce((sum, p) => sum + p * (1 - p), 0));
    }
    expect(held.calibrationInTheLarge / rounds).toBeGreaterThan(0.88);
    expect(held.calibrationSlope / rounds).toBeGreaterThan(0.86);
    expect(width / wald).toBeGreaterThan(0.9);
    expect(width / wald).toBeLessThan(1.15);
  });
});
