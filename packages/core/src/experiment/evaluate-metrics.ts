/** What is known of a number of an evaluation. */
export interface EvaluationMetricInfo {
  /** For people, in running text. */
  readonly label: string;
  /** Null where neither is better, as of a calibration slope, whose best value is 1. */
  readonly greaterIsBetter: boolean | null;
  /** What it can be at least and at most. */
  readonly range: readonly [number, number];
  /**
   * Largest differences, distances and hulls, which noise can only raise: bootstrap samples, noisier than the rows, raise
   * them once more, so their replicates are moved until their mean is the value.
   */
  readonly raisedByNoise: boolean;
}

const unit = [0, 1] as const;
const least0 = [0, Number.POSITIVE_INFINITY] as const;
const anyNumber = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const most1 = [Number.NEGATIVE_INFINITY, 1] as const;
const signed = [-1, 1] as const;

const up = (label: string, range: readonly [number, number] = unit, raisedByNoise = false) =>
  Object.freeze({ label, greaterIsBetter: true, range, raisedByNoise });
const down = (label: string, range: readonly [number, number] = least0, raisedByNoise = false) =>
  Object.freeze({ label, greaterIsBetter: false, range, raisedByNoise });
const neither = (label: string, range: readonly [number, number] = anyNumber) =>
  Object.freeze({ label, greaterIsBetter: null, range, raisedByNoise: false });

/** The numbers of order. */
const rankingInfos = {
  rocAuc: up('ROC-AUC'),
  averagePrecision: up('average precision'),
  precisionRecallAuc: up('PR-AUC (Davis and Goadrich)'),
  precisionRecallGainAuc: up('precision-recall-gain AUC', most1),
  partialRocAuc: up('partial ROC-AUC (false positive rate up to 0.1)'),
  kolmogorovSmirnov: up('Kolmogorov-Smirnov', unit, true),
  hMeasure: up('H-measure', unit, true),
} satisfies Record<string, EvaluationMetricInfo>;

/** The numbers of probabilities without bins. */
export const probabilityInfos = {
  // Over all classes it goes up to 2.
  brierScore: down('Brier score', [0, 2]),
  brierMiscalibration: down('Brier miscalibration', unit, true),
  brierDiscrimination: up('Brier discrimination', unit, true),
  brierUncertainty: neither('Brier uncertainty', unit),
  d2BrierScore: up('Brier skill (D²)', most1),
  logLoss: down('log loss'),
  logMiscalibration: down('log loss miscalibration', least0, true),
  logDiscrimination: up('log loss discrimination', least0, true),
  logUncertainty: neither('log loss uncertainty', least0),
  d2LogLossScore: up('log loss skill (D²)', most1),
  meanPrediction: neither('mean probability', unit),
  calibrationSlope: neither('calibration slope'),
  calibrationIntercept: neither('calibration intercept'),
  calibrationInTheLarge: neither('calibration in the large'),
} satisfies Record<string, EvaluationMetricInfo>;

/** Distances to the smoothed outcome. */
export const smoothInfos = {
  ici: down('integrated calibration index', unit, true),
  e50: down('E50', unit, true),
  e90: down('E90', unit, true),
  eMax: down('Emax', unit, true),
} satisfies Record<string, EvaluationMetricInfo>;

/** Ten bins of equal numbers of rows, as `expectedCalibrationError` of the metrics takes them. */
const binnedInfos = {
  expectedCalibrationError: down('ECE, 10 bins of equal rows', unit, true),
} satisfies Record<string, EvaluationMetricInfo>;

/** The numbers of decisions. */
export const decisionInfos = {
  precision: up('precision'),
  recall: up('recall'),
  specificity: up('specificity'),
  negativePredictiveValue: up('negative predictive value'),
  f1: up('F1'),
  f2: up('F2'),
  accuracy: up('accuracy'),
  balancedAccuracy: up('balanced accuracy'),
  matthewsCorrcoef: up('Matthews correlation', signed),
  cohenKappa: up("Cohen's kappa", signed),
  geometricMean: up('geometric mean'),
  indexBalancedAccuracy: up('index balanced accuracy', least0),
  jaccard: up('Jaccard index'),
  informedness: up('informedness', signed),
  markedness: up('markedness', signed),
  positiveLikelihoodRatio: up('positive likelihood ratio', least0),
  negativeLikelihoodRatio: down('negative likelihood ratio', least0),
  flaggedShare: neither('share flagged', unit),
  netBenefit: up('net benefit', most1),
  expectedCost: down('expected cost a row', anyNumber),
  savings: up('savings', most1),
} satisfies Record<string, EvaluationMetricInfo>;

/** The numbers of several classes at once. */
const multiClassInfos = {
  rocAucOneVsRest: up('ROC-AUC, one against the rest (macro)'),
  rocAucOneVsRestWeighted: up('ROC-AUC, one against the rest (weighted)'),
  rocAucOneVsRestMicro: up('ROC-AUC, one against the rest (micro)'),
  rocAucOneVsOne: up('ROC-AUC, one against one (Hand and Till)'),
  rocAucOneVsOneWeighted: up('ROC-AUC, one against one (weighted)'),
  averagePrecisionMacro: up('average precision (macro)'),
  top2Accuracy: up('top-2 accuracy'),
  top3Accuracy: up('top-3 accuracy'),
  topLabelCalibrationError: down('top-label calibration error (ECE)', unit, true),
  classWiseCalibrationError: down('class-wise calibration error (ECE)', unit, true),
  linearKappa: up('kappa, linear weights', signed),
  quadraticKappa: up('kappa, quadratic weights', signed),
  macroAbsoluteError: down('macro-averaged absolute error', least0),
  weightedF1: up('F1 (weighted by class)'),
  microF1: up('F1 (micro)'),
} satisfies Record<string, EvaluationMetricInfo>;

export type RankingName = keyof typeof rankingInfos;
export type ProbabilityName = keyof typeof probabilityInfos;
export type SmoothName = keyof typeof smoothInfos;
export type ThresholdMetricName = keyof typeof decisionInfos;

const all: Readonly<Record<string, EvaluationMetricInfo>> = Object.freeze({
  ...rankingInfos,
  ...probabilityInfos,
  ...smoothInfos,
  ...binnedInfos,
  ...decisionInfos,
  lift: up('lift', least0),
  ...multiClassInfos,
});

/** What is known of a number of an evaluation; `half.f1` and `f1` are the same. A key that nobody knows is itself its label. */
export function evaluationMetricInfo(key: string): EvaluationMetricInfo {
  const name = key.slice(key.lastIndexOf('.') + 1);
  return Object.hasOwn(all, name) ? all[name]! : neither(name);
}

/** False positive rates over which the partial area is taken. */
export const partialMaxFpr = 0.1;
