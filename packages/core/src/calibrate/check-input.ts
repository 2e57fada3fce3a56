import { requireLabels } from '../data/check-dataset.ts';
import { described } from '../data/described.ts';
import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { columnOf, requireCodes, requireFinite, requireLength, requireWeights } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { ScoreInput } from './calibrator.ts';

/** How far the probabilities of a row may be from summing to 1: room for float32 and printed decimals. */
const SUM_TOLERANCE = 1e-6;
/** Squares of scores and their sums must stay finite. */
const LARGEST_SCORE = 1e100;

/** Calibration rows that passed every check, those of weight 0 left out. */
export interface FitRows {
  readonly scores: Matrix;
  readonly codes: Int32Array;
  readonly weights: Float64Array;
  readonly classes: Classes;
  /** Weight of each class. */
  readonly totals: Float64Array;
}

/** Throws `shape-mismatch`, `bad-scores`, `bad-labels`, `bad-weights`, `too-few-rows`. */
export function checkedFitRows(
  scores: Matrix,
  y: Labels,
  weights: Float64Array | undefined,
  input: ScoreInput,
): FitRows {
  requireMatrix('scores', scores);
  requireLabels(y);
  const count = y.classes.length;
  if (count < 2) throw new CounterweightError('bad-labels', `calibration needs two classes or more, got ${count}`);
  requireLength('y', y.codes.length, scores.rows);
  requireCodes('y', y.codes, count);
  requireWeights(weights, scores.rows);
  requireScores(scores, count, input);
  const kept = keptRows(scores, y.codes, weights);
  if (kept.codes.length === 0) {
    throw new CounterweightError('too-few-rows', 'calibration needs at least one row of positive weight, got none');
  }
  const totals = new Float64Array(count);
  kept.codes.forEach((code, row) => {
    totals[code] = totals[code]! + kept.weights[row]!;
  });
  return { ...kept, classes: Object.freeze([...y.classes]), totals };
}

/** Throws `bad-scores` unless it is a matrix of the library. */
export function requireMatrix(name: string, value: unknown): asserts value is Matrix {
  const { kind, data } = (value ?? {}) as Partial<Matrix>;
  if (kind === 'dense' && ArrayBuffer.isView(data)) return;
  throw new CounterweightError(
    'bad-scores',
    `${name} must be a matrix with a column a class, as matrix() makes it, got ${described(value)}`,
  );
}

/** Throws `bad-scores` unless it is a matrix, `shape-mismatch` for another number of columns, `bad-scores` for values that `input` does not allow. */
export function requireScores(scores: Matrix, classes: number, input: ScoreInput): void {
  requireMatrix('scores', scores);
  const { data, columns } = scores;
  if (columns !== classes && !(classes === 2 && columns === 1)) {
    throw new CounterweightError(
      'shape-mismatch',
      `scores of ${classes} classes need ${classes === 2 ? '1 or 2' : classes} columns, got ${columns}`,
    );
  }
  requireFinite('scores', data);
  if (input === 'scores') {
    const at = data.findIndex((score) => Math.abs(score) > LARGEST_SCORE);
    if (at >= 0) failAt(Math.floor(at / columns), `must lie within ±${LARGEST_SCORE}, got ${data[at]}`);
    return;
  }
  for (let start = 0; start < data.length; start += columns) {
    let sum = 0;
    for (let at = start; at < start + columns; at++) {
      if (!(data[at]! >= 0 && data[at]! <= 1)) failAt(start / columns, `must be probabilities, got ${data[at]}`);
      sum += data[at]!;
    }
    if (columns > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) {
      failAt(start / columns, `must be probabilities that sum to 1, got a sum of ${sum}`);
    }
  }
}

/** Throws `bad-option` unless it is a kind of input. */
export function requireInput(input: ScoreInput): void {
  if (input !== 'probabilities' && input !== 'scores') {
    throw new CounterweightError(
      'bad-option',
      `input must be "probabilities" or "scores", got ${JSON.stringify(input)}`,
    );
  }
}

/** Scores of one class; of the second where there is one column only. */
export function classScores(scores: Matrix, label: number): Float64Array {
  return scores.columns === 1 ? scores.data : columnOf(scores, label);
}

/** One notice for each class that has no calibration rows; `effect` ends the sentence. */
export function absentNotices({ classes, totals }: FitRows, effect: string): Notice[] {
  return classes.flatMap((label, code) =>
    totals[code]! > 0
      ? []
      : [
          {
            code: 'class-absent',
            severity: 'warning' as const,
            message: `Class ${label} has no calibration rows: ${effect}.`,
            class: label,
          },
        ],
  );
}

function failAt(row: number, message: string): never {
  throw new CounterweightError('bad-scores', `scores ${message} in row ${row}`, { row });
}

function keptRows(scores: Matrix, codes: Int32Array, weights: Float64Array | undefined) {
  if (!weights) return { scores, codes, weights: new Float64Array(codes.length).fill(1) };
  if (!weights.includes(0)) return { scores, codes, weights };
  const rows = Int32Array.from(codes.keys()).filter((row) => weights[row]! > 0);
  const { data, columns } = scores;
  const cells = new Float64Array(rows.length * columns);
  rows.forEach((row, at) => {
    for (let column = 0; column < columns; column++) cells[at * columns + column] = data[row * columns + column]!;
  });
  return {
    scores: matrix(cells, rows.length, columns),
    codes: Int32Array.from(rows, (row) => codes[row]!),
    weights: Float64Array.from(rows, (row) => weights[row]!),
  };
}
