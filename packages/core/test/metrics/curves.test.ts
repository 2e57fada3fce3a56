import { describe, expect, it } from 'vitest';
import { columnOf } from '../../src/metrics/checks.ts';
import { precisionRecallCurve, rankScores, reliabilityCurve, rocCurve } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { cases, twenty } from './fixture-cases.ts';

const near = (actual: ArrayLike<number>, expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-12);
  });
};

describe('rocCurve and precisionRecallCurve', () => {
  it('agree with scikit-learn point for point', () => {
    const drawn = cases.filter((example) => example.curves !== null && !example.weights);
    expect(drawn.length).toBeGreaterThan(3);
    for (const { probabilities, truth, curves } of drawn) {
      const ranked = rankScores({ scores: columnOf(probabilities, 1), truth });
      const roc = rocCurve(ranked);
      near(roc.falsePositiveRate, curves!.fpr);
      near(roc.truePositiveRate, curves!.tpr);
      near(roc.thresholds.slice(1), curves!.rocThresholds);
      expect(roc.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('agree with scikit-learn on weighted rows', () => {
    for (const { probabilities, truth, curves, weights } of cases) {
      if (!curves) continue;
      const curve = precisionRecallCurve(rankScores({ scores: columnOf(probabilities, 1), truth, weights }));
      near(curve.precision, curves.precision);
      near(curve.recall, curves.recall);
      near(curve.thresholds, curves.thresholds);
    }
  });

  it('end in (0, 0) and (1, 1), and in precision 1 and recall 0', () => {
    const ranked = rankScores(twenty);
    const roc = rocCurve(ranked, { dropIntermediate: false });
    expect([roc.falsePositiveRate[0], roc.truePositiveRate[0]]).toEqual([0, 0]);
    expect([roc.falsePositiveRate.at(-1), roc.truePositiveRate.at(-1)]).toEqual([1, 1]);
    expect(roc.thresholds).toHaveLength(18);
    const curve = precisionRecallCurve(ranked);
    expect([curve.precision.at(-1), curve.recall.at(-1)]).toEqual([1, 0]);
  });
});

describe('reliabilityCurve', () => {
  it('has the bins of scikit-learn in the uniform strategy', () => {
    const { bins } = reliabilityCurve({ ...twenty, bins: 5, strategy: 'uniform' });
    near(
      bins.map((bin) => bin.observed),
      [0.25, 0.4, 0.25, 0.8, 1],
    );
    near(
      bins.map((bin) => bin.predicted),
      [0.1225, 0.336, 0.525, 0.714, 0.925],
    );
    expect(bins.map((bin) => bin.rows)).toEqual([4, 5, 4, 5, 2]);
  });

  it('puts an upper edge into the lower bin, at the very float of the edge', () => {
    const scores = Float64Array.of(0, 0.1, 3 * 0.1, 0.3, 1);
    const { bins } = reliabilityCurve({ scores, truth: Int32Array.of(0, 0, 0, 0, 1), strategy: 'uniform' });
    expect(bins.map((bin) => bin.rows)).toEqual([2, 2, 1]);
  });

  it('makes equal numbers of rows and never parts equal scores', () => {
    const scores = Float64Array.from({ length: 100 }, (_, row) => row / 100);
    const truth = Int32Array.from(scores, (_, row) => (row % 3 === 0 ? 1 : 0));
    expect(reliabilityCurve({ scores, truth }).bins.map((bin) => bin.rows)).toEqual(new Array(10).fill(10));
    const tied = scores.map((score) => (score < 0.35 ? 0 : score));
    const rows = reliabilityCurve({ scores: tied, truth }).bins.map((bin) => bin.rows);
    expect(rows).toEqual([35, 8, 8, 7, 7, 7, 7, 7, 7, 7]);
  });

  it('keeps totals: rows, positives and the bias', () => {
    const stream = randomStream(2, 'reliability');
    const scores = Float64Array.from({ length: 500 }, () => Math.round(stream.uniform() * 40) / 1000);
    const truth = Int32Array.from(scores, (score) => (stream.uniform() < score ? 1 : 0));
    const { bins, bias } = reliabilityCurve({ scores, truth });
    const positives = truth.reduce((sum, label) => sum + label, 0);
    expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(500);
    expect(bins.reduce((sum, bin) => sum + bin.rows * bin.observed, 0)).toBeCloseTo(positives, 10);
    expect(bias).toBeCloseTo((scores.reduce((sum, score) => sum + score, 0) - positives) / 500, 14);
    for (const bin of bins) {
      expect(bin.low).toBeLessThanOrEqual(bin.observed);
      expect(bin.high).toBeGreaterThanOrEqual(bin.observed);
    }
  });

  it('is one bin for constant scores and none for no rows', () => {
    const truth = Int32Array.of(1, 0, 0);
    expect(reliabilityCurve({ scores: Float64Array.of(0.2, 0.2, 0.2), truth }).bins).toHaveLength(1);
    expect(reliabilityCurve({ scores: new Float64Array(0), truth: new Int32Array(0) }).bins).toEqual([]);
  });
});
