import { describe, expect, it } from 'vitest';
import {
  brierScore,
  brownianMaximumCdf,
  brownianRangeCdf,
  calibrationError,
  calibrationRegression,
  corpDecomposition,
  integratedCalibration,
  logLoss,
  spiegelhalterTest,
} from '../../src/index.ts';
import { expectAllPrinted, expectPrinted, twenty, twoColumns } from './golden.ts';

const rows = { probabilities: twoColumns(twenty.scores), truth: twenty.truth };

describe('probabilities of the twenty points', () => {
  it('Brier score, its CORP decomposition and skill, log loss', () => {
    expectPrinted(brierScore({ ...rows, positive: 1 }), '.190355');
    const { miscalibration, discrimination, uncertainty, skill } = corpDecomposition(twenty);
    expectAllPrinted([miscalibration, discrimination, uncertainty], '.03202166666666664 .09166666666666665 .25');
    expectPrinted(skill, '.23858');
    expectPrinted(logLoss(rows), '.5606972323464193');
  });

  it('calibration slope, its intercept, and calibration in the large', () => {
    const { slope, intercept, calibrationInTheLarge } = calibrationRegression(twenty);
    expectAllPrinted(
      [slope, intercept, calibrationInTheLarge],
      '.9060475512903515 .07682036805428524 .08505069264417663',
    );
  });

  it('calibration errors of ten bins (a, b]', () => {
    const { expected, maximum, average, rootMeanSquare } = calibrationError({ ...twenty, bins: 10, closed: 'right' });
    expectAllPrinted([expected, maximum, average, rootMeanSquare], '.1875 .475 .1733333333333333 .23312728997981624');
  });

  it('five bins of equal numbers of rows, and the curve of five bins of equal widths', () => {
    expectPrinted(calibrationError({ ...twenty, preset: 'adaptive', bins: 5 }).expected, '.1275');
    const { bins } = calibrationError({ ...twenty, preset: 'sklearn', bins: 5 });
    expectAllPrinted(
      bins.map((bin) => bin.observed),
      '.25 .4 .25 .8 1',
    );
    expectAllPrinted(
      bins.map((bin) => bin.predicted),
      '.1225 .336 .525 .714 .925',
    );
  });

  it("Spiegelhalter's z", () => {
    expectPrinted(spiegelhalterTest(twenty).z, '.20538340776000186');
  });

  it('integrated calibration index: the loess of R, and lowess without robust steps', () => {
    const { ici } = integratedCalibration(twenty);
    expect(Math.abs(ici - 0.06657545075046184)).toBeLessThan(1e-15);
    const lowess = integratedCalibration({ ...twenty, span: 2 / 3, degree: 1, surface: 'direct' });
    expectPrinted(lowess.ici, '.0654586');
  });
});

describe('cumulative calibration tests', () => {
  it('have the published distributions', () => {
    expectAllPrinted([1, 2, 3].map(brownianMaximumCdf), '.370777 .908999 .9946');
    expectAllPrinted([1, 2, 3].map(brownianRangeCdf), '.063365 .818506 .989201');
  });
});
