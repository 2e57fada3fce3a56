import { describe, expect, it } from 'vitest';
import {
  accuracy,
  adjustedBalancedAccuracy,
  averagePrecision,
  averagePrecisionOneVsRest,
  balancedAccuracy,
  binaryCounts,
  brierScore,
  type ClassScores,
  calibrationError,
  classReport,
  cohenKappa,
  confusionMatrix,
  d2Brier,
  d2LogLoss,
  detectionErrorCurve,
  fBeta,
  geometricMean,
  jaccard,
  logLoss,
  macroAbsoluteError,
  macroAveragePrecision,
  macroFBeta,
  macroPrecision,
  macroRecall,
  matthewsCorrcoef,
  multiLabelReport,
  negativeLikelihoodRatio,
  normalisedDiscountedGain,
  partialRocAuc,
  positiveLikelihoodRatio,
  precision,
  precisionRecallCurve,
  rankScores,
  recall,
  rocAuc,
  rocAucOneVsOne,
  rocAucOneVsRest,
  rocCurve,
  specificity,
  topKAccuracy,
  weightedKappa,
  zeroOneLoss,
} from '../../src/metrics/index.ts';
import { expectPeer, expectPeers, peerCases, peerMultiLabel, type Value } from './peer-fixture.ts';

const binaryCases = peerCases.filter(({ classes }) => classes === 2);
const multiCases = peerCases.filter(({ classes }) => classes > 2);
const undefinedValues: Record<string, number> = { '0': 0, '1': 1, nan: Number.NaN };

/** Reports for F1, F0.5 and F2 against precision, recall, these three, and Jaccard. */
function expectAverages(
  reportOf: (beta: number, undefinedAs: number) => object,
  averages: Record<string, Value[]>,
  title: string,
) {
  for (const [key, peers] of Object.entries(averages)) {
    const [zero, average] = key.split(' ') as [string, string];
    const [one, low, high] = [1, 0.5, 2].map(
      (beta) => (reportOf(beta, undefinedValues[zero]!) as Record<string, ClassScores>)[average]!,
    );
    const values = [one!.precision, one!.recall, one!.fBeta, low!.fBeta, high!.fBeta];
    expectPeers(values, peers.slice(0, 5), `${title}, ${key}`);
    if (zero !== 'nan') expectPeer(one!.jaccard, peers[5], `${title}, ${key}, Jaccard`);
  }
}

