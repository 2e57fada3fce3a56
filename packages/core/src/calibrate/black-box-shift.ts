import { checkOptionNames } from '../data/check-option-names.ts';
import type { Matrix } from '../data/matrix.ts';
import { requireProbabilities } from '../metrics/checks.ts';
import type { ClassScoredRows } from '../metrics/one-vs-rest.ts';
import { requireClassProbabilities } from '../metrics/probability-losses.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { requireMatrix } from './check-input.ts';
import { priorCorrection } from './prior-correction.ts';
import type { ShiftedShares } from './saerens.ts';

export interface BlackBoxShiftOptions {
  /** Labelled rows that the model has not seen. */
  readonly validation: ClassScoredRows;
  /** The model's probabilities of the new rows. */
  readonly target: Matrix;
  /** What is averaged: probabilities (`soft`, default) or the most probable class (`hard`, ties to the first). */
  readonly predictions?: 'soft' | 'hard';
}

export interface BlackBoxShares extends ShiftedShares {
  /** Share among the new rows divided by that among the validation rows, before clipping; 0 for an absent class. */
  readonly ratios: Float64Array;
}

/**
 * Black-box shift estimation (Lipton, Wang and Smola, 2018): the ratios w that solve C w = μ, with C_ij the mean of
 * prediction i over validation rows of class j (times their share) and μ_i its mean over the new rows.
 *
 * Needs no calibrated model, only one whose confusion matrix can be inverted. Negative ratios become 0, with a notice, and the
 * shares are scaled to sum to 1. A class without validation rows keeps the share 0, with a notice.
 * Throws `not-identifiable` for a singular matrix, `bad-scores`, `bad-labels`, `bad-weights`, `shape-mismatch`,
 * `too-few-rows`, `bad-option`.
 */
export function blackBoxShares(options: BlackBoxShiftOptions): BlackBoxShares {
  checkOptionNames('blackBoxShares', options, ['validation', 'target', 'predictions']);
  requireMatrix('validation.probabilities', options.validation?.probabilities);
  requireMatrix('target', options.target);
  const { validation, target, predictions = 'soft' } = options;
  requireShiftRows(validation, target);
  if (predictions !== 'soft' && predictions !== 'hard') {
    throw new CounterweightError('bad-option', `predictions must be "soft" or "hard", got ${String(predictions)}`);
  }
  const count = target.columns;
  const known = confusion(validation, predictions === 'hard');
  const means = columnMeans(target, predictions === 'hard');
  const present = Int32Array.from(known.shares.keys()).filter((label) => known.shares[label]! > 0);
  const solved = solvedRatios(known.joint, means, present, count);
  const ratios = new Float64Array(count);
  present.forEach((label, i) => {
    ratios[label] = solved[i]!;
  });
  const notices = statedShortcomings(ratios, known.shares);
  const raw = ratios.map((ratio, label) => Math.max(0, ratio) * known.shares[label]!);
  const total = raw.reduce((sum, share) => sum + share, 0);
  if (!(total > 0)) notIdentifiable();
  const shares = raw.map((share) => share / total);
  const correction = priorCorrection({ trueShares: shares, seenShares: known.shares });
  return Object.freeze({ shares, correction, ratios, notices: Object.freeze(notices) });
}

function requireShiftRows(validation: ClassScoredRows, target: Matrix): void {
  requireClassProbabilities(validation);
  requireProbabilities('target', target.data);
  if (target.columns !== validation.probabilities.columns) {
    throw new CounterweightError(
      'shape-mismatch',
      `validation has ${validation.probabilities.columns} classes, target has ${target.columns} columns`,
    );
  }
  const weight = validation.weights?.reduce((sum, value) => sum + value, 0) ?? validation.truth.length;
  if (!(weight > 0) || target.rows === 0) {
    throw new CounterweightError('too-few-rows', 'label shift needs validation rows and new rows');
  }
}

function statedShortcomings(ratios: Float64Array, shares: Float64Array): Notice[] {
  const notices: Notice[] = [];
  ratios.forEach((ratio, label) => {
    if (shares[label] === 0) {
      const message = `Class code ${label} has no validation rows: its share is taken as 0.`;
      notices.push({ code: 'class-absent', severity: 'warning', message, numbers: { label } });
    } else if (ratio < 0) {
      const message = `The ratio of class code ${label} came out as ${ratio}; it is taken as 0.`;
      notices.push({ code: 'clipped-share', severity: 'warning', message, numbers: { label, ratio } });
    }
  });
  return notices;
}

/** Mean prediction i of rows of class j times their share, row-major, and the shares. */
function confusion({ probabilities, truth, weights }: ClassScoredRows, hard: boolean) {
  const { rows, columns } = probabilities;
  const joint = new Float64Array(columns * columns);
  const shares = new Float64Array(columns);
  let total = 0;
  const prediction = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1;
    const label = truth[row]!;
    predictionOf(probabilities, row, hard, prediction);
    total += weight;
    shares[label] = shares[label]! + weight;
    for (let i = 0; i < columns; i++) {
      joint[i * columns + label] = joint[i * columns + label]! + weight * prediction[i]!;
    }
  }
  return { joint: joint.map((sum) => sum / total), shares: shares.map((sum) => sum / total) };
}

function columnMeans(target: Matrix, hard: boolean): Float64Array {
  const means = new Float64Array(target.columns);
  const prediction = new Float64Array(target.columns);
  for (let row = 0; row < target.rows; row++) {
    predictionOf(target, row, hard, prediction);
    for (let i = 0; i < means.length; i++) means[i] = means[i]! + prediction[i]!;
  }
  return means.map((sum) => sum / target.rows);
}

function predictionOf({ data, columns }: Matrix, row: number, hard: boolean, out: Float64Array): void {
  out.set(data.subarray(row * columns, (row + 1) * columns));
  if (!hard) return;
  let likeliest = 0;
  for (let c = 1; c < columns; c++) if (out[c]! > out[likeliest]!) likeliest = c;
  out.fill(0);
  out[likeliest] = 1;
}

/** Gauss's elimination with the largest pivot of each column, on the rows and columns of the present classes. */
function solvedRatios(joint: Float64Array, means: Float64Array, present: Int32Array, count: number): Float64Array {
  const size = present.length;
  const rows = Array.from(present, (i) =>
    Float64Array.from([...Array.from(present, (j) => joint[i * count + j]!), means[i]!]),
  );
  const largest = rows.reduce((most, row) => row.reduce((m, value) => Math.max(m, Math.abs(value)), most), 0);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    if (!(Math.abs(rows[column]![column]!) > 1e-12 * largest)) notIdentifiable();
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let j = column; j <= size; j++) rows[i]![j] = rows[i]![j]! - factor * rows[column]![j]!;
    }
  }
  return Float64Array.from(rows, (row, i) => row[size]! / row[i]!);
}

function notIdentifiable(): never {
  throw new CounterweightError(
    'not-identifiable',
    'the predictions do not tell the classes apart, so the confusion matrix cannot be inverted',
  );
}
