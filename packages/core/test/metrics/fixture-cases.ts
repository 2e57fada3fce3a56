import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import type { MetricName } from '../../src/metrics/index.ts';

interface RawCase {
  classes: number;
  truth: number[];
  probabilities: number[];
  decisions: number[];
  weights: number[] | null;
  expected: Record<MetricName, number | null>;
  curves: Record<'fpr' | 'tpr' | 'rocThresholds' | 'precision' | 'recall' | 'thresholds', number[]> | null;
}

interface Fixture {
  cases: RawCase[];
  distributions: Record<'normalQuantile' | 'normalCdf' | 'studentQuantile' | 'studentCdf', number[][]>;
  wilson: number[][];
}

/** Values of scikit-learn, imbalanced-learn and scipy; fixtures/metrics.py made them. */
export const fixture = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/metrics.json', import.meta.url)), 'utf8'),
) as Fixture;

export const cases = fixture.cases.map((raw) => ({
  classes: raw.classes,
  truth: Int32Array.from(raw.truth),
  probabilities: matrix(Float64Array.from(raw.probabilities), raw.truth.length, raw.classes),
  decisions: Int32Array.from(raw.decisions),
  ...(raw.weights ? { weights: Float64Array.from(raw.weights) } : {}),
  positive: raw.classes === 2 ? 1 : null,
  expected: raw.expected,
  curves: raw.curves,
}));

/** The twenty points of the calibration reference, section 8. */
export const twenty = {
  scores: Float64Array.of(
    ...[0.05, 0.12, 0.12, 0.2, 0.25, 0.3, 0.33, 0.4, 0.4, 0.45, 0.5, 0.55, 0.6, 0.62, 0.7, 0.7, 0.75, 0.8, 0.9, 0.95],
  ),
  truth: Int32Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1),
};

/** Scores of the class 1 as two columns. */
export function twoColumns(scores: Float64Array): Matrix {
  const data = new Float64Array(2 * scores.length);
  scores.forEach((score, row) => {
    data[2 * row] = 1 - score;
    data[2 * row + 1] = score;
  });
  return matrix(data, scores.length, 2);
}
