import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gainAt,
  gainsCurve,
  hMeasure,
  kolmogorovSmirnov,
  leastPrecisionRecallArea,
  liftAt,
  partialRocAuc,
  precisionAtK,
  precisionRecallArea,
  precisionRecallGainArea,
  precisionRecallGainCurve,
  rankScores,
  recallAtK,
  rocAuc,
  rocAucInterval,
  rocAucOneVsOne,
  rocAucOneVsRest,
  rocHullAreaOfRanked,
  type ScoredRows,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty, twoColumns } from './fixture-cases.ts';
import { binaryCases, multiCases } from './more-fixture.ts';

describe('rocAucOneVsRest and rocAucOneVsOne', () => {
  it('agree with scikit-learn', () => {
    for (const { expected, weights, ...rows } of multiCases) {
      for (const average of ['macro', 'weighted', 'micro'] as const) {
        expect(rocAucOneVsRest({ ...rows, weights, average })).toBeCloseTo(expected[`ovr_${average}`]!, 12);
      }
      for (const average of ['macro', 'weighted'] as const) {
        expect(rocAucOneVsOne({ ...rows, average })).toBeCloseTo(expected[`ovo_${average}`]!, 12);
      }
    }
  });

  it('are the binary area for two classes', () => {
    const rows = { probabilities: twoColumns(twenty.scores), truth: twenty.truth };
    expect(rocAucOneVsRest(rows)).toBeCloseTo(0.785, 14);
    expect(rocAucOneVsOne(rows)).toBeCloseTo(0.785, 14);
  });

  it('take integer weights for repeated rows, one against one too', () => {
    const { probabilities, truth } = multiCases[0]!;
    const times = truth.map((_, row) => (row * 7) % 3);
    const rows = [...times].flatMap((count, row) => new Array<number>(count).fill(row));
    const { data, columns } = probabilities;
    const copied = {
      truth: Int32Array.from(rows, (row) => truth[row]!),
      probabilities: {
        ...probabilities,
        rows: rows.length,
        data: Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
      },
    };
    const weighted = { probabilities, truth, weights: Float64Array.from(times) };
    for (const average of ['macro', 'weighted'] as const) {
      expect(rocAucOneVsOne({ ...weighted, average })).toBeCloseTo(rocAucOneVsOne({ ...copied, average }), 13);
    }
    expect(rocAucOneVsRest({ ...weighted, average: 'micro' })).toBeCloseTo(
      rocAucOneVsRest({ ...copied, average: 'micro' }),
      13,
    );
  });

  it('do not depend on class shares one against one', () => {
    const { probabilities, truth } = multiCases[0]!;
    const weights = Float64Array.from(truth, (label) => [1, 10, 0.5, 3, 2][label]!);
    expect(rocAucOneVsOne({ probabilities, truth, weights })).toBeCloseTo(rocAucOneVsOne({ probabilities, truth }), 13);
  });

  it('leave absent classes out', () => {
    const rows = { probabilities: twoColumns(twenty.scores), truth: new Int32Array(20) };
    for (const average of ['macro', 'weighted'] as const) {
      expect(rocAucOneVsRest({ ...rows, average })).toBeNaN();
      expect(rocAucOneVsOne({ ...rows, average, undefinedAs: 0.5 })).toBe(0.5);
    }
  });
});

describe('partialRocAuc', () => {
  it('agrees with scikit-learn and has the published value', () => {
    for (const { expected, ...rows } of binaryCases) {
      expect(partialRocAuc({ ...rows, maxFpr: 0.1 })).toBeCloseTo(expected['partial01']!, 12);
      expect(partialRocAuc({ ...rows, maxFpr: 0.5 })).toBeCloseTo(expected['partial05']!, 12);
      expect(partialRocAuc({ ...rows, maxFpr: 1, standardised: false })).toBeCloseTo(rocAuc(rows), 13);
    }
    expect(partialRocAuc({ ...twenty, maxFpr: 0.2 })).toBeCloseTo(0.7361111111111112, 14);
  });

  it('is 0.5 for constant scores and 1 for perfect ones', () => {
    const truth = Int32Array.of(0, 0, 1, 1);
    expect(partialRocAuc({ scores: new Float64Array(4), truth, maxFpr: 0.3 })).toBeCloseTo(0.5, 15);
    expect(partialRocAuc({ scores: Float64Array.of(0, 1, 2, 3), truth, maxFpr: 0.3 })).toBeCloseTo(1, 15);
    expect(() => partialRocAuc({ ...twenty, maxFpr: 0 })).toThrow(/maxFpr/);
  });
});

