import { randomStream } from '../runtime/random.ts';
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

/**
 * Percentile intervals of the metrics of decisions, from the confusion matrix alone.
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
    const drawn: Record<string, number> = valuesOf(redrawn(confusion, seed, r));
    for (const name of names) values[name]![r] = drawn[name]!;
  }
  return estimates(valuesOf(confusion), values, options.level);
}

/** Each row of the matrix drawn anew: a multinomial as a chain of binomials. */
function redrawn({ classes, counts }: Confusion, seed: number, replicate: number): Confusion {
  const stream = randomStream(seed, 'bootstrap-decisions', replicate);
  const drawn = new Float64Array(counts.length);
  for (let start = 0; start < counts.length; start += classes) {
    let rows = 0;
    for (let predicted = 0; predicted < classes; predicted++) rows += counts[start + predicted]!;
    let left = rows;
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
