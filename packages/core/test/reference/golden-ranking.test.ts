import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  compareRocAuc,
  hMeasure,
  kolmogorovSmirnov,
  leastPrecisionRecallArea,
  partialRocAuc,
  precisionRecallArea,
  rankScores,
  rocAuc,
  rocAucInterval,
  rocHullAreaOfRanked,
} from '../../src/index.ts';
import { expectPrinted, twenty } from './golden.ts';

describe('rankings of the twenty points', () => {
  it('area under the ROC curve, whole, partial and of its hull', () => {
    expectPrinted(rocAuc(twenty), '.785');
    expectPrinted(partialRocAuc({ ...twenty, maxFpr: 0.2 }), '.7361111111111112');
    expectPrinted(rocHullAreaOfRanked(rankScores(twenty)), '.835');
  });

  it('average precision and the areas under the precision-recall curve', () => {
    expectPrinted(averagePrecision(twenty), '.825281151596941');
    expectPrinted(precisionRecallArea({ ...twenty, interpolation: 'trapezoid' }), '.8308652432878438');
    expectPrinted(precisionRecallArea(twenty), '.829830546847446');
    expectPrinted(leastPrecisionRecallArea(0.5), '.3068528194400547');
  });

  it('Kolmogorov-Smirnov', () => {
    expectPrinted(kolmogorovSmirnov(twenty).statistic, '.5');
  });

  it("DeLong's variance, interval and paired test", () => {
    const { standardError, low, high } = rocAucInterval(twenty);
    expectPrinted(standardError ** 2, '.01156111111111111');
    expectPrinted(low, '.57425956189');
    // Symmetric about .785, so that the last digit follows from the lower end.
    expectPrinted(high, '.99574043811');
    const rolled = Float64Array.from(twenty.scores, (_, row) => twenty.scores[(row + 17) % 20]!);
    const { pValue } = compareRocAuc({ first: twenty.scores, second: rolled, truth: twenty.truth });
    expectPrinted(pValue, '.5500973172303971');
  });

  it('H-measure, by default and with the Beta of the shares', () => {
    expectPrinted(hMeasure(twenty), '.3830696296296294');
    expectPrinted(hMeasure({ ...twenty, costs: 'shares' }), '.3757219484330883');
    const fewer = { ...twenty, truth: twenty.truth.with(11, 0).with(13, 0) };
    expect(fewer.truth.reduce((sum, label) => sum + label, 0)).toBe(8);
    expectPrinted(hMeasure(fewer), '.4249289256302899');
    expectPrinted(hMeasure({ ...fewer, costs: 'shares' }), '.4198259861086469');
  });
});
