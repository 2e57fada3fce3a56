import { type BinningOptions, binEdges, binOf, settledBinning } from './calibration-bins.ts';
import { columnOf, requireLength, requireProbabilities, requireWeights } from './checks.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import { requireClassProbabilities } from './probability-losses.ts';
import type { ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** One bin that holds rows. */
export interface CalibrationBin {
  /** Mean probability. */
  readonly predicted: number;
  /** Share of positive (or right) rows. */
  readonly observed: number;
  /** Rows, or their weight. */
  readonly rows: number;
}

export interface CalibrationErrors {
  /** ECE: Σ n_b / n |observed - predicted|. */
  readonly expected: number;
  /** MCE: the largest gap of a bin. */
  readonly maximum: number;
  /** ACE: the plain mean of the gaps of the bins that hold rows. */
  readonly average: number;
  /** RMSCE: sqrt(Σ n_b / n gap²). */
  readonly rootMeanSquare: number;
  /**
   * Σ n_b / n (gap² - o_b (1 - o_b) / (n_b - 1)), o_b being the observed share: the mean square gap less what sampling
   * alone puts into it (Kumar, Liang and Ma, 2019). Near 0, also below, where calibrated. Bins of one row say nothing
   * and count 0.
   */
  readonly debiasedSquare: number;
  /** By ascending probability. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * Binned calibration errors of the probabilities of one class. Presets and their parts stand in `BinningOptions`.
 *
 * The expected error is biased upwards where bins hold few rows; beside it report `corpDecomposition` or
 * `integratedCalibration`, which have no bins. Undefined without rows. Throws `bad-scores`, `bad-option`, `bad-weights`,
 * `shape-mismatch`.
 */
export function calibrationError(rows: ScoredRows & BinningOptions & UndefinedOption): CalibrationErrors {
  const { scores, truth, weights, positive = 1 } = rows;
  requireLength('truth', truth.length, scores.length);
  requireProbabilities('scores', scores);
  requireWeights(weights, scores.length);
  return errorsOf(scores, (row) => truth[row] === positive, weights, rows);
}

/**
 * The same for the largest probability of each row, its confidence, and whether that class is the true one (Guo et al.,
 * 2017); the lowest code of equals.
 */
export function topLabelCalibrationError(rows: ClassScoredRows & BinningOptions & UndefinedOption): CalibrationErrors {
  requireClassProbabilities(rows);
  const { probabilities, truth, weights } = rows;
  const { data, columns } = probabilities;
  const confidence = new Float64Array(probabilities.rows);
  const right = new Uint8Array(probabilities.rows);
  for (let row = 0; row < probabilities.rows; row++) {
    let best = 0;
    for (let label = 1; label < columns; label++) {
      if (data[row * columns + label]! > data[row * columns + best]!) best = label;
    }
    confidence[row] = data[row * columns + best]!;
    right[row] = Number(truth[row] === best);
  }
  return errorsOf(confidence, (row) => right[row] === 1, weights, rows);
}

export interface ClassWiseCalibrationError {
  /** Plain mean over classes of their expected errors (Kull et al., 2019). */
  readonly expected: number;
  /** One a class: its column against whether it is true. */
  readonly classes: readonly CalibrationErrors[];
}

/** Binned errors of every column: a model can be right in its top label and wrong for a rare class. */
export function classWiseCalibrationError(
  rows: ClassScoredRows & BinningOptions & UndefinedOption,
): ClassWiseCalibrationError {
  requireClassProbabilities(rows);
  const { probabilities, truth, weights } = rows;
  const classes = Array.from({ length: probabilities.columns }, (_, label) =>
    errorsOf(columnOf(probabilities, label), (row) => truth[row] === label, weights, rows),
  );
  const expected = classes.reduce((sum, one) => sum + one.expected, 0) / classes.length;
  return Object.freeze({ expected: Number.isNaN(expected) ? undefinedValue(rows) : expected, classes });
}

function errorsOf(
  scores: Float64Array,
  isHit: (row: number) => boolean,
  weights: Float64Array | undefined,
  options: BinningOptions & UndefinedOption,
): CalibrationErrors {
  const binning = settledBinning(options);
  const edges = binEdges(scores, weights, binning);
  const size = edges.length + 1;
  const predicted = new Float64Array(size);
  const hits = new Float64Array(size);
  const totals = new Float64Array(size);
  let total = 0;
  for (let row = 0; row < scores.length; row++) {
    const weight = weights ? weights[row]! : 1;
    if (weight === 0 || (binning.zeros === 'drop' && scores[row] === 0)) {
      total += weight;
      continue;
    }
    const bin = binOf(scores[row]!, edges, binning.closed);
    predicted[bin] = predicted[bin]! + weight * scores[row]!;
    hits[bin] = hits[bin]! + (isHit(row) ? weight : 0);
    totals[bin] = totals[bin]! + weight;
    total += weight;
  }
  const bins: CalibrationBin[] = [];
  for (let bin = 0; bin < size; bin++) {
    const rows = totals[bin]!;
    if (rows > 0) bins.push({ predicted: predicted[bin]! / rows, observed: hits[bin]! / rows, rows });
  }
  return Object.freeze(summary(bins, total, options));
}

function summary(bins: readonly CalibrationBin[], total: number, options: UndefinedOption): CalibrationErrors {
  if (total === 0 || bins.length === 0) {
    const nothing = undefinedValue(options);
    const errors = { expected: nothing, maximum: nothing, average: nothing, rootMeanSquare: nothing };
    return { ...errors, debiasedSquare: nothing, bins };
  }
  let expected = 0;
  let maximum = 0;
  let average = 0;
  let squares = 0;
  let debiasedSquare = 0;
  for (const { predicted, observed, rows } of bins) {
    const gap = Math.abs(observed - predicted);
    expected += (rows / total) * gap;
    squares += (rows / total) * gap * gap;
    maximum = Math.max(maximum, gap);
    average += gap / bins.length;
    if (rows > 1) debiasedSquare += (rows / total) * (gap * gap - (observed * (1 - observed)) / (rows - 1));
  }
  return { expected, maximum, average, rootMeanSquare: Math.sqrt(squares), debiasedSquare, bins };
}