describe('precisionRecallArea', () => {
  it('has the published values', () => {
    expect(precisionRecallArea(twenty)).toBeCloseTo(0.829830546847446, 14);
    expect(precisionRecallArea({ ...twenty, interpolation: 'trapezoid' })).toBeCloseTo(0.8308652432878438, 14);
  });

  it('agrees with numerical integration of each segment, and the trapezoid with scikit-learn', () => {
    for (const { expected, ...rows } of binaryCases) {
      expect(precisionRecallArea(rows)).toBeCloseTo(expected['davisGoadrich']!, 11);
      expect(precisionRecallArea({ ...rows, interpolation: 'trapezoid' })).toBeCloseTo(expected['trapezoid']!, 12);
    }
  });

  it('is the prevalence for constant scores, and least where every negative comes first', () => {
    const truth = Int32Array.of(1, 0, 0, 0);
    expect(precisionRecallArea({ scores: new Float64Array(4), truth })).toBeCloseTo(0.25, 15);
    expect(leastPrecisionRecallArea(0.5)).toBeCloseTo(0.3068528194400547, 15);
    const worst = Int32Array.from({ length: 2000 }, (_, row) => (row < 1000 ? 1 : 0));
    const scores = Float64Array.from(worst, (label) => -label);
    expect(precisionRecallArea({ scores, truth: worst })).toBeCloseTo(leastPrecisionRecallArea(0.5), 14);
    expect(precisionRecallArea({ scores, truth: new Int32Array(2000) })).toBeNaN();
  });
});

describe('precisionRecallGainArea', () => {
  it('is 1 for perfect scores and 0 for constant ones', () => {
    const truth = Int32Array.of(0, 0, 0, 1, 1);
    expect(precisionRecallGainArea({ scores: Float64Array.of(1, 2, 3, 4, 5), truth })).toBeCloseTo(1, 15);
    expect(precisionRecallGainArea({ scores: new Float64Array(5), truth })).toBeCloseTo(0, 15);
  });

  it('is the integral of the gain of precision over that of recall', () => {
    const ranked = rankScores(twenty);
    const { precisionGain, recallGain } = precisionRecallGainCurve(ranked);
    const gain = (share: number) => (share - 0.5) / (0.5 * share);
    // Every threshold with a recall above the prevalence, by the definition.
    const points = [...ranked.thresholds.keys()]
      .map((group) => [ranked.truePositives[group]!, ranked.falsePositives[group]!] as const)
      .filter(([hits]) => hits / 10 > 0.5)
      .map(([hits, alarms]) => [gain(hits / 10), gain(hits / (hits + alarms))] as const);
    expect(recallGain[0]).toBe(0);
    const rest = points.length;
    expect([...recallGain.slice(-rest)].map((value, i) => value - points[i]![0])).toEqual(
      points.map(() => expect.closeTo(0, 13)),
    );
    expect([...precisionGain.slice(-rest)].map((value, i) => value - points[i]![1])).toEqual(
      points.map(() => expect.closeTo(0, 13)),
    );
  });

  it('does not change when a straight piece of the ROC curve is cut in two', () => {
    const weights = Float64Array.of(4, 6, 2, 8);
    const whole = { scores: Float64Array.of(2, 2, 1, 1), truth: Int32Array.of(1, 0, 1, 0), weights };
    const cut = {
      scores: Float64Array.of(3, 3, 2, 2, 1, 1),
      truth: Int32Array.of(1, 0, 1, 0, 1, 0),
      weights: Float64Array.of(1, 1.5, 3, 4.5, 2, 8),
    };
    expect(precisionRecallGainArea(cut)).toBeCloseTo(precisionRecallGainArea(whole), 14);
    expect(precisionRecallArea(cut)).toBeCloseTo(precisionRecallArea(whole), 14);
    expect(hMeasure(cut)).toBeCloseTo(hMeasure(whole), 14);
  });

  it('is undefined for one class', () => {
    expect(precisionRecallGainArea({ scores: Float64Array.of(1), truth: Int32Array.of(1) })).toBeNaN();
  });
});

