import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { requireCodes, requireLength } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { randomnessFor, requireClassProbabilities, visitScores } from './calibration-scores.ts';
import { type PredictionSets, setsFromPValues } from './prediction-sets.ts';
import { requireUniform, streamRandomness } from './row-randomness.ts';
import { lac } from './scores/least-ambiguous.ts';
import type { ConformalOptions } from './split.ts';

/** Learns from rows with labels and returns the class probabilities, `rows × classes`, of these same rows. */
export type Refit = (rows: Matrix, labels: Labels) => Matrix | Promise<Matrix>;

export interface FullConformalOptions extends ConformalOptions {
  /** Must treat its rows alike, whatever their order, for the guarantee to hold. */
  readonly refit: Refit;
  /** `all` unless told; `class` compares with the rows of the candidate class only. */
  readonly by?: 'all' | 'class' | undefined;
}

export interface FullPValueOptions extends RunOptions {
  /** False unless told: conservative p-values. */
  readonly smoothed?: boolean | undefined;
  /** The numbers v of smoothed p-values, one a row; without them a stream of the seed. */
  readonly ties?: Float64Array | undefined;
}

export interface FullConformalModel {
  readonly classes: Classes;
  /** `rows × classes`; one refit for each row and class. */
  pValues(rows: Matrix, options?: FullPValueOptions): Promise<Matrix>;
  sets(rows: Matrix, options: FullPValueOptions & { readonly alpha: number }): Promise<PredictionSets>;
}

/**
 * Full (transductive) conformal prediction: for each new row and each candidate label the model is refitted on all
 * training rows with the candidate added, and the candidate's score is ranked among all. No row is lost to calibration;
 * the cost is rows × classes refits. Vovk, Gammerman, Shafer (2005), chapter 2. Cannot be saved: it is its refit.
 */
export function fullConformal(options: FullConformalOptions): { fit(X: Matrix, labels: Labels): FullConformalModel } {
  const { refit, score = lac(), seed = 0, by = 'all' } = options;
  const fit = (X: Matrix, labels: Labels): FullConformalModel => {
    requireLength('labels', labels.codes.length, X.rows);
    requireCodes('labels', labels.codes, labels.classes.length);
    score.requireClasses(labels.classes.length);
    const classes = labels.classes.length;
    const rank = async (row: Float64Array, code: number, v: number) => {
      const extended = withRow(X, labels, row, code);
      const probabilities = await refit(extended.X, extended.labels);
      const scores = ownScores(probabilities, extended.labels);
      return rankOfLast(scores, extended.labels.codes, by, v);
    };
    const ownScores = (probabilities: Matrix, of: Labels) => {
      requireClassProbabilities(probabilities, of.classes);
      requireLength('refitted probabilities', probabilities.rows, of.codes.length);
      const u = randomnessFor(score, probabilities, seed, undefined);
      const out = new Float64Array(of.codes.length);
      visitScores(score, probabilities, u, (all, begin, end) => {
        for (let i = begin; i < end; i++) out[i] = all[(i - begin) * classes + of.codes[i]!]!;
      });
      return out;
    };
    const pValues = async (rows: Matrix, asked: FullPValueOptions = {}) => {
      requireColumns(rows, X);
      if (asked.ties) requireUniform('ties', asked.ties, rows.rows);
      const ties = asked.smoothed ? (asked.ties ?? streamRandomness(rows.rows, seed, 'ties')) : undefined;
      const out = new Float64Array(rows.rows * classes);
      for (let row = 0; row < rows.rows; row++) {
        const cells = rows.data.subarray(row * X.columns, (row + 1) * X.columns);
        for (let code = 0; code < classes; code++) {
          throwIfAborted(asked.signal);
          out[row * classes + code] = await rank(cells, code, ties ? ties[row]! : -1);
        }
        asked.onProgress?.({ task: 'full conformal', done: row + 1, total: rows.rows });
      }
      return matrix(out, rows.rows, classes);
    };
    const sets = async (rows: Matrix, asked: FullPValueOptions & { readonly alpha: number }) =>
      setsFromPValues(await pValues(rows, asked), labels.classes, asked.alpha);
    return Object.freeze({ classes: labels.classes, pValues, sets });
  };
  return Object.freeze({ fit });
}

function requireColumns(rows: Matrix, X: Matrix): void {
  if (rows.columns === X.columns) return;
  throw new CounterweightError(
    'shape-mismatch',
    `the rows have ${rows.columns} columns, those learned from ${X.columns}`,
  );
}

function withRow(X: Matrix, labels: Labels, row: Float64Array, code: number): { X: Matrix; labels: Labels } {
  const cells = new Float64Array(X.data.length + X.columns);
  cells.set(X.data);
  cells.set(row, X.data.length);
  const codes = new Int32Array(labels.codes.length + 1);
  codes.set(labels.codes);
  codes[labels.codes.length] = code;
  return { X: matrix(cells, X.rows + 1, X.columns), labels: { codes, classes: labels.classes } };
}

/** P-value of the last row's score among all, the last included. */
function rankOfLast(scores: Float64Array, codes: Int32Array, by: 'all' | 'class', v: number): number {
  const last = scores.length - 1;
  let above = 0;
  let equal = 0;
  let compared = 0;
  for (let i = 0; i <= last; i++) {
    if (by === 'class' && codes[i] !== codes[last]) continue;
    compared++;
    if (scores[i]! > scores[last]!) above++;
    else if (scores[i] === scores[last]) equal++;
  }
  return (above + (v < 0 ? equal : v * equal)) / compared;
}
