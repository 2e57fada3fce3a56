import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import {
  brierScore,
  calibrationError,
  calibrationRegression,
  classWiseCalibrationError,
  corpDecomposition,
  d2Brier,
  d2LogLoss,
  decisionCurve,
  integratedCalibration,
  logLoss,
  netBenefit,
  spiegelhalterTest,
  topLabelCalibrationError,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty, twoColumns } from './fixture-cases.ts';
import { binaryCases, moreCases, moreFixture } from './more-fixture.ts';

/** Rows with integer weights, and the same rows repeated. */
function weightedAndRepeated() {
  const weights = Float64Array.from(twenty.truth, (_, row) => ((row * 5) % 4) + (row === 3 ? 0 : 1));
  const rows = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
  return {
    weighted: { ...twenty, weights },
    repeated: {
      scores: Float64Array.from(rows, (row) => twenty.scores[row]!),
      truth: Int32Array.from(rows, (row) => twenty.truth[row]!),
    },
  };
}

describe('corpDecomposition', () => {
  it('has the published values', () => {
    const { score, miscalibration, discrimination, uncertainty, skill } = corpDecomposition(twenty);
    expect(score).toBeCloseTo(0.190355, 15);
    expect(miscalibration).toBeCloseTo(0.03202166666666664, 15);
    expect(discrimination).toBeCloseTo(0.09166666666666665, 15);
    expect(uncertainty).toBe(0.25);
    expect(skill).toBeCloseTo(0.23858, 14);
  });

  it('adds up to 1e-15, for both scores, and its score is that of the rows', () => {
    for (const { probabilities, truth, weights, scores } of binaryCases) {
      for (const score of ['brier', 'log'] as const) {
        const parts = corpDecomposition({ scores, truth, weights, score });
        expect(Math.abs(parts.miscalibration - parts.discrimination + parts.uncertainty - parts.score)).toBeLessThan(
          1e-15,
        );
        expect(parts.miscalibration).toBeGreaterThanOrEqual(0);
        expect(parts.discrimination).toBeGreaterThanOrEqual(-1e-15);
        const rows = { probabilities, truth, weights };
        const direct = score === 'log' ? logLoss(rows) : brierScore({ ...rows, positive: 1 });
        expect(parts.score).toBeCloseTo(direct, 12);
      }
    }
  });

  it('finds nothing to put right in what isotonic regression gave', () => {
    // The isotonic fit of the twenty points.
    const fitted = [0, ...Array(5).fill(0.2), ...Array(5).fill(0.4), 0.5, 0.5, ...Array(3).fill(2 / 3), 1, 1, 1, 1];
    const parts = corpDecomposition({ scores: Float64Array.from(fitted), truth: twenty.truth });
    expect(parts.miscalibration).toBeCloseTo(0, 15);
    expect(parts.score).toBeCloseTo(0.190355 - 0.03202166666666664, 15);
  });

  it('takes integer weights for repeated rows; undefined where it must be', () => {
    const { weighted, repeated } = weightedAndRepeated();
    expect(corpDecomposition(weighted).miscalibration).toBeCloseTo(corpDecomposition(repeated).miscalibration, 15);
    expect(corpDecomposition({ ...twenty, truth: new Int32Array(20) }).skill).toBeNaN();
    expect(corpDecomposition({ scores: new Float64Array(0), truth: new Int32Array(0) }).score).toBeNaN();
  });
});

describe('d2LogLoss and d2Brier', () => {
  it('agree with scikit-learn', () => {
    for (const { expected, ...rows } of moreCases) {
      expect(d2LogLoss(rows)).toBeCloseTo(expected['d2LogLoss']!, 11);
      expect(d2Brier(rows)).toBeCloseTo(expected['d2Brier']!, 12);
    }
    expect(d2Brier({ probabilities: twoColumns(twenty.scores), truth: twenty.truth })).toBeCloseTo(0.23858, 14);
  });

  it('are undefined where all rows are of one class', () => {
    const rows = { probabilities: twoColumns(twenty.scores), truth: new Int32Array(20) };
    expect(d2LogLoss(rows)).toBeNaN();
    expect(d2Brier({ ...rows, undefinedAs: 0 })).toBe(0);
  });
});

