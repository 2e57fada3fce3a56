import type { Labels } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';

export interface ScoredSample {
  readonly probabilities: Matrix;
  readonly labels: Labels;
}

/**
 * Rows of which the model knows the class only in part: with shares given, a class is drawn, its logit is raised by
 * `signal` and everything is blurred by noise. Every row is drawn alike, so any two samples are exchangeable.
 */
export function drawRows(rows: number, shares: readonly number[], stream: RandomStream, signal = 2): ScoredSample {
  const classes = shares.length;
  const data = new Float64Array(rows * classes);
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let left = stream.uniform();
    let code = 0;
    while (code < classes - 1 && (left -= shares[code]!) >= 0) code++;
    codes[row] = code;
    let total = 0;
    for (let label = 0; label < classes; label++) {
      const logit = Math.log(shares[label]!) + stream.normal() + (label === code ? signal : 0);
      data[row * classes + label] = Math.exp(logit);
      total += data[row * classes + label]!;
    }
    for (let label = 0; label < classes; label++) data[row * classes + label]! /= total;
  }
  return { probabilities: matrix(data, rows, classes), labels: { codes, classes: shares.map((_s, i) => `c${i}`) } };
}

export const sample = (rows: number, shares: readonly number[], seed: number, signal?: number) =>
  drawRows(rows, shares, randomStream(seed, 'rows'), signal);

/** Chosen rows, in the given order. */
export function pick(
  { probabilities: { data, columns }, labels }: ScoredSample,
  rows: readonly number[],
): ScoredSample {
  return {
    probabilities: matrix(
      Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
      rows.length,
      columns,
    ),
    labels: { codes: Int32Array.from(rows, (row) => labels.codes[row]!), classes: labels.classes },
  };
}

/** The same rows with class `c` in the place `to[c]`. */
export function renamed(
  { probabilities: { data, rows, columns }, labels }: ScoredSample,
  to: readonly number[],
): ScoredSample {
  const out = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let label = 0; label < columns; label++) out[row * columns + to[label]!] = data[row * columns + label]!;
  }
  return {
    probabilities: matrix(out, rows, columns),
    labels: { codes: labels.codes.map((code) => to[code]!), classes: labels.classes.map((_c, i) => `n${i}`) },
  };
}

/** The six rows of the published vectors. */
export const sixRows: ScoredSample = {
  probabilities: matrix(
    Float64Array.of(
      ...[0.5, 0.3, 0.15, 0.05],
      ...[0.25, 0.4, 0.3, 0.05],
      ...[0.1, 0.2, 0.3, 0.4],
      ...[0.6, 0.25, 0.1, 0.05],
      ...[0.3, 0.3, 0.2, 0.2],
      ...[0.05, 0.15, 0.35, 0.45],
    ),
    6,
    4,
  ),
  labels: { codes: Int32Array.of(0, 2, 3, 1, 0, 2), classes: [0, 1, 2, 3] },
};
