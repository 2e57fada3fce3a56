import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision, descendingOrder, rankScores, rocAuc } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

const anyScores = fc.array(
  fc.tuple(
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 0.5, 1, -1, 5e-324, 1e308)),
    fc.integer({ min: 0, max: 1 }),
  ),
  { maxLength: 300 },
);

describe('rankScores', () => {
  it('groups and counts as sorting by comparison does, for any finite floats', () => {
    fc.assert(
      fc.property(anyScores, (rows) => {
        const ranked = rankScores({
          scores: Float64Array.from(rows, ([score]) => score),
          truth: Int32Array.from(rows, ([, label]) => label),
        });
        const distinct = [...new Set(rows.map(([score]) => score + 0))].sort((a, b) => b - a);
        expect([...ranked.thresholds]).toEqual(distinct);
        expect([...ranked.truePositives]).toEqual(
          distinct.map((at) => rows.filter(([score, label]) => score >= at && label === 1).length),
        );
        expect([...ranked.falsePositives]).toEqual(
          distinct.map((at) => rows.filter(([score, label]) => score >= at && label === 0).length),
        );
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('sorts long runs that differ in their last bits only', () => {
    const stream = randomStream(3, 'bits');
    const scores = Float64Array.from({ length: 5000 }, () => 0.3 + stream.integer(2000) * 2 ** -54);
    const order = descendingOrder(scores);
    const expected = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
    expect([...order]).toEqual(expected);
  });

  it('leaves out rows of weight 0', () => {
    const ranked = rankScores({
      scores: Float64Array.of(3, 2, 1),
      truth: Int32Array.of(1, 0, 1),
      weights: Float64Array.of(2, 0, 0.5),
    });
    expect([...ranked.thresholds]).toEqual([3, 1]);
    expect([...ranked.truePositives]).toEqual([2, 2.5]);
    expect(ranked.negatives).toBe(0);
  });

  it('refuses NaN and infinite scores and names the row', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => rankScores({ scores: Float64Array.of(1, bad), truth: Int32Array.of(0, 1) })).toThrow(/in row 1/);
    }
  });
});

describe('ranking metrics', () => {
  const stream = randomStream(9, 'ranking');
  const truth = Int32Array.from({ length: 200 }, () => (stream.uniform() < 0.2 ? 1 : 0));
  const scores = Float64Array.from(truth, (label) => Math.round(10 * (stream.normal() + label)) / 10);

  it('do not change under a monotone transform of the scores', () => {
    const bent = scores.map((score) => 1 / (1 + Math.exp(-score)));
    expect(rocAuc({ scores: bent, truth })).toBe(rocAuc({ scores, truth }));
    expect(averagePrecision({ scores: bent, truth })).toBe(averagePrecision({ scores, truth }));
  });

  it('do not depend on the order of the rows, ties included', () => {
    const order = stream.permutation(200);
    const mixed = {
      scores: Float64Array.from(order, (row) => scores[row]!),
      truth: Int32Array.from(order, (row) => truth[row]!),
    };
    expect(rocAuc(mixed)).toBe(rocAuc({ scores, truth }));
    expect(averagePrecision(mixed)).toBe(averagePrecision({ scores, truth }));
  });

  it('turn into 1 - AUC when the scores are negated or the class is swapped', () => {
    const flipped = rocAuc({ scores: scores.map((score) => -score), truth });
    expect(flipped).toBeCloseTo(1 - rocAuc({ scores, truth }), 14);
    expect(rocAuc({ scores, truth, positive: 0 })).toBeCloseTo(flipped, 14);
  });

  it('are the chance of a right pair, ties half', () => {
    let won = 0;
    let pairs = 0;
    for (let i = 0; i < 200; i++) {
      for (let j = 0; j < 200; j++) {
        if (truth[i] !== 1 || truth[j] !== 0) continue;
        pairs++;
        won += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
    }
    expect(rocAuc({ scores, truth })).toBeCloseTo(won / pairs, 14);
  });

  it('give the prevalence as the average precision of constant scores', () => {
    const share = truth.reduce((sum, label) => sum + label, 0) / 200;
    expect(averagePrecision({ scores: new Float64Array(200), truth })).toBeCloseTo(share, 15);
  });
});