describe('calibrationRegression', () => {
  it('has the published values', () => {
    const { slope, intercept, calibrationInTheLarge } = calibrationRegression(twenty);
    expect(slope).toBeCloseTo(0.9060475512903515, 13);
    expect(intercept).toBeCloseTo(0.07682036805428524, 13);
    expect(calibrationInTheLarge).toBeCloseTo(0.08505069264417663, 13);
  });

  it('agrees with a root finder of scipy, weights included', () => {
    for (const { scores, truth, weights, expected } of moreFixture.regressions) {
      const found = calibrationRegression({
        scores: Float64Array.from(scores),
        truth: Int32Array.from(truth),
        weights: Float64Array.from(weights),
      });
      expect(found.slope).toBeCloseTo(expected[0], 10);
      expect(found.intercept).toBeCloseTo(expected[1], 10);
      expect(found.calibrationInTheLarge).toBeCloseTo(expected[2], 11);
    }
  });

  it('is logit(prevalence) in the large after balancing a calibrated table', () => {
    // Calibrated at 5 %: balancing multiplies the odds by 19.
    const stream = randomStream(2, 'large');
    const calibrated = Float64Array.from({ length: 200_000 }, () => 0.1 * stream.uniform());
    const truth = Int32Array.from(calibrated, (p) => Number(stream.uniform() < p));
    const balanced = calibrated.map((p) => (19 * p) / (19 * p + 1 - p));
    const { calibrationInTheLarge } = calibrationRegression({ scores: balanced, truth });
    expect(Math.abs(calibrationInTheLarge - Math.log(1 / 19))).toBeLessThan(0.03);
  });

  it('has no slope where the classes are separated or the probabilities all equal', () => {
    const apart = calibrationRegression({ scores: Float64Array.of(0.1, 0.2, 0.8), truth: Int32Array.of(0, 0, 1) });
    expect(apart.slope).toBeNaN();
    expect(apart.calibrationInTheLarge).toBeGreaterThan(-1);
    const flat = calibrationRegression({ scores: new Float64Array(4).fill(0.5), truth: Int32Array.of(0, 1, 1, 1) });
    expect(flat.slope).toBeNaN();
    expect(flat.calibrationInTheLarge).toBeCloseTo(Math.log(3), 14);
    const one = calibrationRegression({ ...twenty, truth: new Int32Array(20), undefinedAs: 0 });
    expect(one).toEqual({ slope: 0, intercept: 0, calibrationInTheLarge: 0 });
  });

  it('bears probabilities of 0 and 1, and takes integer weights for repeated rows', () => {
    const sure = calibrationRegression({
      scores: Float64Array.of(0, 1, 0.5, 0.4, 1, 0),
      truth: Int32Array.of(0, 1, 1, 0, 0, 1),
    });
    expect(Number.isFinite(sure.slope + sure.intercept + sure.calibrationInTheLarge)).toBe(true);
    const { weighted, repeated } = weightedAndRepeated();
    expect(calibrationRegression(weighted).slope).toBeCloseTo(calibrationRegression(repeated).slope, 12);
  });
});

describe('spiegelhalterTest', () => {
  it('has the published value and is two-sided', () => {
    const { z, pValue } = spiegelhalterTest(twenty);
    expect(z).toBeCloseTo(0.20538340776000186, 14);
    expect(pValue).toBeCloseTo(0.8372725826498547, 13);
    const timid = { scores: Float64Array.of(0.6, 0.6, 0.6, 0.6), truth: Int32Array.of(1, 1, 1, 1) };
    const extreme = { scores: timid.scores, truth: Int32Array.of(0, 0, 0, 0) };
    expect(spiegelhalterTest(timid).z).toBeLessThan(0);
    expect(spiegelhalterTest(extreme).z).toBeGreaterThan(0);
    expect(spiegelhalterTest(timid).pValue).toBeLessThan(0.2);
  });

  it('takes integer weights for repeated rows, undefined at 0.5 throughout', () => {
    const { weighted, repeated } = weightedAndRepeated();
    expect(spiegelhalterTest(weighted).z).toBeCloseTo(spiegelhalterTest(repeated).z, 13);
    expect(spiegelhalterTest({ scores: Float64Array.of(0.5), truth: Int32Array.of(1) }).pValue).toBeNaN();
  });
});

