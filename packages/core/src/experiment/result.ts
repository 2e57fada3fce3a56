import type { ClassLabel } from '../data/labels.ts';
import type { Notice } from '../runtime/notices.ts';
import type { BandPoint, CurvePoint } from './curve-point.ts';
import type { Estimate } from './estimate.ts';
import type { NeighbourhoodSummary } from './neighbourhood-summary.ts';

export type { BandPoint, CurvePoint } from './curve-point.ts';
export type { Estimate } from './estimate.ts';

/**
 * What an experiment found, as plain data.
 *
 * A number that does not exist (an undefined metric, an open interval) is null. Nothing here depends on the clock, the
 * machine or the number of threads.
 */
export interface ExperimentResult {
  readonly data: DataSummary;
  /** What stands around the training rows, in the columns that models see. */
  readonly difficulty: NeighbourhoodSummary;
  readonly metric: MetricChoice;
  readonly costs: Costs | null;
  readonly validation: ValidationDesign;
  /** Which learner was gone on with; null where there is one only. */
  readonly learners: LearnersReport | null;
  /**
   * The first is doing nothing with the learner gone on with; then the treatments of this learner, the ensembles, and the
   * other learners doing nothing, each in the order asked for.
   */
  readonly strategies: readonly StrategyReport[];
  readonly choice: Choice;
  readonly verdict: Verdict;
  /** The chosen model on the held-out rows; what the pictures show. */
  readonly heldOut: HeldOut;
  /** What the chosen model leans on; null where the metric says nothing of the held-out rows. */
  readonly importance: Importance | null;
  /** The largest standardised effects of the chosen model, by size, at most 60 a class. */
  readonly coefficients: readonly Coefficient[];
  readonly notices: readonly Notice[];
}

export interface DataSummary {
  /** File name without its folders. */
  readonly source: string;
  readonly rows: number;
  /** Rows left out because their target is missing or their class was dropped on request. */
  readonly rowsDropped: number;
  readonly target: string;
  readonly classes: readonly { readonly label: ClassLabel; readonly rows: number; readonly share: number }[];
  /** The class that scores speak of; null with more than two classes. */
  readonly positive: ClassLabel | null;
  /** Largest class over smallest class. */
  readonly imbalanceRatio: number;
  readonly columns: readonly ColumnSummary[];
  readonly duplicateRows: number;
}

export interface ColumnSummary {
  readonly name: string;
  readonly type: 'numeric' | 'categorical' | 'boolean' | 'date-time' | 'identifier' | 'constant' | 'text';
  readonly missing: number;
  readonly distinct: number;
  /** Whether the models see the column, and if not, why not. */
  readonly used: boolean;
  readonly reason: string | null;
  /** ROC-AUC of this column alone on the training rows, 0.5 to 1 (out of fold for categories); null if not computed. */
  readonly aloneAuc: number | null;
}

export interface MetricChoice {
  /** Key as in the metric sets, or `expectedCost`. */
  readonly name: string;
  /** For people: "average precision". */
  readonly label: string;
  readonly greaterIsBetter: boolean;
}

export interface Costs {
  readonly classes: readonly ClassLabel[];
  /** `matrix[predicted][true]`: cost of predicting the first when the second is true. */
  readonly matrix: readonly (readonly number[])[];
  /** Elkan's threshold on corrected probabilities; null with more than two classes. */
  readonly threshold: number | null;
}

export interface ValidationDesign {
  readonly split: 'stratified' | 'group' | 'time' | 'file';
  readonly splitColumn: string | null;
  readonly trainRows: number;
  readonly testRows: number;
  readonly trainClassRows: readonly number[];
  readonly testClassRows: readonly number[];
  readonly folds: number;
  readonly repeats: number;
  readonly innerFolds: number;
}

/** Metric keys are scikit-learn's names in camelCase. */
export type MetricSet = Readonly<Record<string, Estimate>>;

export interface StrategyReport {
  /** `treatment/learner`, such as `smote/logistic`. */
  readonly id: string;
  readonly treatment: string;
  readonly learner: string;
  /** All metrics, those of decisions at the operating point. Fold means with corrected-t intervals. */
  readonly validation: MetricSet;
  /** The same on the held-out rows with bootstrap intervals; null where the held-out rows were not shown to it. */
  readonly test: MetricSet | null;
  /** Which of `decisions` the sets above use: `tuned`, or `cost` where costs are given. */
  readonly operatingPoint: DecisionName;
  readonly decisions: readonly DecisionReport[];
  /** The chosen metric against doing nothing, from paired folds; null for doing nothing itself. Positive = better. */
  readonly difference: (Estimate & { readonly pValue: number | null }) | null;
  /** The chosen metric, one value a fold and repeat, in order. */
  readonly foldScores: readonly (number | null)[];
  /** Before and after calibration, on out-of-fold scores; one curve a class (one in binary tasks). */
  readonly calibration: readonly CalibrationReport[];
  readonly recalibration: RecalibrationReport;
  /** Class shares that the learner saw, as multiples of the true ones; all 1 where nothing was changed. */
  readonly priorShift: readonly number[];
}

