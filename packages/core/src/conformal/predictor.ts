import type { Classes, Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import type { PredictionSets } from './prediction-sets.ts';

/** What a predictor may need beside probabilities and labels; each one says which. */
export interface ConformalFitOptions {
  /** One number in 0 .. 1 a row for randomised scores, instead of those hashed from the rows. */
  readonly u?: Float64Array | undefined;
  /** Codes from 0 of the category of each row, known before the label (Mondrian by category). */
  readonly categories?: Int32Array | undefined;
  /** Code from 0 of the fold that each row was held out of (cross-conformal, CV+). */
  readonly folds?: Int32Array | undefined;
}

interface ConformalAskOptions {
  /** One number in 0 .. 1 a row for randomised scores, instead of those hashed from the rows. */
  readonly u?: Float64Array | undefined;
  /** Codes of the rows' categories; one that was not seen in calibration has no calibration rows. */
  readonly categories?: Int32Array | undefined;
}

export interface ConformalSetOptions extends ConformalAskOptions {
  /** Asked share of sets that miss the true label, between 0 and 1. */
  readonly alpha: number;
  /**
   * For coverage of exactly 1 - alpha where scores do not tie, instead of at least that: one independent number in 0 .. 1
   * a row, which draws the bound of the row from the two ranks on either side of the level (Ding et al. 2023). Only models
   * that bound one score a group know it: split, Mondrian, clustered, tuned RAPS; the others throw `bad-option`.
   */
  readonly exact?: Float64Array | undefined;
}

export interface ConformalPValueOptions extends ConformalAskOptions {
  /** False unless told: conservative, (#{s_i >= s} + 1) / (n + 1). True: exact, (#{s_i > s} + v (#{s_i = s} + 1)) / (n + 1). */
  readonly smoothed?: boolean | undefined;
  /** The numbers v, one in 0 .. 1 a row; without them a stream of the model's seed, in the order of the rows. */
  readonly ties?: Float64Array | undefined;
  /** Which classes have too few rows follows from it under the policy `pooled`; without it only those with none. */
  readonly alpha?: number | undefined;
}

/** Plain data, validated when read; `kind` is the predictor's name. */
export interface ConformalJSON {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** Calibrated on held-out rows; makes label sets and p-values for new rows. */
export interface ConformalModel {
  readonly name: string;
  readonly classes: Classes;
  readonly notices: readonly Notice[];
  /** Label sets. `probabilities` is `rows × classes`; cross-conformal models take one such matrix a fold. */
  sets(probabilities: Matrix | readonly Matrix[], options: ConformalSetOptions): PredictionSets;
  /** P-values, `rows × classes`, where the method has them: the sets are the labels with p > alpha. */
  pValues?(probabilities: Matrix | readonly Matrix[], options?: ConformalPValueOptions): Matrix;
  /** The largest score a label of each class may have to be in the set, where one number a class says it. */
  thresholds?(alpha: number, category?: number): Float64Array;
  toJSON(): ConformalJSON;
}

/** A way to make sets with a stated error rate from any model's class probabilities (Vovk, Gammerman, Shafer 2005). */
export interface ConformalPredictor {
  readonly name: string;
  /**
   * `probabilities` are `rows × classes` of rows that the model did not learn from, `labels` their true classes.
   * Throws `shape-mismatch`, `bad-labels`, `bad-scores`, `bad-option`.
   */
  fit(probabilities: Matrix, labels: Labels, options?: ConformalFitOptions): ConformalModel;
}

/**
 * What to do with a class (or category) that has fewer calibration rows than a finite bound needs, ⌈1 / alpha - 1⌉:
 * `full` takes its label into every set and keeps the guarantee; `pooled` judges it by all rows, without a guarantee for
 * the class; `error` throws `too-few-rows`.
 */
export type TooFewPolicy = 'full' | 'pooled' | 'error';
