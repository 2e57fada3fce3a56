import { CounterweightError } from '../runtime/errors.ts';
import { requireLength, requireWeights } from './checks.ts';
import { type ClassReportLine, reportLine } from './class-report.ts';
import { averageScores, type ClassScores, meanScores, type ReportOptions, scoresOfCounts } from './class-scores.ts';
import type { BinaryCounts } from './confusion.ts';
import { ratio } from './undefined-value.ts';

/** Rows that may have any number of labels: rows × labels, row-major, 1 where the row has the label, else 0. */
export interface MultiLabelRows {
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  readonly labels: number;
  readonly weights?: Float64Array | undefined;
}

export interface MultiLabelReport {
  readonly labels: readonly ClassReportLine[];
  readonly micro: ClassScores;
  readonly macro: ClassScores;
  readonly weighted: ClassScores;
  /** The mean over rows of the scores of each row's set of labels. */
  readonly samples: ClassScores;
  /** Share of the rows whose whole set is right. */
  readonly subsetAccuracy: number;
  /** Share of the row-label cells that are wrong. */
  readonly hammingLoss: number;
}

/**
 * Scores of each label, with micro, macro, weighted and samples averages. A row that has no label and gets none has no
 * precision and no recall, and is left out of the samples average unless `undefinedAs` is given; a row that has labels
 * and gets none has the precision 0.
 *
 * Throws `shape-mismatch`, `bad-labels` for cells other than 0 and 1, `bad-weights`, `bad-option`.
 */
export function multiLabelReport(rows: MultiLabelRows & ReportOptions): MultiLabelReport {
  const counts = multiLabelCounts(rows);
  const { samples, exact, wrong, total } = sampleAverages(rows);
  return Object.freeze({
    labels: counts.map((one, label) => reportLine(label, one, rows)),
    micro: averageScores(counts, 'micro', rows),
    macro: averageScores(counts, 'macro', rows),
    weighted: averageScores(counts, 'weighted', rows),
    samples,
    subsetAccuracy: ratio(exact, total, rows),
    hammingLoss: ratio(wrong, total * rows.labels, rows),
  });
}

/** The four counts of each label. Throws as `multiLabelReport`. */
export function multiLabelCounts(rows: MultiLabelRows): BinaryCounts[] {
  const { truth, predicted, labels, weights } = rows;
  const size = requireMultiLabel(rows);
  const counts = Array.from({ length: labels }, () => ({ tp: 0, fp: 0, fn: 0, tn: 0 }));
  for (let row = 0; row < size; row++) {
    const weight = weights ? weights[row]! : 1;
    for (let label = 0; label < labels; label++) {
      const at = row * labels + label;
      const cell = truth[at] === 1 ? (predicted[at] === 1 ? 'tp' : 'fn') : predicted[at] === 1 ? 'fp' : 'tn';
      counts[label]![cell] += weight;
    }
  }
  return counts;
}

function sampleAverages(rows: MultiLabelRows & ReportOptions) {
  const { truth, predicted, labels, weights } = rows;
  const size = truth.length / labels;
  const scores: ClassScores[] = [];
  const weightOfRow = new Float64Array(size);
  let exact = 0;
  let wrong = 0;
  let total = 0;
  for (let row = 0; row < size; row++) {
    const weight = weights ? weights[row]! : 1;
    const counts = countsOfRow(truth, predicted, row * labels, labels);
    scores.push(averageScores([counts], 'macro', rows));
    weightOfRow[row] = weight;
    exact += counts.fp + counts.fn === 0 ? weight : 0;
    wrong += weight * (counts.fp + counts.fn);
    total += weight;
  }
  const samples =
    size === 0 ? scoresOfCounts({ tp: 0, fp: 0, fn: 0, tn: 0 }, rows) : meanScores(scores, weightOfRow, rows);
  return { samples, exact, wrong, total };
}

function countsOfRow(truth: ArrayLike<number>, predicted: ArrayLike<number>, start: number, labels: number) {
  let tp = 0;
  let fp = 0;
  let fn = 0;
  for (let at = start; at < start + labels; at++) {
    tp += truth[at]! & predicted[at]!;
    fp += predicted[at]! & ~truth[at]!;
    fn += truth[at]! & ~predicted[at]!;
  }
  return { tp, fp, fn, tn: labels - tp - fp - fn };
}

function requireMultiLabel({ truth, predicted, labels, weights }: MultiLabelRows): number {
  if (!Number.isInteger(labels) || labels < 1 || truth.length % labels !== 0) {
    throw new CounterweightError('bad-option', `labels must be the columns of rows × labels cells, got ${labels}`);
  }
  requireLength('predicted', predicted.length, truth.length);
  for (const [name, cells] of [['truth', truth] as const, ['predicted', predicted] as const]) {
    for (let at = 0; at < cells.length; at++) {
      if (cells[at] === 0 || cells[at] === 1) continue;
      throw new CounterweightError('bad-labels', `${name} must hold 0 and 1, got ${cells[at]} at entry ${at}`);
    }
  }
  requireWeights(weights, truth.length / labels);
  return truth.length / labels;
}