describe('kolmogorovSmirnov', () => {
  it('agrees with the ROC curve of scikit-learn', () => {
    for (const { expected, ...rows } of binaryCases) {
      expect(kolmogorovSmirnov(rows).statistic).toBeCloseTo(expected['ks']!, 12);
    }
    expect(kolmogorovSmirnov(twenty).statistic).toBeCloseTo(0.5, 15);
    expect(kolmogorovSmirnov({ ...twenty, truth: new Int32Array(20) }).statistic).toBeNaN();
  });
});

describe('precisionAtK, recallAtK, gains and lift', () => {
  const tied = { scores: Float64Array.of(5, 3, 3, 3, 3, 1), truth: Int32Array.of(1, 1, 0, 0, 0, 0) };

  it('take what a random choice among tied rows gives on average', () => {
    expect(precisionAtK({ ...tied, k: 1 })).toBe(1);
    expect(precisionAtK({ ...tied, k: 3 })).toBeCloseTo((1 + 2 / 4) / 3, 15);
    expect(recallAtK({ ...tied, k: 3 })).toBeCloseTo(0.75, 15);
    expect(recallAtK({ ...tied, k: 6 })).toBe(1);
  });

  it('do not depend on the order of the rows', () => {
    const stream = randomStream(1, 'order');
    const { scores, truth } = binaryCases[0]!;
    const order = stream.permutation(scores.length);
    const mixed = { scores: Float64Array.from(order, (row) => scores[row]!), truth: order.map((row) => truth[row]!) };
    for (let k = 1; k <= scores.length; k++) {
      expect(precisionAtK({ ...mixed, k })).toBeCloseTo(precisionAtK({ scores, truth, k }), 14);
    }
  });

  it('are gain and lift: recall in the top share, over that share', () => {
    expect(gainAt({ ...tied, share: 0.5 })).toBeCloseTo(0.75, 15);
    expect(liftAt({ ...tied, share: 0.5 })).toBeCloseTo(1.5, 15);
    expect(liftAt({ ...tied, share: 1 })).toBe(1);
    const curve = gainsCurve(rankScores(tied));
    expect([...curve.rows]).toEqual([1 / 6, 5 / 6, 1]);
    expect([...curve.gain]).toEqual([0.5, 1, 1]);
    expect(curve.lift[0]).toBeCloseTo(3, 14);
  });

  it('refuse what cannot be', () => {
    expect(() => precisionAtK({ ...tied, k: 7 })).toThrow(/6 rows/);
    expect(() => recallAtK({ ...tied, k: 0 })).toThrow(/k must/);
    expect(() => gainAt({ ...tied, share: 1.2 })).toThrow(/share/);
    expect(liftAt({ ...tied, truth: new Int32Array(6), share: 0.5, undefinedAs: 0 })).toBe(0);
    expect(recallAtK({ ...tied, truth: new Int32Array(6), k: 2 })).toBeNaN();
  });
});

