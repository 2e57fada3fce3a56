import type { Classes, Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { requireCodes, requireLength, requireProbabilities } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { requireUniform, rowRandomness } from './row-randomness.ts';
import type { ConformalScore } from './scores/score.ts';

/** What all predictors start from: the score of the true label of each calibration row. */
export interface CalibrationScores {
  readonly classes: Classes;
  readonly score: ConformalScore;
  readonly seed: number;
  /** One a row. */
  readonly scores: Float64Array;
  readonly codes: Int32Array;
}

/** Enough scores at a time to stay in the processor's second cache. */
const CHUNK = 16384;

/** Calls `visit` with the scores of every class for slices of the rows; the array is overwritten by the next slice. */
export function visitScores(
  score: ConformalScore,
  probabilities: Matrix,
  u: Float64Array,
  visit: (scores: Float64Array, begin: number, end: number) => void,
): void {
  const { data, rows, columns } = probabilities;
  const step = Math.max(1, Math.floor(CHUNK / Math.max(1, columns)));
  const out = new Float64Array(Math.min(step, rows) * columns);
  for (let begin = 0; begin < rows; begin += step) {
    const end = Math.min(begin + step, rows);
    score.scoreRows(data, columns, begin, end, u, out);
    visit(out, begin, end);
  }
}

/** The rows' numbers u: those given, hashed ones where the score needs some, else none. Throws if they cannot be. */
export function randomnessFor(
  score: ConformalScore,
  probabilities: Matrix,
  seed: number,
  given: Float64Array | undefined,
): Float64Array {
  if (given) {
    requireUniform('u', given, probabilities.rows);
    return given;
  }
  return score.randomised ? rowRandomness(probabilities, seed) : new Float64Array(0);
}

/** Throws `shape-mismatch` or `bad-scores` unless the probabilities have a column a class and lie in 0 .. 1. */
export function requireClassProbabilities(probabilities: Matrix, classes: Classes): void {
  if (probabilities.columns !== classes.length || classes.length === 0) {
    throw new CounterweightError(
      'shape-mismatch',
      `probabilities have ${probabilities.columns} columns for ${classes.length} classes`,
    );
  }
  requireProbabilities('probabilities', probabilities.data);
}

/** Throws unless labels and probabilities fit each other, as the contract of `fit` says. */
export function requireCalibrationRows(probabilities: Matrix, labels: Labels, score: ConformalScore): void {
  requireClassProbabilities(probabilities, labels.classes);
  requireLength('labels', labels.codes.length, probabilities.rows);
  requireCodes('labels', labels.codes, labels.classes.length);
  score.requireClasses(labels.classes.length);
}

/** Scores of the true labels, computed by the same expressions as those of new rows. */
export function calibrationScores(
  probabilities: Matrix,
  labels: Labels,
  options: { readonly score: ConformalScore; readonly seed: number; readonly u?: Float64Array | undefined },
): CalibrationScores {
  const { score, seed } = options;
  requireCalibrationRows(probabilities, labels, score);
  const u = randomnessFor(score, probabilities, seed, options.u);
  const scores = new Float64Array(probabilities.rows);
  const classes = labels.classes.length;
  visitScores(score, probabilities, u, (all, begin, end) => {
    for (let row = begin; row < end; row++) scores[row] = all[(row - begin) * classes + labels.codes[row]!]!;
  });
  return Object.freeze({
    classes: Object.freeze([...labels.classes]),
    score,
    seed,
    scores,
    codes: labels.codes.slice(),
  });
}
