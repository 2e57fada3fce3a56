import { accuracy, balancedAccuracy, cohenKappa, geometricMean, matthewsCorrcoef } from './agreement.ts';
import { binaryCounts, type Confusion } from './confusion.ts';
import { fBeta, precision, recall, specificity } from './count-ratios.ts';
import { macroFBeta, macroPrecision, macroRecall, macroSpecificity } from './macro-averages.ts';
import { type DecisionMetricName, decisionMetricNames } from './metric-info.ts';
import type { UndefinedOption } from './undefined-value.ts';

type Formula = (confusion: Confusion, positive: number | null, options: UndefinedOption | undefined) => number;

const formulas: Readonly<Record<DecisionMetricName, Formula>> = {
  precision: (confusion, positive, options) =>
    positive === null ? macroPrecision(confusion, options) : precision(binaryCounts(confusion, positive), options),
  recall: (confusion, positive, options) =>
    positive === null ? macroRecall(confusion, options) : recall(binaryCounts(confusion, positive), options),
  f1: (confusion, positive, options) =>
    positive === null ? macroFBeta(confusion, 1, options) : fBeta(binaryCounts(confusion, positive), 1, options),
  f2: (confusion, positive, options) =>
    positive === null ? macroFBeta(confusion, 2, options) : fBeta(binaryCounts(confusion, positive), 2, options),
  specificity: (confusion, positive, options) =>
    positive === null ? macroSpecificity(confusion, options) : specificity(binaryCounts(confusion, positive), options),
  accuracy: (confusion, _, options) => accuracy(confusion, options),
  balancedAccuracy: (confusion, _, options) => balancedAccuracy(confusion, options),
  matthewsCorrcoef: (confusion, _, options) => matthewsCorrcoef(confusion, options),
  cohenKappa: (confusion, _, options) => cohenKappa(confusion, options),
  geometricMean: (confusion, _, options) => geometricMean(confusion, options),
};

/**
 * One metric of decisions by its name; for searches, which ask for one metric very often.
 *
 * With `positive` (a class code), precision, recall, F1, F2 and specificity are those of that class; with null they are
 * macro averages over classes. The rest always speaks of all classes. Throws `bad-option` if `positive` is no class.
 */
export function decisionMetric(
  name: DecisionMetricName,
  confusion: Confusion,
  positive: number | null,
  options?: UndefinedOption,
): number {
  return formulas[name](confusion, positive, options);
}

/** All metrics of decisions from one confusion matrix; see `decisionMetric`. */
export function decisionMetrics(
  confusion: Confusion,
  positive: number | null,
  options?: UndefinedOption,
): Record<DecisionMetricName, number> {
  const values: Partial<Record<DecisionMetricName, number>> = {};
  for (const name of decisionMetricNames) values[name] = formulas[name](confusion, positive, options);
  return values as Record<DecisionMetricName, number>;
}
