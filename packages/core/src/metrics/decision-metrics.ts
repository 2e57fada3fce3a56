import { accuracy, balancedAccuracy, cohenKappa, geometricMean, matthewsCorrcoef } from './agreement.ts';
import { binaryCounts, type Confusion } from './confusion.ts';
import { fBeta, precision, recall, specificity } from './count-ratios.ts';
import { macroFBeta, macroPrecision, macroRecall, macroSpecificity } from './macro-averages.ts';
import type { DecisionMetricName } from './metric-info.ts';
import type { UndefinedOption } from './undefined-value.ts';

/**
 * All metrics of decisions from one confusion matrix.
 *
 * With `positive` (a class code), precision, recall, F1, F2 and specificity are those of that class; with null they are
 * macro averages over classes. The rest always speaks of all classes. Throws `bad-option` if `positive` is no class.
 */
export function decisionMetrics(
  confusion: Confusion,
  positive: number | null,
  options?: UndefinedOption,
): Record<DecisionMetricName, number> {
  return {
    ...(positive === null ? macroRatios(confusion, options) : binaryRatios(confusion, positive, options)),
    accuracy: accuracy(confusion, options),
    balancedAccuracy: balancedAccuracy(confusion, options),
    matthewsCorrcoef: matthewsCorrcoef(confusion, options),
    cohenKappa: cohenKappa(confusion, options),
    geometricMean: geometricMean(confusion, options),
  };
}

function binaryRatios(confusion: Confusion, positive: number, options: UndefinedOption | undefined) {
  const counts = binaryCounts(confusion, positive);
  return {
    precision: precision(counts, options),
    recall: recall(counts, options),
    f1: fBeta(counts, 1, options),
    f2: fBeta(counts, 2, options),
    specificity: specificity(counts, options),
  };
}

function macroRatios(confusion: Confusion, options: UndefinedOption | undefined) {
  return {
    precision: macroPrecision(confusion, options),
    recall: macroRecall(confusion, options),
    f1: macroFBeta(confusion, 1, options),
    f2: macroFBeta(confusion, 2, options),
    specificity: macroSpecificity(confusion, options),
  };
}