describe('hMeasure', () => {
  it('has the published values', () => {
    expect(hMeasure(twenty)).toBeCloseTo(0.3830696296296294, 14);
    expect(hMeasure({ ...twenty, costs: 'shares' })).toBeCloseTo(0.3757219484330883, 14);
    const rarer = Int32Array.from(twenty.truth);
    rarer[11] = 0;
    rarer[13] = 0;
    expect(hMeasure({ scores: twenty.scores, truth: rarer })).toBeCloseTo(0.4249289256302899, 14);
    expect(hMeasure({ scores: twenty.scores, truth: rarer, costs: 'shares' })).toBeCloseTo(0.4198259861086469, 14);
  });

  it('is the default with its Beta distribution and severity ratio spelled out', () => {
    expect(hMeasure({ ...twenty, costs: { alpha: 2, beta: 2 } })).toBeCloseTo(hMeasure(twenty), 15);
    expect(hMeasure({ ...twenty, severityRatio: 0.25 })).toBeCloseTo(
      hMeasure({ ...twenty, costs: { alpha: 2, beta: 5 } }),
      15,
    );
  });

  it('stands on the convex hull of the ROC curve', () => {
    expect(rocHullAreaOfRanked(rankScores(twenty))).toBeCloseTo(0.835, 14);
    expect(rocHullAreaOfRanked(rankScores({ ...twenty, scores: twenty.scores.map((score) => -score) }))).toBe(0.5);
  });

  it('is 1 for perfect, 0 for constant and for reversed scores', () => {
    const truth = Int32Array.of(0, 0, 1, 1, 1);
    const scores = Float64Array.of(1, 2, 3, 4, 5);
    expect(hMeasure({ scores, truth })).toBeCloseTo(1, 14);
    expect(hMeasure({ scores: new Float64Array(5), truth })).toBeCloseTo(0, 14);
    expect(hMeasure({ scores: scores.map((score) => -score), truth })).toBeCloseTo(0, 14);
  });

  it('takes integer weights for repeated rows and refuses shapes that cannot be', () => {
    const weights = Float64Array.from(twenty.truth, (_, row) => (row % 3) + 1);
    const rows = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
    const copied = {
      scores: Float64Array.from(rows, (row) => twenty.scores[row]!),
      truth: Int32Array.from(rows, (row) => twenty.truth[row]!),
    };
    expect(hMeasure({ ...twenty, weights })).toBeCloseTo(hMeasure(copied), 14);
    expect(() => hMeasure({ ...twenty, costs: { alpha: 0, beta: 1 } })).toThrow(/alpha/);
    expect(() => hMeasure({ ...twenty, severityRatio: -1 })).toThrow(/severityRatio/);
    expect(hMeasure({ ...twenty, truth: new Int32Array(20) })).toBeNaN();
  });
});

describe('every measure of a ranking', () => {
  const measures: Record<string, (rows: ScoredRows) => number> = {
    partialRocAuc: (rows) => partialRocAuc({ ...rows, maxFpr: 0.3 }),
    precisionRecallArea: (rows) => precisionRecallArea(rows),
    precisionRecallGainArea: (rows) => precisionRecallGainArea(rows),
    kolmogorovSmirnov: (rows) => kolmogorovSmirnov(rows).statistic,
    liftAt: (rows) => liftAt({ ...rows, share: 0.25 }),
    hMeasure: (rows) => hMeasure(rows),
    standardError: (rows) => rocAucInterval(rows).standardError,
  };
  const row = fc.record({
    score: fc.integer({ min: 0, max: 6 }),
    label: fc.integer({ min: 0, max: 1 }),
    times: fc.integer({ min: 0, max: 3 }),
  });
  const made = fc
    .array(row, { minLength: 4, maxLength: 25 })
    .map((rows) => [...rows, { score: 3, label: 1, times: 2 }, { score: 2, label: 0, times: 2 }]);
  const columns = (rows: readonly { score: number; label: number; times: number }[]) => ({
    scores: Float64Array.from(rows, ({ score }) => score),
    truth: Int32Array.from(rows, ({ label }) => label),
    weights: Float64Array.from(rows, ({ times }) => times),
  });

  it('takes integer weights for repeated rows, and rows in any order', () => {
    fc.assert(
      fc.property(made, (rows) => {
        const repeated = rows.flatMap((one) => new Array<typeof one>(one.times).fill({ ...one, times: 1 })).reverse();
        for (const [name, measure] of Object.entries(measures)) {
          const weighted = measure(columns(rows));
          const { weights: _, ...plain } = columns(repeated);
          expect(Math.abs(measure(plain) - weighted), name).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('does not change under a rising transformation of the scores', () => {
    fc.assert(
      fc.property(made, (rows) => {
        const given = columns(rows);
        const moved = { ...given, scores: given.scores.map((score) => Math.exp(score) - 10) };
        for (const measure of Object.values(measures)) expect(measure(moved)).toBe(measure(given));
      }),
      { numRuns: 50 },
    );
  });
});
