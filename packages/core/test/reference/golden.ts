import { expect } from 'vitest';
import { type Matrix, matrix } from '../../src/index.ts';

/** The twenty points that most golden values speak of. */
export const twenty = {
  scores: Float64Array.of(
    ...[0.05, 0.12, 0.12, 0.2, 0.25, 0.3, 0.33, 0.4, 0.4, 0.45, 0.5, 0.55, 0.6, 0.62, 0.7, 0.7, 0.75, 0.8, 0.9, 0.95],
  ),
  truth: Int32Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1),
};

/** Decisions at a half, and their confusion matrix. */
export const half = Int32Array.from(twenty.scores, (score) => Number(score >= 0.5));

/** Scores of class 1 beside their complements. */
export function twoColumns(scores: Float64Array): Matrix {
  return matrix(
    Float64Array.from({ length: 2 * scores.length }, (_, at) => (at % 2 ? scores[at >> 1]! : 1 - scores[at >> 1]!)),
    scores.length,
    2,
  );
}

/** Rows of equal length as a matrix. */
export function rowsOf(rows: readonly (readonly number[])[]): Matrix {
  return matrix(Float64Array.from(rows.flat()), rows.length, rows[0]!.length);
}

/**
 * Expects a number to be the printed one: as near as half a unit of its last digit, or, where all the digits of a float64
 * are printed, as near as 8 roundings.
 */
export function expectPrinted(value: number, printed: string): void {
  const [mantissa, exponent = '0'] = printed.split('e') as [string, string?];
  const digits = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  const tolerance = Math.max(0.5 * 10 ** -digits, 8 * Number.EPSILON * Math.max(1, Math.abs(Number(printed))));
  expect(Math.abs(value - Number(printed)), `${value} for ${printed}`).toBeLessThanOrEqual(tolerance);
}

/** The same for a list, printed with blanks between; `=` repeats the number before it. */
export function expectAllPrinted(values: ArrayLike<number>, printed: string): void {
  const texts = printed.trim().split(/\s+/);
  expect(values).toHaveLength(texts.length);
  let last = '';
  texts.forEach((text, i) => {
    last = text === '=' ? last : text;
    expectPrinted(values[i]!, last);
  });
}
