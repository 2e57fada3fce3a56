import { CounterweightError } from '../runtime/errors.ts';
import { weightedQuantiles } from './weighted-quantile.ts';

/**
 * Whose rules the bins follow.
 *
 * `guo`: 15 equal widths, (a, b], rows of confidence 0 dropped, as in the code of Guo et al. (2017). `sklearn`: 5 equal
 * widths, (a, b] with 0 in the first, the edges of `calibration_curve`. `netcal`: 10 equal widths, [a, b) with 1 in the
 * last. `adaptive`: 10 bins of equal numbers of rows, edges at the quantiles, as `calibration_curve` with `quantile`.
 * `mapie`: what MAPIE 1.5 calls 50 bins, 49 equal widths (a, b] and one bin of the rows at exactly 0.
 */
export type CalibrationPreset = 'guo' | 'sklearn' | 'netcal' | 'adaptive' | 'mapie';

/** A preset (default `sklearn`), and parts that override it. */
export interface BinningOptions {
  readonly preset?: CalibrationPreset;
  readonly bins?: number;
  /** `uniform`: equal widths of 0 .. 1. `quantile`: edges at the quantiles of the probabilities. */
  readonly strategy?: 'uniform' | 'quantile';
  /** Which end of a bin belongs to it. */
  readonly closed?: 'left' | 'right';
  /**
   * `keep`: rows of probability 0 belong to the first bin. `drop`: they fall into no bin, but count as rows. `apart`: they
   * are one of the bins (by quantiles: the rows at the least probability), and the widths one fewer.
   */
  readonly zeros?: 'keep' | 'drop' | 'apart';
}

export interface Binning {
  readonly bins: number;
  readonly strategy: 'uniform' | 'quantile';
  readonly closed: 'left' | 'right';
  readonly zeros: 'keep' | 'drop' | 'apart';
}

const presets: Readonly<Record<CalibrationPreset, Binning>> = {
  guo: { bins: 15, strategy: 'uniform', closed: 'right', zeros: 'drop' },
  sklearn: { bins: 5, strategy: 'uniform', closed: 'right', zeros: 'keep' },
  netcal: { bins: 10, strategy: 'uniform', closed: 'left', zeros: 'keep' },
  adaptive: { bins: 10, strategy: 'quantile', closed: 'right', zeros: 'keep' },
  mapie: { bins: 50, strategy: 'uniform', closed: 'right', zeros: 'apart' },
};

/** The binning that the options ask for. Throws `bad-option`. */
export function settledBinning(options: BinningOptions): Binning {
  const preset = presets[options.preset ?? 'sklearn'];
  if (!preset) throw new CounterweightError('bad-option', `there is no calibration preset ${options.preset}`);
  const { bins = preset.bins, strategy = preset.strategy, closed = preset.closed, zeros = preset.zeros } = options;
  const fewest = zeros === 'apart' ? 2 : 1;
  if (!Number.isInteger(bins) || bins < fewest) {
    throw new CounterweightError('bad-option', `bins must be a whole number of at least ${fewest}, got ${bins}`);
  }
  return { bins, strategy, closed, zeros };
}

/** The inner edges, ascending. Uniform edges are i × (1 / bins), with numpy's rounding. */
export function binEdges(scores: Float64Array, weights: Float64Array | undefined, binning: Binning): Float64Array {
  const { bins, strategy, zeros } = binning;
  const shares = Float64Array.from({ length: bins - 1 }, (_, i) =>
    zeros === 'apart' ? i * (1 / (bins - 1)) : (i + 1) * (1 / bins),
  );
  return strategy === 'uniform' ? shares : weightedQuantiles(scores, weights, shares);
}

/** Which bin a score falls into: how many edges lie below it (closed right) or not above it (closed left). */
export function binOf(score: number, edges: Float64Array, closed: 'left' | 'right'): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const passed = closed === 'right' ? edges[middle]! < score : edges[middle]! <= score;
    if (passed) low = middle + 1;
    else high = middle;
  }
  return low;
}
