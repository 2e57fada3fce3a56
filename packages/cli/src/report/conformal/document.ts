import type { ClassLabel, Notice, ObservedPValueCriteria, PValueCriteria, SizeStratum } from '@counterweight/core';

/** A share of rows with its exact interval; null where there are no rows to take it from. */
export interface ShareEstimate {
  readonly rows: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Where coverage is to be expected: mean over calibration sets, and both ends of its 95 % range. */
export interface ExpectedRange {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What bounds the scores of a class: its own calibration rows, all of them, ... or nothing, its label being in every set. */
export type JudgedBy =
  | 'own-rows'
  | 'all-rows'
  | 'category'
  | 'class-and-category'
  | 'cluster'
  | 'mixture'
  | 'similar-classes'
  | 'every-set';

export interface CalibrationClass {
  readonly class: ClassLabel;
  readonly rows: number;
  readonly judgedBy: JudgedBy;
  /** Largest score that a label of the class may have; null where nothing bounds it or no one number does. */
  readonly threshold: number | null;
  /** Coverage of the class in the long run; null where nothing is promised for it. */
  readonly expected: ExpectedRange | null;
}

export interface SetSize {
  readonly size: number;
  readonly rows: number;
}

export interface ClassEvaluation extends ShareEstimate {
  readonly class: ClassLabel;
  readonly meanSize: number | null;
  readonly singletonRate: number | null;
  readonly sizes: readonly SetSize[];
  /** Rows by p-value of the true class, 20 bins from 0 to 1; null where the method has no p-values. */
  readonly pValues: readonly number[] | null;
}

export interface CategoryEvaluation extends ShareEstimate {
  /** Null is a missing cell. */
  readonly category: string | null;
  readonly meanSize: number | null;
}

/** Sets of rows whose truth is known, judged by calibration rows that they were no part of. */
export interface SetEvaluation {
  /** `folds`: each fold by the others. `new-rows`: rows of another file by the whole calibration set. */
  readonly design: 'folds' | 'new-rows';
  readonly source: string;
  readonly folds: number | null;
  readonly coverage: ShareEstimate;
  /** Of coverage over as many rows, if they are exchangeable with the calibration rows; null where no rule says it. */
  readonly expected: ExpectedRange | null;
  readonly perClass: readonly ClassEvaluation[];
  readonly perCategory: readonly CategoryEvaluation[] | null;
  readonly macroCoverage: number | null;
  readonly coverageGap: number | null;
  readonly underCoverageGap: number | null;
  readonly fractionBelowHalf: number | null;
  readonly violatingClasses: number;
  readonly meanSize: number | null;
  readonly singletonRate: number | null;
  readonly singletonHitRatio: number | null;
  readonly emptyRate: number | null;
  readonly sizes: readonly SetSize[];
  readonly bySize: readonly SizeStratum[];
  readonly sizeStratifiedCoverage: number | null;
  readonly sizeStratifiedViolation: number | null;
  readonly difficultyViolation: number | null;
  /** Smoothed p-values of the true class, 20 bins, and the Kolmogorov-Smirnov test of "they are uniform". */
  readonly pValues: { readonly bins: readonly number[]; readonly statistic: number; readonly pValue: number } | null;
  readonly criteria: PValueCriteria | null;
  readonly observedCriteria: ObservedPValueCriteria | null;
  /** Rows of each true class (down) whose set has each label (across); null with more than 60 classes. */
  readonly confusion: readonly (readonly number[])[] | null;
}

export interface DriftReport {
  readonly source: string;
  readonly rows: number;
  /** Chance of ever raising a false alarm. */
  readonly level: number;
  /** 0-based row of the file at which the martingale reached 1 / level, or null. */
  readonly alarmAt: number | null;
  /** Natural logarithm of the largest value. */
  readonly largestLog: number;
  /** Row of the file and natural logarithm of the martingale after it, thinned to at most 1000 points. */
  readonly path: readonly { readonly row: number; readonly log: number }[];
  readonly uniformity: { readonly statistic: number; readonly pValue: number } | null;
}

export type RiskLoss = 'miscoverage' | 'false-negative' | 'false-positive' | 'false-discovery';

export interface RiskReport {
  readonly loss: RiskLoss;
  /** Asked rate. */
  readonly level: number;
  /** `expectation`: conformal risk control. `confidence`: Learn then Test. */
  readonly guarantee: 'expectation' | 'confidence';
  /** Chance that the promise is broken, for `confidence`. */
  readonly delta: number | null;
  /** The class that is flagged; null for miscoverage. */
  readonly positive: ClassLabel | null;
  /** Rows that the loss is taken over. */
  readonly rows: number;
  /** Flag rows from this probability on; for miscoverage, the smallest probability of a label in the set. Null: none will do. */
  readonly threshold: number | null;
  /** Rate of the loss in the rows at that threshold. */
  readonly risk: number | null;
  /** Share of all rows flagged at that threshold, or labels a set for miscoverage. */
  readonly price: number | null;
}

/** What `counterweight conformal --json` prints and the page shows. No clock, no path of the machine, no thread count. */
export interface ConformalDocument {
  readonly format: 'counterweight-conformal';
  readonly formatVersion: 1;
  readonly versions: { readonly counterweight: string };
  readonly data: {
    readonly source: string;
    readonly target: string;
    readonly rows: number;
    readonly classes: readonly { readonly label: ClassLabel; readonly rows: number; readonly share: number }[];
  } | null;
  readonly settings: {
    readonly alpha: number;
    /** Nonconformity score. */
    readonly method: string;
    readonly predictor: string;
    readonly guarantee: 'marginal' | 'class' | 'category' | 'class-and-category' | 'none';
    readonly tooFew: 'full' | 'pooled' | 'error' | null;
    readonly smoothed: boolean;
    readonly exactCoverage: boolean;
    readonly by: string | null;
    readonly seed: number;
    /** Whether the model was read from a file instead of fitted on the data. */
    readonly readFromFile: boolean;
  };
  readonly calibration: {
    readonly rows: number;
    /** Fewest rows with which a bound is finite at this alpha, ⌈1 / alpha - 1⌉. */
    readonly rowsNeeded: number;
    /** Of coverage over all rows in the long run; null where it is not promised. */
    readonly expected: ExpectedRange | null;
    readonly classes: readonly CalibrationClass[];
    readonly categories: readonly { readonly category: string | null; readonly rows: number }[] | null;
  };
  readonly evaluation: SetEvaluation | null;
  /** Of the file named by --drift. */
  readonly newRows: SetEvaluation | null;
  readonly drift: DriftReport | null;
  readonly risk: RiskReport | null;
  readonly applied: { readonly rows: number; readonly rowsWithoutSet: number; readonly out: string } | null;
  readonly notices: readonly Notice[];
}