/** How probabilities were put right: `none`, by the known change of the class shares, or by a fitted calibrator. */
export interface RecalibrationReport {
  /** Of the model fitted on all training rows. */
  readonly decision: 'none' | 'prior-correction' | 'recalibrated';
  /** In how many folds each was found right. */
  readonly folds: { readonly none: number; readonly priorCorrection: number; readonly recalibrated: number };
}

/** How far a tuned threshold moves from fold to fold. */
export interface ThresholdSpread {
  readonly mean: number;
  /** Null with one fold. */
  readonly standardDeviation: number | null;
  readonly least: number;
  readonly most: number;
  readonly folds: number;
}

export type DecisionName = 'half' | 'tuned' | 'cost';

/** One way of turning probabilities into decisions. */
export interface DecisionReport {
  readonly name: DecisionName;
  /** On calibrated probabilities, predict positive at or above; null with more than two classes. */
  readonly threshold: number | null;
  /** The same on the model's own probabilities. */
  readonly rawThreshold: number | null;
  /** Of the thresholds tuned within each fold; null where nothing is tuned, and with more than two classes. */
  readonly spread: ThresholdSpread | null;
  /** With more than two classes: predict the class with the largest weight times probability. Null for `half`. */
  readonly classWeights: readonly number[] | null;
  /** Only metrics of decisions. */
  readonly validation: MetricSet;
  readonly test: MetricSet | null;
}

export interface CalibrationReport {
  readonly class: ClassLabel;
  readonly before: ReliabilityCurve;
  readonly after: ReliabilityCurve;
}

export interface ReliabilityCurve {
  readonly brierScore: number | null;
  readonly logLoss: number | null;
  /** Mean predicted probability minus observed share. */
  readonly bias: number | null;
  readonly bins: readonly {
    readonly predicted: number;
    readonly observed: number;
    /** Wilson 95 % interval of the observed share. */
    readonly low: number;
    readonly high: number;
    readonly rows: number;
  }[];
}

/** Learners on the rows as they are, compared before any treatment. */
export interface LearnersReport {
  /** In the order asked for; differences are to the first, positive = better, null for the first itself. */
  readonly compared: readonly {
    readonly learner: string;
    readonly mean: Estimate;
    readonly difference: (Estimate & { readonly pValue: number | null }) | null;
  }[];
  readonly chosen: string;
  /** One sentence with its numbers. */
  readonly sentence: string;
}

export interface Choice {
  /** Best by the chosen metric. */
  readonly best: string;
  /** The strategy that model.json holds. */
  readonly chosen: string;
  /** One sentence. */
  readonly reason: string;
}

export interface Verdict {
  readonly kind: 'better' | 'not-shown' | 'no-difference' | 'nothing-compared';
  /** One or two sentences with their numbers. */
  readonly sentence: string;
  /** Further plain sentences: the held-out check, what the threshold means, what to beware of. */
  readonly details: readonly string[];
}

export interface HeldOut {
  readonly strategy: string;
  readonly classes: readonly ClassLabel[];
  /** `confusion[true][predicted]` at the operating point. */
  readonly confusion: readonly (readonly number[])[];
  readonly threshold: number | null;
  readonly classWeights: readonly number[] | null;
  /** One a class against the rest; in binary tasks only the positive class. */
  readonly curves: readonly {
    readonly class: ClassLabel;
    /** With DeLong's interval; `method` says what stood in for it where it does not exist. */
    readonly rocAuc: Estimate & { readonly method: 'delong' | 'disjoint-pairs' | 'trivial' };
    readonly precisionRecall: readonly CurvePoint[];
    readonly roc: readonly CurvePoint[];
    /** Null where the class or the rest has fewer than two rows. */
    readonly bands: CurveBands | null;
    /** Where the operating point lies; null with more than two classes. */
    readonly chosen: { readonly recall: number; readonly precision: number; readonly falsePositiveRate: number } | null;
    readonly prevalence: number;
  }[];
  /** Binary only: counts at thresholds from high to low, thinned to at most 400 points, ends included. */
  readonly sweep: readonly {
    readonly threshold: number;
    readonly tp: number;
    readonly fp: number;
    readonly fn: number;
    readonly tn: number;
  }[];
  readonly calibration: readonly CalibrationReport[];
  /** Three sets of probabilities of the same rows: one entry a class, in binary tasks only the positive class. */
  readonly probabilities: readonly {
    readonly class: ClassLabel;
    /** The model's own. */
    readonly own: ProbabilityJudgement;
    readonly calibrated: ProbabilityJudgement;
    /** Merged from the brackets, each fifth of the rows judged by the other four. */
    readonly vennAbers: ProbabilityJudgement;
  }[];
  /** The best strategy against doing nothing on the held-out rows, positive = better; null where they are the same. */
  readonly comparison: {
    readonly id: string;
    /** By the chosen metric and a paired bootstrap. */
    readonly difference: Estimate;
    /** By ROC-AUC and DeLong's paired test, in binary tasks; null where it cannot be told. */
    readonly rocAuc: (Estimate & { readonly pValue: number | null }) | null;
  } | null;
  readonly vennAbers: VennAbersReport;
  readonly sets: SetsReport;
}

