import type { Classes } from '../data/labels.ts';
import { type CostMatrix, expectedCost, minimumCostDecisions } from '../decide/index.ts';
import {
  bestClassWeights,
  binaryCounts,
  bootstrapDecisions,
  type Confusion,
  type ConfusionMetric,
  classGeometricMean,
  classReport,
  confusionMatrix,
  type DecisionMetricName,
  decisionMetric,
  decisionMetricNames,
  fBeta,
  macroAbsoluteError,
  weightedDecisions,
  weightedKappa,
  wilsonInterval,
} from '../metrics/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { ClassRows } from './evaluate-class-bootstrap.ts';
import type { ClassDecisionEvaluation } from './evaluate-class-result.ts';
import { finite } from './evaluate-statistics.ts';
import type { Estimate } from './result.ts';

export interface ClassDecisionOptions {
  readonly classes: Classes;
  readonly costs: CostMatrix | null;
  /** What class weights are tuned for. */
  readonly metric: string;
  readonly counted: boolean;
  readonly seed: number;
  readonly replicates: number;
  readonly level: number;
}

/** Tuning sweeps all rows once a class and pass; beyond so many probabilities it is left out. */
export const mostTunedCells = 5_000_000;

const oneSided = new Set(['precision', 'recall', 'specificity']);

/** Metrics that class weights can be tuned for. */
const tunable = decisionMetricNames.filter((name) => !oneSided.has(name));

/** Throws `unknown-metric`, `bad-costs`. */
export function requireTunable(metric: string, costs: CostMatrix | null): void {
  if (metric === 'expectedCost' && costs) return;
  if (metric === 'expectedCost')
    throw new CounterweightError('bad-costs', 'the metric expectedCost needs a cost matrix');
  if (!tunable.includes(metric as DecisionMetricName)) {
    throw new CounterweightError(
      'unknown-metric',
      `class weights cannot be tuned for "${metric}"; there are ${tunable.join(', ')}, expectedCost`,
    );
  }
}

/** The class of largest probability, that of tuned class weights, and with costs that of least expected cost. */
export function evaluateClassDecisions(rows: ClassRows, options: ClassDecisionOptions): ClassDecisionEvaluation[] {
  const { probabilities } = rows;
  const { costs } = options;
  const found = [describe('most-probable', weightedDecisions(probabilities), null, rows, options)];
  if (costs) found.push(describe('cost', minimumCostDecisions(probabilities, costs), null, rows, options));
  if (probabilities.data.length <= mostTunedCells) {
    const weights = tunedWeights(rows, options);
    found.push(describe('tuned', weightedDecisions(probabilities, weights), [...weights], rows, options));
  }
  return found;
}

function tunedWeights({ probabilities, truth, weights }: ClassRows, { metric, costs }: ClassDecisionOptions) {
  const macro =
    metric === 'f1' || metric === 'f2'
      ? (counts: Parameters<typeof fBeta>[0]) => fBeta(counts, metric === 'f1' ? 1 : 2)
      : undefined;
  return bestClassWeights({
    probabilities,
    truth,
    weights,
    objective: (confusion) =>
      metric === 'expectedCost' && costs
        ? -expectedCost(confusion, costs)
        : decisionMetric(metric as DecisionMetricName, confusion, null),
    macro,
  }).weights;
}

function describe(
  name: ClassDecisionEvaluation['name'],
  decisions: Int32Array,
  classWeights: readonly number[] | null,
  { probabilities, truth, weights }: ClassRows,
  options: ClassDecisionOptions,
): ClassDecisionEvaluation {
  const { classes, counted, seed, replicates, level } = options;
  const size = probabilities.columns;
  const confusion = confusionMatrix(truth, decisions, size, weights);
  const others = { ...overallMetrics(options), ...classMetrics(classes) };
  const estimates: Readonly<Record<string, Estimate>> = counted
    ? nulled(bootstrapDecisions({ confusion, positive: null, shares: 'drawn', seed, replicates, level, others }))
    : valuesOnly(confusion, others);
  const share = (hits: number, of: number): Estimate =>
    counted ? { value: finite(hits / of), ...nullEnds(wilsonInterval(hits, of, level)) } : only(hits / of);
  const overall = [...decisionMetricNames, ...Object.keys(overallMetrics(options))];
  const correct = classes.reduce<number>((sum, _, label) => sum + confusion.counts[label * size + label]!, 0);
  const total = confusion.counts.reduce((sum, count) => sum + count, 0);
  return {
    name,
    classWeights,
    confusion: classes.map((_, row) => [...confusion.counts.subarray(row * size, (row + 1) * size)]),
    metrics: {
      ...Object.fromEntries(overall.map((key) => [key, estimates[key]!])),
      accuracy: share(correct, total),
    },
    classes: classes.map((label, code) => {
      const { tp, fp, fn, tn } = binaryCounts(confusion, code);
      return {
        class: label,
        support: tp + fn,
        predicted: tp + fp,
        precision: share(tp, tp + fp),
        recall: share(tp, tp + fn),
        specificity: share(tn, tn + fp),
        f1: estimates[`${code}.f1`]!,
        geometricMean: estimates[`${code}.geometricMean`]!,
      };
    }),
  };
}

function overallMetrics({ classes, costs }: ClassDecisionOptions): Record<string, ConfusionMetric> {
  const ordered = classes.every((label) => typeof label === 'number');
  return {
    weightedF1: (confusion) => classReport(confusion).weighted.fBeta,
    microF1: (confusion) => classReport(confusion).micro.fBeta,
    ...(ordered
      ? {
          linearKappa: (confusion: Confusion) => weightedKappa(confusion, 'linear'),
          quadraticKappa: (confusion: Confusion) => weightedKappa(confusion, 'quadratic'),
          macroAbsoluteError: (confusion: Confusion) => macroAbsoluteError(confusion),
        }
      : {}),
    ...(costs ? { expectedCost: (confusion: Confusion) => expectedCost(confusion, costs) } : {}),
  };
}

function classMetrics(classes: Classes): Record<string, ConfusionMetric> {
  return Object.fromEntries(
    classes.flatMap((_, code): [string, ConfusionMetric][] => [
      [`${code}.f1`, (confusion) => fBeta(binaryCounts(confusion, code), 1)],
      [`${code}.geometricMean`, (confusion) => classGeometricMean(binaryCounts(confusion, code))],
    ]),
  );
}

function valuesOnly(confusion: Confusion, others: Readonly<Record<string, ConfusionMetric>>) {
  return Object.fromEntries([
    ...decisionMetricNames.map((name) => [name, only(decisionMetric(name, confusion, null))] as const),
    ...Object.entries(others).map(([name, metric]) => [name, only(metric(confusion))] as const),
  ]);
}

const only = (value: number): Estimate => ({ value: finite(value), low: null, high: null });
const nullEnds = ({ low, high }: { low: number; high: number }) => ({ low: finite(low), high: finite(high) });

function nulled(
  estimates: Readonly<Record<string, { value: number; low: number; high: number }>>,
): Record<string, Estimate> {
  return Object.fromEntries(
    Object.entries(estimates).map(([name, one]) => [name, { value: finite(one.value), ...nullEnds(one) }]),
  );
}
