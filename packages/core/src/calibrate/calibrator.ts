import type { Classes, Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** Plain data, validated when read; `kind` is the calibrator's name. */
export interface CalibrationJSON {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** A fitted calibration: turns a model's scores into probabilities that can be taken at their word. */
export interface Calibration {
  readonly name: string;
  readonly classes: Classes;
  readonly notices: readonly Notice[];
  /**
   * `rows × classes` probabilities, each row summing to 1. The scores have one column a class, or, in a binary task, one
   * column: that of the second class. Throws `shape-mismatch`, `bad-scores`.
   */
  apply(scores: Matrix): Matrix;
  toJSON(): CalibrationJSON;
}

export interface CalibratorOptions extends RunOptions {
  /** One a row, at least 0; a whole number equals that many copies of the row. */
  readonly weights?: Float64Array | undefined;
}

/** A way to calibrate. */
export interface Calibrator {
  readonly name: string;
  /**
   * Fits to scores of rows that the scoring model has not seen: one column a class, or, in a binary task, the column of the
   * second class alone. A class without rows is kept and spoken of in a notice.
   * Throws `shape-mismatch`, `bad-scores`, `bad-labels`, `bad-weights`, `too-few-rows` without a row of positive weight.
   */
  fit(scores: Matrix, y: Labels, options?: CalibratorOptions): Promise<Calibration>;
}

/**
 * What the scores are. `probabilities`: from 0 to 1, several columns summing to 1 a row. `scores`: any finite numbers
 * that grow with the chance of their class, such as decision values or logits.
 */
export type ScoreInput = 'probabilities' | 'scores';