describe('fifty cases of scikit-learn', () => {
  it('are weighted, tied, of several classes', () => {
    expect(peerCases).toHaveLength(50);
    expect(multiCases.length).toBeGreaterThan(30);
    expect(peerCases.filter(({ weights }) => weights).length).toBeGreaterThan(30);
    expect(peerCases.filter(({ scores }) => new Set(scores).size < scores.length).length).toBeGreaterThan(30);
  });

  it('confusion matrix and agreement', () => {
    peerCases.forEach(({ confusion, expected }, i) => {
      expect([...confusion.counts]).toEqual(expected.confusion);
      expectPeer(accuracy(confusion), expected.accuracy, `${i} accuracy`);
      expectPeer(zeroOneLoss(confusion), expected.zeroOneLoss, `${i} zero-one loss`);
      expectPeer(zeroOneLoss(confusion), expected.hammingLoss, `${i} Hamming loss`);
      expectPeer(balancedAccuracy(confusion), expected.balancedAccuracy, `${i} balanced`);
      expectPeer(adjustedBalancedAccuracy(confusion), expected.adjustedBalancedAccuracy, `${i} adjusted`);
      expectPeer(matthewsCorrcoef(confusion), expected.matthewsCorrcoef, `${i} MCC`);
      expectPeer(cohenKappa(confusion), expected.kappa[0], `${i} kappa`);
      const kappas = (['none', 'linear', 'quadratic'] as const).map((weighting) => weightedKappa(confusion, weighting));
      expectPeers(kappas, expected.kappa, `${i} kappa`);
      expectPeer(macroAbsoluteError(confusion), expected.macroAbsoluteError, `${i} macro MAE`);
    });
  });

  it('precision, recall, F-beta and Jaccard of each class and in every average, whatever is undefined', () => {
    peerCases.forEach(({ confusion, expected, classes }, i) => {
      for (let label = 0; label < classes; label++) {
        const counts = binaryCounts(confusion, label);
        const zero = { undefinedAs: 0 };
        const values = [precision(counts, zero), recall(counts, zero), fBeta(counts, 1, zero), jaccard(counts, zero)];
        const peers = expected.perClass.map((one) => one[label]!);
        expectPeers(values, peers, `${i} class ${label}`);
      }
      expectAverages((beta, undefinedAs) => classReport(confusion, { beta, undefinedAs }), expected.averages, `${i}`);
      for (const [zero, undefinedAs] of Object.entries(undefinedValues)) {
        const peers = expected.averages[`${zero} macro`]!;
        const options = { undefinedAs };
        const values = [macroPrecision(confusion, options), macroRecall(confusion, options)];
        const scores = [1, 0.5, 2].map((beta) => macroFBeta(confusion, beta, options));
        expectPeers([...values, ...scores], peers.slice(0, 5), `${i} macro ${zero}`);
      }
    });
  });

  it('log loss, Brier score, and what of both is explained', () => {
    peerCases.forEach(({ expected, ...rows }, i) => {
      expectPeer(logLoss(rows), expected.logLoss, `${i} log loss`);
      expectPeer(brierScore({ ...rows, positive: null }), expected.brierScore, `${i} Brier`);
      expectPeer(d2LogLoss(rows), expected.d2LogLoss, `${i} D2 log loss`);
      expectPeer(d2Brier(rows), expected.d2Brier, `${i} D2 Brier`);
    });
  });

  it('binary decisions, rankings and curves', () => {
    binaryCases.forEach(({ expected, ...rows }, i) => {
      const { scores, truth, weights, confusion } = rows;
      const { binary } = expected;
      const counts = binaryCounts(confusion, 1);
      const zero = { undefinedAs: 0 };
      const values = [precision(counts, zero), recall(counts, zero), fBeta(counts, 1, zero), jaccard(counts, zero)];
      expectPeers(values, binary!.positive, `${i} positive class`);
      const ratios = [positiveLikelihoodRatio(counts), negativeLikelihoodRatio(counts)];
      expectPeers(ratios, binary!.likelihoodRatios, `${i} likelihood ratios`);
      expectPeer(rocAuc({ scores, truth, weights }), binary!.rocAuc, `${i} AUC`);
      const partial = [0.1, 0.3, 0.5].map((maxFpr) => partialRocAuc({ scores, truth, weights, maxFpr }));
      expectPeers(partial, binary!.partial.slice(0, 3), `${i} partial AUC`);
      expectPeer(averagePrecision({ scores, truth, weights }), binary!.averagePrecision, `${i} AP`);
      expectPeer(brierScore({ ...rows, positive: 1 }), binary!.brierScore, `${i} Brier`);
    });
  });

  it('curves, point for point', () => {
    binaryCases.forEach(({ scores, truth, weights, expected: { binary } }, i) => {
      const ranked = rankScores({ scores, truth, weights });
      for (const [dropIntermediate, peers] of [
        [true, binary!.rocCurve],
        [false, binary!.rocCurveWhole],
      ] as const) {
        const { falsePositiveRate, truePositiveRate, thresholds } = rocCurve(ranked, { dropIntermediate });
        expectPeers(falsePositiveRate, peers[0], `${i} FPR`);
        expectPeers(truePositiveRate, peers[1], `${i} TPR`);
        expectPeers(thresholds, peers[2], `${i} ROC thresholds`);
      }
      const curve = precisionRecallCurve(ranked);
      expectPeers(curve.precision, binary!.precisionRecallCurve[0], `${i} precision`);
      expectPeers(curve.recall, binary!.precisionRecallCurve[1], `${i} recall`);
      expectPeers(curve.thresholds, binary!.precisionRecallCurve[2], `${i} PR thresholds`);
      const errors = detectionErrorCurve(ranked);
      expectPeers(errors.falsePositiveRate, binary!.detCurve[0], `${i} DET FPR`);
      expectPeers(errors.falseNegativeRate, binary!.detCurve[1], `${i} DET FNR`);
      expectPeers(errors.thresholds, binary!.detCurve[2], `${i} DET thresholds`);
    });
  });

  it('calibration curves and discounted gain, weights as rows repeated', () => {
    let compared = 0;
    binaryCases.forEach(({ scores, truth, weights, expected: { binary } }, i) => {
      if (!binary!.calibrationCurve) return;
      const rows = { scores, truth, weights };
      const curves = [
        calibrationError({ ...rows, bins: 5 }),
        calibrationError({ ...rows, bins: 7 }),
        calibrationError({ ...rows, bins: 5, strategy: 'quantile' }),
      ];
      curves.forEach(({ bins }, which) => {
        const [observed, predicted] = binary!.calibrationCurve![which]!;
        expectPeers(
          bins.map((bin) => bin.observed),
          observed!,
          `${i} observed ${which}`,
        );
        expectPeers(
          bins.map((bin) => bin.predicted),
          predicted!,
          `${i} predicted ${which}`,
        );
      });
      const gains = [undefined, 5, 11].map((k) => normalisedDiscountedGain({ ...rows, ...(k ? { k } : {}) }));
      expectPeers(gains, binary!.ndcg!, `${i} NDCG`);
      compared++;
    });
    expect(compared).toBeGreaterThan(6);
  });

  it('rankings of several classes', () => {
    multiCases.forEach(({ expected: { multi }, classes, ...rows }, i) => {
      const ovr = (['macro', 'weighted', 'micro'] as const).map((average) => rocAucOneVsRest({ ...rows, average }));
      expectPeers(ovr, multi!.ovr, `${i} OvR`);
      if (multi!.ovo) {
        const ovo = (['macro', 'weighted'] as const).map((average) => rocAucOneVsOne({ ...rows, average }));
        expectPeers(ovo, multi!.ovo, `${i} OvO`);
      }
      expectPeer(macroAveragePrecision(rows), multi!.averagePrecision[0], `${i} macro AP`);
      const precisions = (['macro', 'micro', 'weighted'] as const).map((average) =>
        averagePrecisionOneVsRest({ ...rows, average }),
      );
      expectPeers(precisions, multi!.averagePrecision, `${i} AP`);
      const top = Array.from({ length: classes - 1 }, (_, k) => topKAccuracy({ ...rows, k: k + 1 }));
      expectPeers(top, multi!.topK, `${i} top-k`);
      expect(topKAccuracy({ ...rows, k: classes })).toBeCloseTo(1, 14);
    });
  });
});

