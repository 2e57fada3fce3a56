import type { ClassLabel, Notice, ScoreInput } from '@counterweight/core';

/** What `calibrate` found, as one JSON document. What is not defined is null. */
export interface CalibrateReport {
  readonly format: 'counterweight-calibration';
  readonly formatVersion: 1;
  readonly versions: { readonly counterweight: string };
  readonly data: {
    readonly source: string;
    readonly target: string;
    /** The class that a single score column speaks of, else null. */
    readonly positive: ClassLabel | null;
    readonly scores: readonly string[];
    readonly input: ScoreInput;
    readonly weights: string | null;
    readonly rows: number;
    readonly classes: readonly ClassShare[];
  };
  readonly validation: {
    readonly folds: number;
    readonly replicates: number;
    readonly level: number;
  };
  /** Share of each class where the probabilities will be used, where that was said; else null and the shares of the data hold. */
  readonly prior: readonly number[] | null;
  /** Share of each class in what the learner saw, where that was said. */
  readonly trainedOn: readonly number[] | null;
  /** The scores as they are; null where they are no probabilities. */
  readonly before: MeasuredReport | null;
  /** Every method out of fold, in the order tried; `classes` are measured for the chosen one alone. */
  readonly methods: readonly MethodReport[];
  readonly choice: {
    readonly chosen: string;
    /** The least log loss out of fold. */
    readonly best: string;
    /** `named` by the command line, or the `best` of several. */
    readonly by: 'named' | 'best';
  };
  /** Reliability before and out of fold after: of the positive class, or of each class. */
  readonly reliability: readonly ReliabilityReport[];
  /** Width p1 - p0 of the rows out of fold; null without Venn-Abers. */
  readonly widths: WidthsReport | null;
  /** The fitted map from a score to a probability; null with one score a class. */
  readonly map: ScoreMap | null;
  readonly notices: readonly Notice[];
  /** Where the fitted calibrator was written. */
  readonly saved: string | null;
  readonly applied: AppliedReport | null;
  readonly reproduce: { readonly command: string; readonly seed: number };
}

export interface ClassShare {
  readonly label: ClassLabel;
  readonly rows: number;
  readonly share: number;
}

export interface EstimateReport {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export type MeasureName = 'brierScore' | 'slope' | 'intercept' | 'inTheLarge' | 'ici' | 'ece' | 'miscalibration';

export interface MeasuredReport {
  readonly brierScore: EstimateReport;
  readonly logLoss: EstimateReport;
  readonly ece: EstimateReport;
  readonly miscalibration: EstimateReport;
  readonly check: CheckReport;
  readonly classes: readonly ({ readonly class: ClassLabel } & Readonly<Record<MeasureName, EstimateReport>>)[];
}

/** `calibrationCheck` with Wald intervals, in the order of the judged classes. */
export interface CheckReport {
  readonly passes: boolean;
  readonly classes: readonly {
    readonly class: ClassLabel;
    readonly inTheLarge: EstimateReport | null;
    readonly slope: EstimateReport | null;
    readonly passes: boolean;
  }[];
}

export interface MethodReport extends MeasuredReport {
  readonly name: string;
  /** Log loss less that of the best method, from the same draws. */
  readonly logLossBehindBest: EstimateReport;
}

export interface ReliabilityReport {
  readonly class: ClassLabel;
  readonly before: ReliabilityCurveReport | null;
  readonly after: ReliabilityCurveReport;
}

export interface ReliabilityCurveReport {
  /** Bins with Wilson intervals. */
  readonly bins: readonly {
    readonly predicted: number;
    readonly observed: number;
    readonly low: number;
    readonly high: number;
    readonly rows: number;
  }[];
  /** CORP: the isotonic outcome at probabilities, to be joined by lines. */
  readonly corp: readonly { readonly predicted: number; readonly observed: number }[];
}

export interface WidthSummary {
  readonly rows: number;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
  /** Rows in bins of the width, `edges` apart; the last bin holds its upper edge. */
  readonly counts: readonly number[];
}

export interface WidthsReport {
  /** One more than bins. */
  readonly edges: readonly number[];
  readonly overall: WidthSummary;
  readonly classes: readonly ({ readonly class: ClassLabel } & WidthSummary)[];
}

export interface ScoreMap {
  readonly scores: readonly number[];
  readonly p: readonly number[];
  /** Venn-Abers alone. */
  readonly p0: readonly number[] | null;
  readonly p1: readonly number[] | null;
}

export interface AppliedReport {
  readonly input: string;
  readonly out: string;
  readonly rows: number;
  readonly columns: readonly string[];
}