/** Venn-Abers probabilities of the held-out rows, each fifth of them calibrated on the other four. */
/** Pointwise bands of 95 %, at 0, 0.01 .. 1; that of precision and recall interpolates as Davis and Goadrich do. */
export interface CurveBands {
  readonly roc: readonly BandPoint[];
  readonly precisionRecall: readonly BandPoint[];
}

/** Means over rows with intervals of 1.96 standard errors. */
export interface ProbabilityJudgement {
  readonly brierScore: Estimate;
  readonly logLoss: Estimate;
  /** Mean predicted probability minus observed share. */
  readonly bias: Estimate;
}

export interface VennAbersReport {
  /** Of the merged probability; one a class against the rest, in binary tasks only the positive class. */
  readonly curves: readonly { readonly class: ClassLabel; readonly curve: ReliabilityCurve }[];
  /** Width p1 - p0 of the brackets, of all rows and by true class: how little the calibration rows say. */
  readonly width: WidthSummary;
  readonly widthByClass: readonly (WidthSummary & { readonly class: ClassLabel })[];
  /** Share of the rows whose probability by the model lies outside its bracket; null with more than two classes. */
  readonly outside: number | null;
}

/** Null where there are no rows. */
export interface WidthSummary {
  readonly rows: number;
  readonly mean: number | null;
  readonly median: number | null;
  /** Nine of ten rows have a narrower bracket. */
  readonly upperDecile: number | null;
}

/** Class-conditional label sets. Those of the model are calibrated on all held-out rows. */
export interface SetsReport {
  /** Share of the rows of each class that may be missed. */
  readonly alpha: number;
  readonly byClass: readonly {
    readonly class: ClassLabel;
    /** Held-out rows of the class, on which its threshold rests. */
    readonly calibrationRows: number;
    /** Too few of them for this error rate: the class is in every set. */
    readonly always: boolean;
    /**
     * Share of rows like these whose set holds the class: its mean over all calibrations of this size, and where it lies
     * in 95 % of them (a beta distribution).
     */
    readonly coverage: Estimate;
    /** Of the held-out rows of the class, the share whose set held it when each fifth was judged by the other four. */
    readonly observed: number | null;
    /** Mean number of labels in those sets. */
    readonly meanSize: number | null;
  }[];
  /** Over all held-out rows, each fifth judged by the other four. */
  readonly observed: number | null;
  readonly meanSize: number | null;
  /** Shares of sets with one label, with none, with all. */
  readonly singletons: number | null;
  readonly empty: number | null;
  readonly full: number | null;
}

/** Columns by how much worse the metric of the comparison gets when their cells are shuffled among held-out rows. */
export interface Importance {
  /** Held-out rows, or as many as were drawn of them. */
  readonly rows: number;
  /** Shuffles a column. */
  readonly repeats: number;
  /** The metric on these rows as they are. */
  readonly value: number;
  /** Largest fall first, at most 60. */
  readonly columns: readonly ColumnImportance[];
  /** Columns that the model reads. */
  readonly of: number;
}

export interface ColumnImportance {
  readonly column: string;
  /** Mean over the shuffles, in units of the metric; positive: the model is worse without the column's order. */
  readonly fall: number;
  /** Standard deviation over the shuffles; null for one. */
  readonly deviation: number | null;
}

export interface Coefficient {
  readonly class: ClassLabel;
  /** `age`, `job = student`, `age is missing`. */
  readonly feature: string;
  /** Change in log-odds for one standard deviation (numeric) or for having the level (categories). */
  readonly effect: number;
}
