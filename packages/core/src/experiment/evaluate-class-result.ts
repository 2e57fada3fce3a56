import type { ClassLabel } from '../data/labels.ts';
import type { Notice } from '../runtime/notices.ts';
import type { IntervalRules, ModelEvaluation } from './evaluate-result.ts';
import type { Costs, Estimate, MetricSet } from './result.ts';

/** What an evaluation of one probability column a class found, as plain data; see `ScoreEvaluation` for null. */
export interface ClassScoreEvaluation {
  readonly kind: 'multi-class';
  readonly data: {
    readonly rows: number;
    readonly weights: 'none' | 'counts' | 'fractional';
    /** Rows (weight) of each class; one may have none. */
    readonly classes: readonly { readonly label: ClassLabel; readonly rows: number; readonly share: number }[];
  };
  readonly intervals: IntervalRules;
  readonly costs: Costs | null;
  /**
   * rocAucOneVsRest (and Weighted, Micro), rocAucOneVsOne (and Weighted), averagePrecisionMacro, brierScore (over all
   * classes, 0 to 2), logLoss, d2BrierScore, d2LogLossScore, top2Accuracy, top3Accuracy, topLabelCalibrationError,
   * classWiseCalibrationError, expectedCalibrationError (ten bins of equal numbers of rows a class).
   */
  readonly metrics: MetricSet;
  readonly decisions: readonly ClassDecisionEvaluation[];
  /** Each class against the rest, rarest first; with many classes the rarest only. */
  readonly classes: readonly ClassEvaluation[];
  readonly notices: readonly Notice[];
}

/** One class against the rest. */
export interface ClassEvaluation extends ModelEvaluation {
  readonly class: ClassLabel;
  readonly rows: number;
  readonly prevalence: number;
}

/** One way to decide for a class. */
export interface ClassDecisionEvaluation {
  /** `most-probable`; `tuned`, largest weight times probability; `cost`, least expected cost. */
  readonly name: 'most-probable' | 'tuned' | 'cost';
  /** One a class where tuned. */
  readonly classWeights: readonly number[] | null;
  /** `confusion[true][predicted]`. */
  readonly confusion: readonly (readonly number[])[];
  /**
   * accuracy (Wilson), balancedAccuracy, precision, recall, specificity, f1 and f2 (macro), weightedF1, microF1,
   * geometricMean, matthewsCorrcoef, cohenKappa, linearKappa and quadraticKappa (classes in their order), macroAbsoluteError
   * (numeric classes), expectedCost (with costs).
   */
  readonly metrics: MetricSet;
  /** The class report: shares with Wilson intervals, the rest by the bootstrap. */
  readonly classes: readonly {
    readonly class: ClassLabel;
    readonly support: number;
    readonly predicted: number;
    readonly precision: Estimate;
    readonly recall: Estimate;
    readonly specificity: Estimate;
    readonly f1: Estimate;
    readonly geometricMean: Estimate;
  }[];
}
