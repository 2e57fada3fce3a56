import { describe, expect, it } from 'vitest';
import {
  betaCalibrator,
  type Calibration,
  type Calibrator,
  isotonicCalibrator,
  matrix,
  plattCalibrator,
  priorCorrection,
  saerensShares,
  temperatureCalibrator,
} from '../../src/index.ts';
import { expectAllPrinted, expectPrinted, rowsOf, twenty, twoColumns } from './golden.ts';

const classes = ['no', 'yes'];
const fitTwenty = (calibrator: Calibrator) =>
  calibrator.fit(matrix(twenty.scores, 20, 1), { codes: twenty.truth, classes });
const mapOf = (fitted: Calibration) => (fitted.toJSON()['maps'] as Record<string, number>[])[0]!;
const at = (fitted: Calibration, score: number) => fitted.apply(matrix(Float64Array.of(score), 1, 1)).data[1]!;

/** Forty scores and labels as numpy's legacy stream of seed 42 draws them: 40 % positive, 80 % on the right side of a half. */
const forty = {
  scores: Float64Array.of(
    ...[0.43155171, 0.81164906, 0.66544901, 0.53177918, 0.15549116, 0.16259166, 0.36480309, 0.81877874],
    ...[0.94360637, 0.73610746, 0.55979712, 0.85662239, 0.38039252, 0.7806386, 0.38548359, 0.7468978],
    ...[0.26136641, 0.21377051, 0.01270956, 0.05394571, 0.51571459, 0.31820521, 0.65717799, 0.25428535],
    ...[0.45378324, 0.62464611, 0.20519146, 0.87777557, 0.11439908, 0.53848995, 0.64487573, 0.08061064],
    ...[0.46484883, 0.40406019, 0.81670188, 0.9357303, 0.40183604, 0.09328503, 0.9462795, 0.26967112],
  ),
  codes: Int32Array.from('0110000111011000000010000100001001110010', Number),
};

describe('calibrators of the twenty points', () => {
  it('isotonic', async () => {
    const fitted = await fitTwenty(isotonicCalibrator());
    expect([...fitted.apply(matrix(twenty.scores, 20, 1)).data].filter((_, i) => i % 2)).toEqual([
      0,
      ...Array(5).fill(0.2),
      ...Array(5).fill(0.4),
      0.5,
      0.5,
      ...Array(3).fill(2 / 3),
      1,
      1,
      1,
      1,
    ]);
    expect(at(fitted, 0.42)).toBe(0.4);
  });

  it('Platt', async () => {
    const { a, b } = mapOf(await fitTwenty(plattCalibrator()));
    expectPrinted(a!, '-3.555153897232283');
    expectPrinted(b!, '1.7194661751513844');
  });

  it('temperature', async () => {
    const fitted = await temperatureCalibrator().fit(matrix(twenty.scores, 20, 1), { codes: twenty.truth, classes });
    expect(Math.abs((fitted.toJSON()['inverseTemperature'] as number) - 0.90135728962844)).toBeLessThan(1e-7);
  });

  it('beta: am is slope and intercept of the logit; abm drops a negative a', async () => {
    const am = mapOf(await fitTwenty(betaCalibrator({ parameters: 'am' })));
    expectAllPrinted([am['a']!, am['b']!, am['c']!], '.9060475512903515 = .07682036805428524');
    const fitted = await fitTwenty(betaCalibrator({ parameters: 'abm' }));
    const { a, b, c } = mapOf(fitted);
    expect(a).toBe(0);
    expectAllPrinted([b!, c!], '2.2005592843521793 -1.6933136891887552');
    expectPrinted(at(fitted, 0.42), '.3788083498266372');
  });

  it('beta abm without its constraint would be the published point: there the gradient is 0', () => {
    // In forty digits; the published ones end in -.3919552683048633, 2.7150073480384513, -2.4264868017715466.
    const [a, b, c] = [-0.39195526830496236, 2.7150073480384496, -2.4264868017715444];
    const gradient = [0, 0, 0];
    twenty.scores.forEach((score, row) => {
      const x = [Math.log(score), -Math.log1p(-score), 1];
      const residual = 1 / (1 + Math.exp(-(a * x[0]! + b * x[1]! + c))) - twenty.truth[row]!;
      x.forEach((value, i) => {
        gradient[i]! += residual * value;
      });
    });
    for (const value of gradient) expect(Math.abs(value)).toBeLessThan(2e-15);
  });
});

describe('calibrators of other published rows', () => {
  it('beta on forty drawn scores: the maximum of the likelihood', async () => {
    const fit = async (parameters: 'abm' | 'am') =>
      mapOf(await betaCalibrator({ parameters }).fit(matrix(forty.scores, 40, 1), { codes: forty.codes, classes }));
    const { a, b, c } = await fit('abm');
    // The maximum in forty digits, rounded; the curvature leaves float64 fourteen of them.
    const maximum = [2.8051665578013014, 0.4977123241467466, 0.8029608716846172];
    [a!, b!, c!].forEach((value, i) => {
      expect(Math.abs(value - maximum[i]!)).toBeLessThan(1e-14);
    });
    expectAllPrinted([a!, b!], '2.8051665578013 .49771232414675');
    const am = await fit('am');
    expectAllPrinted([am['a']!, am['c']!], '1.372017224144493 -.9553400469263775');
  });

  it('Platt on three scores: the exact solution, which other optimisers near to three digits', async () => {
    const fitted = await plattCalibrator({ input: 'scores' }).fit(matrix(Float64Array.of(5, -4, 1), 3, 1), {
      codes: Int32Array.of(1, 0, 0),
      classes: [-1, 1],
    });
    const { a, b } = mapOf(fitted);
    // scikit-learn's test has -.20261354391187855 and .65236314980010512, good to three digits.
    expectAllPrinted([a!, b!], '-.20261448961847559865 .65236663899844914319');
    expectAllPrinted([a!, b!], '-.2026 .6524');
    const residuals = [5, -4, 1].map((score, i) => 1 / (1 + Math.exp(a! * score + b!)) - [2 / 3, 1 / 4, 1 / 4][i]!);
    expect(Math.abs(residuals[0]! + residuals[1]! + residuals[2]!)).toBeLessThan(1e-14);
    expect(Math.abs(5 * residuals[0]! - 4 * residuals[1]! + residuals[2]!)).toBeLessThan(1e-14);
  });
});

describe('changed priors', () => {
  it('Dal Pozzolo: p = β p_s / ((β - 1) p_s + 1)', () => {
    const correction = priorCorrection({ trueShares: Float64Array.of(10, 1), seenShares: Float64Array.of(1, 1) });
    expectPrinted(correction.apply(rowsOf([[0.2, 0.8]])).data[1]!, '.28571428571428575');
  });

  it('Saerens, from both priors: the maximum itself, which the published steps of 1e-12 near to 1e-11', () => {
    const probabilities = twoColumns(twenty.scores);
    const sharesFrom = (...seen: number[]) =>
      saerensShares({ probabilities, seenShares: Float64Array.from(seen) }).shares;
    // Maxima of the likelihood in forty digits.
    expectAllPrinted(sharesFrom(0.5, 0.5), '.55711534262563394177 .44288465737436605823');
    expectAllPrinted(sharesFrom(0.7, 0.3), '.06037016053563595516 .93962983946436404484');
    expectAllPrinted(sharesFrom(0.5, 0.5), '.5571153426 .4428846574');
    expectAllPrinted(sharesFrom(0.7, 0.3), '.0603701605 .9396298395');
  });
});