describe('calibrationError', () => {
  it('has the published values', () => {
    const ten = calibrationError({ ...twenty, bins: 10 });
    expect(ten.expected).toBeCloseTo(0.1875, 14);
    expect(ten.maximum).toBeCloseTo(0.475, 14);
    expect(ten.average).toBeCloseTo(0.1733333333333333, 14);
    expect(ten.rootMeanSquare).toBeCloseTo(0.23312728997981624, 14);
    expect(calibrationError({ ...twenty, preset: 'adaptive', bins: 5 }).expected).toBeCloseTo(0.1275, 14);
    const five = calibrationError(twenty);
    expect(five.bins.map((bin) => bin.observed)).toEqual([0.25, 0.4, 0.25, 0.8, 1].map((v) => expect.closeTo(v, 14)));
    expect(five.bins.map((bin) => bin.predicted)).toEqual(
      [0.1225, 0.336, 0.525, 0.714, 0.925].map((v) => expect.closeTo(v, 14)),
    );
  });

  it("has the bins of scikit-learn's calibration_curve", () => {
    let compared = 0;
    for (const { scores, truth, expected } of binaryCases) {
      for (const strategy of ['uniform', 'quantile'] as const) {
        const curve = expected[`curve_${strategy}`];
        if (!curve) continue;
        const { bins } = calibrationError({ scores, truth, strategy });
        expect(bins.map((bin) => bin.observed)).toEqual(curve[0].map((v) => expect.closeTo(v, 12)));
        expect(bins.map((bin) => bin.predicted)).toEqual(curve[1].map((v) => expect.closeTo(v, 12)));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('puts an edge into the bin that its preset closes, and drops zeros where its preset does', () => {
    const rows = { scores: Float64Array.of(0, 0.1, 0.1, 1), truth: Int32Array.of(1, 0, 1, 1) };
    const right = calibrationError({ ...rows, bins: 10, closed: 'right' });
    const left = calibrationError({ ...rows, preset: 'netcal' });
    expect(right.bins.map((bin) => bin.rows)).toEqual([3, 1]);
    expect(left.bins.map((bin) => bin.rows)).toEqual([1, 2, 1]);
    const guo = calibrationError({ ...rows, preset: 'guo' });
    expect(guo.bins.map((bin) => bin.rows)).toEqual([2, 1]);
    expect(guo.expected).toBeCloseTo(0.2, 15);
  });

  it('takes integer weights for repeated rows, also at quantile edges', () => {
    const { weighted, repeated } = weightedAndRepeated();
    for (const preset of ['guo', 'sklearn', 'netcal', 'adaptive'] as const) {
      expect(calibrationError({ ...weighted, preset }).expected).toBeCloseTo(
        calibrationError({ ...repeated, preset }).expected,
        14,
      );
    }
  });

  it('is undefined without rows and refuses bins that cannot be', () => {
    expect(calibrationError({ scores: new Float64Array(0), truth: new Int32Array(0) }).expected).toBeNaN();
    expect(() => calibrationError({ ...twenty, bins: 0 })).toThrow(/bins/);
    expect(() => calibrationError({ ...twenty, preset: 'other' as 'guo' })).toThrow(/preset/);
  });
});

describe('topLabelCalibrationError and classWiseCalibrationError', () => {
  const probabilities = matrix(Float64Array.of(0.8, 0.1, 0.1, 0.3, 0.6, 0.1, 0.2, 0.2, 0.6, 0.8, 0.2, 0), 4, 3);
  const truth = Int32Array.of(0, 1, 1, 1);

  it('judge the largest probability by whether it is right', () => {
    const { bins, expected } = topLabelCalibrationError({ probabilities, truth, preset: 'netcal' });
    expect(bins.map((bin) => [bin.rows, bin.observed])).toEqual([
      [2, 0.5],
      [2, 0.5],
    ]);
    expect(expected).toBeCloseTo(0.5 * 0.1 + 0.5 * 0.3, 14);
  });

  it('show the class that is wrong where the top label is right', () => {
    const { classes, expected } = classWiseCalibrationError({ probabilities, truth, preset: 'netcal' });
    const alone = classes.map((_, label) =>
      calibrationError({
        scores: Float64Array.from(truth, (__, row) => probabilities.data[row * 3 + label]!),
        truth,
        positive: label,
        preset: 'netcal',
      }),
    );
    classes.forEach((one, label) => {
      expect(one).toEqual(alone[label]);
    });
    expect(expected).toBeCloseTo(alone.reduce((sum, one) => sum + one.expected, 0) / 3, 15);
  });
});

describe('integratedCalibration', () => {
  it('nears 0 for calibrated probabilities and the bias for shifted ones', () => {
    const stream = randomStream(4, 'ici');
    const scores = Float64Array.from({ length: 50_000 }, () => 0.05 + 0.7 * stream.uniform());
    const truth = Int32Array.from(scores, (p) => Number(stream.uniform() < p));
    expect(integratedCalibration({ scores, truth }).ici).toBeLessThan(0.01);
    const shifted = integratedCalibration({ scores: scores.map((p) => p + 0.2), truth });
    expect(Math.abs(shifted.ici - 0.2)).toBeLessThan(0.01);
    expect(Math.abs(shifted.e50 - 0.2)).toBeLessThan(0.015);
  });

  it('takes integer weights for repeated rows', () => {
    const { weighted, repeated } = weightedAndRepeated();
    const first = integratedCalibration(weighted);
    const second = integratedCalibration(repeated);
    for (const name of ['ici', 'e50', 'e90', 'eMax'] as const) expect(first[name]).toBeCloseTo(second[name], 10);
    expect(integratedCalibration({ scores: new Float64Array(0), truth: new Int32Array(0) }).ici).toBeNaN();
  });
});

describe('decisionCurve', () => {
  it('has the published values', () => {
    const { netBenefit: model, treatAll } = decisionCurve({ ...twenty, thresholds: [0.1, 0.2, 0.5] });
    expect([...model]).toEqual([0.45, 0.35, 0.2].map((v) => expect.closeTo(v, 14)));
    expect([...treatAll]).toEqual([0.4444444444444444, 0.375, 0].map((v) => expect.closeTo(v, 14)));
  });

  it('is the benefit of treating all at 0, and spares nobody there without dividing by 0', () => {
    const curve = decisionCurve(twenty);
    expect(curve.thresholds).toHaveLength(100);
    expect(curve.netBenefit[0]).toBe(0.5);
    expect(curve.standardised[0]).toBe(1);
    expect(curve.interventionsAvoided[0]).toBeNaN();
    expect(curve.interventionsAvoided[50]).toBeCloseTo((0.2 - 0) / 1, 14);
  });

  it('moves to another prevalence by the rates, and pays the harm of the test', () => {
    const rows = { ...twenty, threshold: 0.5 };
    expect(netBenefit({ ...rows, prevalence: 0.1 })).toBeCloseTo(0.7 * 0.1 - 0.3 * 0.9, 14);
    expect(netBenefit({ ...rows, harm: 0.05 })).toBeCloseTo(0.15, 14);
    const { weighted, repeated } = weightedAndRepeated();
    expect(netBenefit({ ...weighted, threshold: 0.3 })).toBeCloseTo(netBenefit({ ...repeated, threshold: 0.3 }), 14);
  });

  it('refuses what cannot be', () => {
    expect(() => decisionCurve({ ...twenty, thresholds: [1] })).toThrow(/thresholds/);
    expect(() => decisionCurve({ ...twenty, prevalence: 1.5 })).toThrow(/prevalence/);
    expect(() => decisionCurve({ ...twenty, harm: Number.NaN })).toThrow(/harm/);
  });
});
