import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** Throws `shape-mismatch` unless `actual` equals `expected`. */
export function requireLength(name: string, actual: number, expected: number): void {
  if (actual !== expected) {
    throw new CounterweightError('shape-mismatch', `${name} must have ${expected} entries, one a row, got ${actual}`);
  }
}

/** Throws `bad-weights` unless every weight is finite and at least 0, `shape-mismatch` unless there is one a row. */
export function requireWeights(weights: Float64Array | undefined, rows: number): void {
  if (weights === undefined) return;
  requireLength('weights', weights.length, rows);
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new CounterweightError(
        'bad-weights',
        `weights must be finite and at least 0, got ${weight} in row ${row}`,
        {
          row,
        },
      );
    }
  }
}

/** Throws `bad-labels` unless every code lies in 0 .. classes - 1. */
export function requireCodes(name: string, codes: Int32Array, classes: number): void {
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code < 0 || code >= classes) {
      throw new CounterweightError(
        'bad-labels',
        `${name} must hold codes from 0 to ${classes - 1}, got ${code} in row ${row}`,
        {
          row,
        },
      );
    }
  }
}

/** Throws `bad-scores` at the first score that is NaN or infinite. */
export function requireFinite(name: string, scores: Float64Array): void {
  for (let row = 0; row < scores.length; row++) {
    if (!Number.isFinite(scores[row]!)) {
      throw new CounterweightError('bad-scores', `${name} must be finite numbers, got ${scores[row]} in row ${row}`, {
        row,
      });
    }
  }
}

/** Throws `bad-scores` at the first score outside 0 .. 1. */
export function requireProbabilities(name: string, scores: Float64Array): void {
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!;
    if (!(score >= 0 && score <= 1)) {
      throw new CounterweightError(
        'bad-scores',
        `${name} must be probabilities from 0 to 1, got ${score} at entry ${index}`,
        {
          entry: index,
        },
      );
    }
  }
}

/** Throws `bad-option` unless `positive` is a class code. */
export function requireClass(positive: number, classes: number): void {
  if (!Number.isInteger(positive) || positive < 0 || positive >= classes) {
    throw new CounterweightError(
      'bad-option',
      `positive must be a class code from 0 to ${classes - 1}, got ${positive}`,
    );
  }
}

/** One column of a matrix as an array of its own. */
export function columnOf(values: Matrix, column: number): Float64Array {
  const { data, rows, columns } = values;
  const out = new Float64Array(rows);
  for (let row = 0, at = column; row < rows; row++, at += columns) out[row] = data[at]!;
  return out;
}
