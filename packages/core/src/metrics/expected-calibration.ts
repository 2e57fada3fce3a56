import { binEdges, binOf, settledBinning } from './calibration-bins.ts';
import { calibrationError, classWiseCalibrationError } from './calibration-error.ts';
import { columnOf } from './checks.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import type { UndefinedOption } from './undefined-value.ts';

type Rows = ClassScoredRows & { readonly positive: number | null };

/** Equal numbers of rows a bin: with equal widths nearly all rows of a rare class's table share one. */
const binning = settledBinning({ preset: 'adaptive' });

/**
 * The expected calibration error of the metric sets: ten bins of equal numbers of rows, of the probabilities of one class;
 * with `positive` null the mean over the columns of all classes. It is biased upwards, the more the fewer rows there are.
 * Throws as `calibrationError`.
 */
export function expectedCalibrationError(rows: Rows & UndefinedOption): number {
  const { probabilities, truth, weights, positive, undefinedAs } = rows;
  const options = { preset: 'adaptive', undefinedAs } as const;
  if (positive === null) return classWiseCalibrationError({ probabilities, truth, weights, ...options }).expected;
  return calibrationError({ scores: columnOf(probabilities, positive), truth, weights, positive, ...options }).expected;
}

/** The same from how often each row occurs, in the bins that the rows make when each occurs once. */
export function expectedCalibrationOverTimes({ probabilities, truth, positive }: Rows): (times: Int32Array) => number {
  const labels = positive === null ? Array.from({ length: probabilities.columns }, (_, label) => label) : [positive];
  const columns = labels.map((label) => {
    const scores = columnOf(probabilities, label);
    const edges = binEdges(scores, undefined, binning);
    return {
      bins: Uint8Array.from(scores, (score) => binOf(score, edges, binning.closed)),
      residuals: scores.map((score, row) => (truth[row] === label ? 1 : 0) - score),
    };
  });
  const sums = new Float64Array(binning.bins);
  return (times) => {
    let drawn = 0;
    for (let row = 0; row < times.length; row++) drawn += times[row]!;
    let total = 0;
    for (const { bins, residuals } of columns) {
      sums.fill(0);
      for (let row = 0; row < bins.length; row++) {
        const bin = bins[row]!;
        sums[bin] = sums[bin]! + times[row]! * residuals[row]!;
      }
      for (let bin = 0; bin < sums.length; bin++) total += Math.abs(sums[bin]!);
    }
    return total / columns.length / drawn;
  };
}
