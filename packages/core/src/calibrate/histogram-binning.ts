import { checkOptionNames } from '../data/check-option-names.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Calibration, Calibrator } from './calibrator.ts';
import { equalMassBins } from './equal-mass-bins.ts';
import { type BinaryMap, type BinaryRows, oneVersusRestCalibrator, oneVersusRestFromJSON } from './one-vs-rest.ts';
import { groupScores } from './score-groups.ts';
import { pieceOf, readStepMap, stepMap } from './step-function.ts';

export interface HistogramBinningOptions {
  /** Most bins, default 15. */
  readonly bins?: number;
  /** `quantile` (default): bins of equal weight. `uniform`: bins of equal width. */
  readonly strategy?: 'quantile' | 'uniform';
}

/**
 * Histogram binning (Zadrozny and Elkan, 2001): the share of label 1 among the calibration rows of the score's bin.
 *
 * Bins hold their lower end. `uniform` has the edges i / bins; a bin without rows keeps the raw probability. `quantile`
 * never parts equal scores, so it may make fewer bins. The result need not ascend. Throws `bad-option`.
 */
export function histogramBinningCalibrator(options: HistogramBinningOptions = {}): Calibrator {
  checkOptionNames('histogram binning', options, ['bins', 'strategy']);
  const { bins = 15, strategy = 'quantile' } = options;
  if (!Number.isSafeInteger(bins) || bins < 1 || bins > 1e6) {
    throw new CounterweightError('bad-option', `bins must be an integer from 1 to 1,000,000, got ${bins}`);
  }
  if (strategy !== 'quantile' && strategy !== 'uniform') {
    throw new CounterweightError('bad-option', `strategy must be "quantile" or "uniform", got ${String(strategy)}`);
  }
  const fit = (rows: BinaryRows) => ({
    map: strategy === 'quantile' ? quantileMap(rows, bins) : uniformMap(rows, bins),
    notices: [],
  });
  return oneVersusRestCalibrator({ name: 'histogram-binning', needsBothLabels: false, fit }, 'probabilities');
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function histogramBinningFromJSON(json: unknown): Calibration {
  return oneVersusRestFromJSON('histogram-binning', json, readStepMap);
}

function quantileMap({ scores, labels, weights }: BinaryRows, count: number): BinaryMap {
  const bins = equalMassBins(groupScores(scores, labels, weights), count);
  return stepMap({ edges: bins.edges, values: bins.weights.map((weight, i) => share(bins.positives[i]!, weight)) });
}

function uniformMap({ scores, labels, weights }: BinaryRows, count: number): BinaryMap {
  const edges = Float64Array.from({ length: count - 1 }, (_, i) => (i + 1) / count);
  const totals = new Float64Array(count);
  const positives = new Float64Array(count);
  for (let row = 0; row < scores.length; row++) {
    const bin = pieceOf(edges, scores[row]!);
    totals[bin] = totals[bin]! + weights[row]!;
    positives[bin] = positives[bin]! + labels[row]! * weights[row]!;
  }
  return stepMap({ edges, values: totals.map((total, i) => share(positives[i]!, total)) });
}

/** NaN, the mark of an empty bin, for 0 / 0. */
function share(positives: number, total: number): number {
  return Math.min(1, positives / total);
}
