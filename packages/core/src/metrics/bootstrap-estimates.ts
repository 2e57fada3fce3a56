import { CounterweightError } from '../runtime/errors.ts';
import { bcaInterval, sortedQuantile } from './bca-interval.ts';
import type { Confusion } from './confusion.ts';
import { isMetricName, metricInfo } from './metric-info.ts';

/** A metric on the rows as they are, with its interval; all NaN where it is undefined. */
export interface MetricEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A further metric of decisions, such as the expected cost. */
export type ConfusionMetric = (confusion: Confusion) => number;

export interface BootstrapOptions<Other extends string = never> {
  readonly seed: number;
  /** Default 1,000. */
  readonly replicates?: number | undefined;
  /** Default 0.95. */
  readonly level?: number | undefined;
  /**
   * `percentile` (default): quantiles of the replicates. `bca`: bias-corrected and accelerated, which suits skewed
   * metrics near an end of their range better, at the price of a jackknife.
   */
  readonly interval?: 'percentile' | 'bca' | undefined;
  /**
   * `kept` (default): each class with its own number of rows. `drawn`: the numbers of rows vary as in a plain sample, see
   * `redrawnSizes`; for rows whose class shares are themselves a sample's, or precision and losses seem surer than they are.
   */
  readonly shares?: 'kept' | 'drawn' | undefined;
  /** Further metrics by name, beside all that are known. */
  readonly others?: Readonly<Record<Other, ConfusionMetric>> | undefined;
}

/** Metric values by name. */
export type Values = Record<string, number>;
/** Further metrics by name. */
export type Others = Readonly<Record<string, ConfusionMetric>> | undefined;

/** Throws `bad-option` unless replicates, level and shares can be. */
export function requireBootstrap({ replicates = 1000, level = 0.95, shares = 'kept' }: BootstrapOptions<string>): void {
  if (!Number.isInteger(replicates) || replicates < 1) {
    throw new CounterweightError('bad-option', `replicates must be a positive integer, got ${replicates}`);
  }
  if (shares !== 'kept' && shares !== 'drawn') {
    throw new CounterweightError('bad-option', `shares must be kept or drawn, got ${String(shares)}`);
  }
  if (!(level > 0 && level < 1)) {
    throw new CounterweightError('bad-option', `level must lie between 0 and 1, got ${level}`);
  }
}

/** The further metrics of one confusion matrix. */
export function otherValues(confusion: Confusion, others: Others): Values {
  return Object.fromEntries(Object.entries(others ?? {}).map(([name, metric]) => [name, metric(confusion)]));
}

/** Lets other work of the same thread have its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Intervals around the values from one list of replicates a metric; undefined replicates are left out. With
 * accelerations of a jackknife they are BCa, else percentile intervals.
 */
export function estimates<Name extends string>(
  points: Values,
  replicates: Readonly<Record<string, Float64Array>>,
  level = 0.95,
  accelerations?: Readonly<Record<string, number>>,
): Record<Name, MetricEstimate> {
  const entries = Object.entries(points).map(([name, value]) => {
    if (Number.isNaN(value)) return [name, { value, low: Number.NaN, high: Number.NaN }];
    const kept = replicates[name]!.filter((entry) => !Number.isNaN(entry)).sort();
    const sorted = isMetricName(name) && metricInfo(name).raisedByNoise ? centredOn(kept, value) : kept;
    if (accelerations) {
      const ends = bcaInterval({ value, replicates: sorted, acceleration: accelerations[name] ?? 0, level });
      return [name, { value, ...ends }];
    }
    const low = sortedQuantile(sorted, (1 - level) / 2);
    return [name, { value, low, high: sortedQuantile(sorted, (1 + level) / 2) }];
  });
  return Object.fromEntries(entries) as Record<Name, MetricEstimate>;
}

/** Moved until the mean is the value. */
function centredOn(replicates: Float64Array, value: number): Float64Array {
  const mean = replicates.reduce((sum, entry) => sum + entry, 0) / replicates.length;
  return replicates.map((entry) => entry - mean + value);
}