describe('twenty cases of several labels a row', () => {
  it('reports in every average, that over rows included', () => {
    peerMultiLabel.forEach(({ rows, averages, subsetAccuracy, hammingLoss }, i) => {
      expectAverages((beta, undefinedAs) => multiLabelReport({ ...rows, beta, undefinedAs }), averages, `labels ${i}`);
      const report = multiLabelReport(rows);
      expectPeer(report.subsetAccuracy, subsetAccuracy, `labels ${i} subset accuracy`);
      expectPeer(report.hammingLoss, hammingLoss, `labels ${i} Hamming loss`);
    });
  });
});

describe('imbalanced-learn on rows without weights, and ours on weights for the same rows', () => {
  const cases = peerCases.filter(({ expected }) => expected.imbalanced);

  it('geometric mean of the recalls, plain and corrected', () => {
    expect(cases.length).toBeGreaterThan(30);
    cases.forEach(({ confusion, expected: { imbalanced } }, i) => {
      expectPeer(geometricMean(confusion), imbalanced!.geometricMean, `${i} geometric mean`);
      expectPeer(geometricMean(confusion, { correction: 0.001 }), imbalanced!.corrected, `${i} corrected`);
    });
  });

  it('sensitivity and specificity in every average, and the root of their product, which they call geometric mean', () => {
    cases.forEach(({ confusion, expected: { imbalanced } }, i) => {
      const report = classReport(confusion, { undefinedAs: 0 });
      const averages = (['micro', 'macro', 'weighted'] as const).map((average) => report[average]);
      expectPeers(
        averages.map((one) => one.recall),
        imbalanced!.sensitivity,
        `${i} sensitivity`,
      );
      expectPeers(
        averages.map((one) => one.specificity),
        imbalanced!.specificity,
        `${i} specificity`,
      );
      expectPeers(
        averages.map((one) => Math.sqrt(one.recall * one.specificity)),
        imbalanced!.geometricMeans,
        `${i} geometric means`,
      );
    });
  });

  it('specificity, geometric mean and index balanced accuracy of each class', () => {
    cases.forEach(({ confusion, expected: { imbalanced } }, i) => {
      classReport(confusion, { undefinedAs: 0 }).classes.forEach((line, label) => {
        const values = [line.specificity, line.geometricMean, line.indexBalancedAccuracy];
        expectPeers(values, imbalanced!.report[label]!, `${i} class ${label}`);
      });
    });
  });

  it('their specificity with weights leaves 0 .. 1, ours does not', () => {
    const confusion = confusionMatrix(
      Int32Array.of(1, 0, 0, 0, 1),
      Int32Array.of(1, 1, 0, 0, 0),
      2,
      Float64Array.of(1, 2, 3, 1, 4),
    );
    expect(specificity(binaryCounts(confusion, 1))).toBeCloseTo(2 / 3, 15);
  });
});
