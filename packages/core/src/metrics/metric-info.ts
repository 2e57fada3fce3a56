/** Metrics of decisions: functions of the confusion matrix. */
export type DecisionMetricName =
  | 'precision'
  | 'recall'
  | 'f1'
  | 'f2'
  | 'specificity'
  | 'accuracy'
  | 'balancedAccuracy'
  | 'matthewsCorrcoef'
  | 'cohenKappa'
  | 'geometricMean';

/** Every metric of the metric sets; scikit-learn's names in camelCase. */
export type MetricName =
  | 'rocAuc'
  | 'averagePrecision'
  | 'brierScore'
  | 'logLoss'
  | 'expectedCalibrationError'
  | DecisionMetricName;

export interface MetricInfo {
  readonly name: MetricName;
  /** For people, in running text. */
  readonly label: string;
  readonly greaterIsBetter: boolean;
  /** `ranking`: the order of the scores; `probability`: their values; `decision`: the predicted classes. */
  readonly needs: 'ranking' | 'probability' | 'decision';
  /**
   * Whether noise can only raise it, as it does a mean of absolute gaps: then bootstrap samples, noisier than the rows,
   * raise it once more, and their replicates are moved until their mean is the value.
   */
  readonly raisedByNoise: boolean;
}

const table: Readonly<Record<MetricName, MetricInfo>> = Object.freeze({
  rocAuc: info('rocAuc', 'ROC-AUC', true, 'ranking'),
  averagePrecision: info('averagePrecision', 'average precision', true, 'ranking'),
  brierScore: info('brierScore', 'Brier score', false, 'probability'),
  logLoss: info('logLoss', 'log loss', false, 'probability'),
  expectedCalibrationError: info('expectedCalibrationError', 'expected calibration error', false, 'probability'),
  precision: info('precision', 'precision', true, 'decision'),
  recall: info('recall', 'recall', true, 'decision'),
  f1: info('f1', 'F1', true, 'decision'),
  f2: info('f2', 'F2', true, 'decision'),
  specificity: info('specificity', 'specificity', true, 'decision'),
  accuracy: info('accuracy', 'accuracy', true, 'decision'),
  balancedAccuracy: info('balancedAccuracy', 'balanced accuracy', true, 'decision'),
  matthewsCorrcoef: info('matthewsCorrcoef', 'Matthews correlation', true, 'decision'),
  cohenKappa: info('cohenKappa', "Cohen's kappa", true, 'decision'),
  geometricMean: info('geometricMean', 'geometric mean of the recalls', true, 'decision'),
});

/** All metric names, rankings first, in the order in which reports show them. */
export const metricNames: readonly MetricName[] = Object.freeze(Object.keys(table) as MetricName[]);

/** The names of the metrics that need decisions. */
export const decisionMetricNames: readonly DecisionMetricName[] = Object.freeze(
  metricNames.filter((name): name is DecisionMetricName => table[name].needs === 'decision'),
);

/** Whether a text is a metric's name. */
export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(table, name);
}

/** What is known of a metric. */
export function metricInfo(name: MetricName): MetricInfo {
  return table[name];
}

function info(name: MetricName, label: string, greaterIsBetter: boolean, needs: MetricInfo['needs']): MetricInfo {
  return Object.freeze({ name, label, greaterIsBetter, needs, raisedByNoise: name === 'expectedCalibrationError' });
}
