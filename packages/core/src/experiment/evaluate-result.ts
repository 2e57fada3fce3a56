import type { ClassLabel } from '../data/labels.ts';
import type { Notice } from '../runtime/notices.ts';
import type { BandPoint, CurvePoint } from './curve-point.ts';
import type { Estimate } from './estimate.ts';
import type { Costs, MetricSet } from './result.ts';

export type { BandPoint } from './curve-point.ts';

/**
 * What an evaluation of given scores found, as plain data. A number that does not exist is null, an interval that cannot be
 * told has null ends. Nothing depends on the clock, the machine or the number of threads.
 */
export interface ScoreEvaluation {
  readonly kind: 'binary';
  /** The class that the scores speak of, and the other one. */
  readonly positive: ClassLabel;
  readonly negative: ClassLabel;
  readonly data: EvaluatedRows;
  readonly intervals: IntervalRules;
  readonly costs: Costs | null;
  /** What the tuned threshold was tuned for. */
  readonly tuning: { readonly metric: string; readonly label: string; readonly greaterIsBetter: boolean };
  /** In the order given. */
  readonly models: readonly ModelEvaluation[];
  /** Every pair of models, first less second. */
  readonly comparisons: readonly ModelComparison[];
  readonly notices: readonly Notice[];
}

export interface EvaluatedRows {
  /** Rows, whatever they weigh; rows of weight 0 are left out. */
  readonly rows: number;
  /** Rows of each class, or their weight. */
  readonly positives: number;
  readonly negatives: number;
  readonly prevalence: number;
  /** `counts`: whole numbers, so many copies of a row. `fractional`: importance weights. */
  readonly weights: 'none' | 'counts' | 'fractional';
}

/** How the intervals were made. */
export interface IntervalRules {
  readonly level: number;
  readonly replicates: number;
  /** Replicates of the curves by local regression (ICI, E50, E90, Emax), which cost most. */
  readonly smoothReplicates: number;
  /** Rows drawn in each replicate from the positive and the negative class. */
  readonly draws: { readonly positive: number; readonly negative: number };
  /** Most groups of neighbouring scores that a replicate tells apart. */
  readonly mostGroups: number;
}

/** One score column. */
export interface ModelEvaluation {
  readonly name: string;
  readonly scores: ScoreSummary;
  /** rocAuc (bootstrap), averagePrecision, precisionRecallAuc, precisionRecallGainAuc, partialRocAuc, kolmogorovSmirnov, hMeasure. */
  readonly ranking: MetricSet;
  /** ROC-AUC with DeLong's interval; null ends with fractional weights. */
  readonly deLong: Estimate & { readonly standardError: number | null; readonly method: string };
  /** What the highest scores hold. */
  readonly top: readonly TopRows[];
  /** Null where the scores are no probabilities. */
  readonly probabilities: ProbabilityEvaluation | null;
  readonly decisions: readonly ThresholdEvaluation[];
  readonly curves: EvaluationCurves;
  readonly histogram: ScoreHistogram;
}

export interface ScoreSummary {
  readonly lowest: number;
  readonly highest: number;
  readonly distinct: number;
  /** Whether all lie in 0 .. 1, so that they are taken as probabilities. */
  readonly probabilities: boolean;
}

/** The rows of the highest scores, ties shared out evenly. */
export interface TopRows {
  /** Rows (weight) at the top, and their share of all. */
  readonly rows: number;
  readonly share: number;
  readonly precision: Estimate;
  /** Also the gain: share of the positive rows that are there. */
  readonly recall: Estimate;
  readonly lift: Estimate;
}

