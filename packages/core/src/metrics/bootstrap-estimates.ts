import { CounterweightError } from '../runtime/errors.ts';
import type { Confusion } from './confusion.ts';

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
  /** Further metrics by name, beside all that are known. */
  readonly others?: Readonly<Record<Other, ConfusionMetric>> | undefined;
}

/** Metric values by name. */
export type Values = Record<string, number>;
/** Further metrics by name. */
export type Others = Readonly<Record<string, ConfusionMetric>> | undefined;

/** Throws `bad-option` unless replicates and level can be. */
export function requireBootstrap({ replicates = 1000, level = 0.95 }: BootstrapOptions<string>): void {
  if (!Number.isInteger(replicates) || replicates < 1) {
    throw new CounterweightError('bad-option', `replicates must be a positive integer, got ${replicates}`);
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

/** Percentile intervals around the values from one list of replicates a metric; undefined replicates are left out. */
export function estimates<Name extends string>(
  points: Values,
  replicates: Readonly<Record<string, Float64Array>>,
  level = 0.95,
): Record<Name, MetricEstimate> {
  const entries = Object.entries(points).map(([name, value]) => {
    if (Number.isNaN(value)) return [name, { value, low: Number.NaN, high: Number.NaN }];
    const sorted = replicates[name]!.filter((entry) => !Number.isNaN(entry)).sort();
    return [name, { value, low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) }];
  });
  return Object.fromEntries(entries) as Record<Name, MetricEstimate>;
}

/** Linear between order statistics (type 7 of Hyndman and Fan); NaN of nothing. */
function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}
