import { randomStream } from '../runtime/random.ts';
import { accelerationOf } from './bca-interval.ts';
import { binomialDraw } from './binomial.ts';
import {
  type BootstrapOptions,
  estimates,
  type MetricEstimate,
  otherValues,
  requireBootstrap,
} from './bootstrap-estimates.ts';
import type { Confusion } from './confusion.ts';
import { decisionMetrics } from './decision-metrics.ts';
import { type DecisionMetricName, decisionMetricNames } from './metric-info.ts';
import { redrawnSizes } from './redrawn-sizes.ts';

/**
 * Intervals (percentile, or BCa on request) of the metrics of decisions, from the confusion matrix alone.
 *
 * The stratified bootstrap of `bootstrapMetrics` draws each class anew with its own number of rows; for a confusion matrix
 * of counts that is one multinomial draw a class, so the work does not grow with the rows. Same law, other draws:
 * ends agree to the bootstrap's own noise. Throws `bad-option`.
 */
export function bootstrapDecisions<Other extends string = never>(
  options: BootstrapOptions<Other> & {
    /** Counts of rows, not weights. */
    readonly confusion: Confusion;
    /** As in `decisionMetrics`. */
    readonly positive: number | null;
  },
): Record<DecisionMetricName | Other, MetricEstimate> {
  requireBootstrap(options);
  const { confusion, positive, seed, replicates = 1000, others } = options;
  const valuesOf = (of: Confusion) => ({ ...decisionMetrics(of, positive), ...otherValues(of, others) });
  const names = [...decisionMetricNames, ...Object.keys(others ?? {})];
  const values = Object.fromEntries(names.map((name) => [name, new Float64Array(replicates)]));
  for (let r = 0; r < replicates; r++) {
    const drawn: Record<string, number> = valuesOf(redrawn(confusion, seed, r, options.shares === 'drawn'));
    for (const name of names) values[name]![r] = drawn[name]!;
  }
  const accelerations = options.interval === 'bca' ? accelerationsOf(confusion, names, valuesOf) : undefined;
  return estimates(valuesOf(confusion), values, options.level, accelerations);
}

/** The jackknife of `bootstrapMetrics` without its grouping: rows of one cell are alike, so one of them stands for all. */
function accelerationsOf(
  confusion: Confusion,
  names: readonly string[],
  valuesOf: (of: Confusion) => Record<string, number>,
): Record<string, number> {
  const { classes, counts } = confusion;
  const units: { without: Record<string, number>; label: number; times: number }[] = [];
  counts.forEach((times, cell) => {
    if (times === 0) return;
    const fewer = Float64Array.from(counts);
    fewer[cell] = times - 1;
    units.push({ without: valuesOf({ classes, counts: fewer }), label: Math.floor(cell / classes), times });
  });
  const times = units.map((unit) => unit.times);
  const accelerationOfName = (name: string) => {
    const sums = new Float64Array(classes);
    const rows = new Float64Array(classes);
    for (const { without, label, times: count } of units) {
      if (Number.isNaN(without[name]!)) continue;
      sums[label] = sums[label]! + count * without[name]!;
      rows[label] = rows[label]! + count;
    }
    const influences = units.map(({ without, label }) => {
      const gap = sums[label]! / rows[label]! - without[name]!;
      return Number.isNaN(gap) ? 0 : (gap * (rows[label]! - 1)) / rows[label]!;
    });
    return accelerationOf(influences, times);
  };
  return Object.fromEntries(names.map((name) => [name, accelerationOfName(name)]));
}

/** Each row of the matrix drawn anew: a multinomial as a chain of binomials. */
function redrawn({ classes, counts }: Confusion, seed: number, replicate: number, vary: boolean): Confusion {
  const stream = randomStream(seed, 'bootstrap-decisions', replicate);
  const sizes = vary && redrawnSizes(rowSums({ classes, counts }), randomStream(seed, 'bootstrap-shares', replicate));
  const drawn = new Float64Array(counts.length);
  for (let start = 0; start < counts.length; start += classes) {
    let rows = 0;
    for (let predicted = 0; predicted < classes; predicted++) rows += counts[start + predicted]!;
    let left = sizes ? sizes[start / classes]! : rows;
    for (let predicted = 0; predicted < classes && left > 0; predicted++) {
      const count = counts[start + predicted]!;
      const hits = predicted === classes - 1 ? left : binomialDraw(left, count / rows, stream);
      drawn[start + predicted] = hits;
      left -= hits;
      rows -= count;
    }
  }
  return { classes, counts: drawn };
}

function rowSums({ classes, counts }: Confusion): Float64Array {
  const sums = new Float64Array(classes);
  counts.forEach((count, cell) => {
    const label = Math.floor(cell / classes);
    sums[label] = sums[label]! + count;
  });
  return sums;
}