export interface ProbabilityEvaluation {
  /**
   * brierScore, brierMiscalibration, brierDiscrimination, brierUncertainty, d2BrierScore, logLoss, logMiscalibration,
   * logDiscrimination, logUncertainty, d2LogLossScore, meanPrediction, calibrationSlope, calibrationIntercept,
   * calibrationInTheLarge, ici, e50, e90, eMax, and expectedCalibrationError, the ECE of the preset `adaptive`.
   */
  readonly metrics: MetricSet;
  /** Binned errors by preset. */
  readonly calibrationErrors: readonly BinnedError[];
  readonly spiegelhalter: { readonly z: number | null; readonly pValue: number | null };
  /** Observed against mean predicted probability; Wilson intervals (null ends with fractional weights). */
  readonly reliability: readonly ReliabilityGroup[];
  /** The observed share by isotonic regression, as a step function: from this probability to the next. */
  readonly isotonic: readonly CurvePoint[];
  /** The observed share by local regression over the probability. */
  readonly smoothed: readonly CurvePoint[];
}

export interface ReliabilityGroup {
  readonly predicted: number;
  readonly observed: Estimate;
  readonly rows: number;
}

export interface BinnedError {
  /** `guo`, `sklearn`, `netcal`, `adaptive`: of the positive class. `top-label`: of the likelier class. `top-decile`: of the tenth of the rows that scores highest. */
  readonly preset: 'guo' | 'sklearn' | 'netcal' | 'adaptive' | 'top-label' | 'top-decile';
  /** ECE and MCE. */
  readonly expected: Estimate;
  readonly maximum: Estimate;
  /** The mean ECE of a model whose every bin is right, on so many rows: what noise alone gives. Null with fractional weights. */
  readonly ifCalibrated: number | null;
  readonly bins: number;
}

/** Decisions at one threshold: positive iff score >= threshold. */
export interface ThresholdEvaluation {
  readonly name: 'half' | 'given' | 'tuned' | 'cost';
  /** Null where nothing is flagged whatever the score. */
  readonly threshold: number | null;
  readonly counts: { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number };
  /** Proportions (precision, recall, specificity, negativePredictiveValue, accuracy) have Wilson intervals, the rest bootstrap ones. */
  readonly metrics: MetricSet;
  /** Exact intervals of the proportions (Clopper and Pearson); empty with fractional weights. */
  readonly exact: MetricSet;
  /** Only where tuned on these very rows. */
  readonly tuned: TunedThreshold | null;
}

export interface TunedThreshold {
  readonly metric: string;
  /** On the rows it was tuned on. */
  readonly apparent: number | null;
  /** Tuned on nine tenths of the rows and applied to the tenth, in turn: what to expect of other rows. */
  readonly crossFitted: number | null;
  /** Percentiles of the thresholds tuned on bootstrap samples. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface EvaluationCurves {
  /** False positive rate to true positive rate. */
  readonly roc: { readonly points: readonly CurvePoint[]; readonly band: readonly BandPoint[] };
  /** Recall to precision; points are steps, the band interpolates as Davis and Goadrich do. */
  readonly precisionRecall: { readonly points: readonly CurvePoint[]; readonly band: readonly BandPoint[] };
  /** Share of rows taken from the top to share of the positive rows among them. */
  readonly gains: readonly BandPoint[];
  /** Net benefit by threshold probability; null where the scores are no probabilities. */
  readonly decision: DecisionCurveBand | null;
}

export interface DecisionCurveBand {
  readonly model: readonly BandPoint[];
  /** Net benefit of treating everybody at the same thresholds; treating nobody is 0. */
  readonly treatAll: readonly number[];
}

/** Rows (weight) of each class by score. */
export interface ScoreHistogram {
  /** Ascending, one more than there are bins; a bin holds its lower end, the last both. */
  readonly edges: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Two models on the same rows. */
export interface ModelComparison {
  readonly first: string;
  readonly second: string;
  /** Differences by metric; decisions as `half.f1`. Null where a metric does not exist for both. */
  readonly differences: Readonly<Record<string, MetricDifference>>;
  /** DeLong's paired test of the ROC-AUC; null with fractional weights. */
  readonly deLong: (MetricDifference & { readonly z: number | null; readonly standardError: number | null }) | null;
}

export interface MetricDifference extends Estimate {
  /** Two-sided, of "no difference". */
  readonly pValue: number | null;
  /** The same after Holm's correction over all pairs of models for this metric. */
  readonly adjustedPValue: number | null;
  /** Whether a positive difference speaks for the first; null where neither sign does. */
  readonly greaterIsBetter: boolean | null;
}
