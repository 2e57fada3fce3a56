import { ensembles, learnerLabels } from '@counterweight/core';
import type { DecisionName } from './run-report.ts';

const METRIC_LABELS: Readonly<Record<string, string>> = {
  averagePrecision: 'average precision',
  rocAuc: 'ROC-AUC',
  brierScore: 'Brier score',
  logLoss: 'log loss',
  expectedCalibrationError: 'expected calibration error',
  precision: 'precision',
  recall: 'recall',
  f1: 'F1',
  f2: 'F2',
  specificity: 'specificity',
  accuracy: 'accuracy',
  balancedAccuracy: 'balanced accuracy',
  matthewsCorrcoef: 'Matthews correlation',
  cohenKappa: "Cohen's kappa",
  geometricMean: 'geometric mean',
  expectedCost: 'expected cost',
};

const METRIC_ORDER = Object.keys(METRIC_LABELS);

const TREATMENT_LABELS: Readonly<Record<string, string>> = {
  none: 'no treatment',
  'class-weight': 'class weights',
  'random-under': 'random under-sampling',
  'random-over': 'random over-sampling',
  smote: 'SMOTE',
};

const DECISION_LABELS: Readonly<Record<DecisionName, string>> = {
  half: 'at 0.5',
  tuned: 'tuned',
  cost: 'from costs',
};

/** `averagePrecision` as "average precision"; a key nobody foresaw is split into words. */
export function metricLabel(key: string): string {
  return METRIC_LABELS[key] ?? key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/** Metric keys in a settled order, unknown ones last by code unit. */
export function orderMetrics(keys: Iterable<string>): string[] {
  const rank = (key: string) => {
    const position = METRIC_ORDER.indexOf(key);
    return position < 0 ? METRIC_ORDER.length : position;
  };
  return [...new Set(keys)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** `smote` and `logistic` as "SMOTE, logistic regression". */
export function strategyLabel(strategy: { readonly treatment: string; readonly learner: string }): string {
  const treatment = TREATMENT_LABELS[strategy.treatment] ?? ensembleOr(strategy.treatment);
  const learner = learnerLabel(strategy.learner);
  return learner === '' || learner === treatment ? treatment : `${treatment}, ${learner}`;
}

/** `gradient-boosting` as "gradient boosting"; a name nobody foresaw stays as it is. */
export const learnerLabel = (name: string): string => learnerLabels.get(name) ?? ensembleOr(name);

const ensembleOr = (name: string): string => ensembles.get(name)?.label ?? name;

/** With more than two classes `half` is the plain rule, the class of the largest probability. */
export function decisionLabel(name: DecisionName, binary: boolean): string {
  return name === 'half' && !binary ? 'most probable class' : DECISION_LABELS[name];
}
