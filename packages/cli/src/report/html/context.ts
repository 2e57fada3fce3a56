import type { ClassLabel } from '@counterweight/core';
import type { RunReport, StrategyReport } from '../run-report.ts';

/** What several sections need to know of a report, looked up once. */
export interface ReportContext {
  readonly report: RunReport;
  /** Two classes, with one that scores speak of. */
  readonly binary: boolean;
  /** Doing nothing. */
  readonly baseline: StrategyReport;
  readonly chosen: StrategyReport;
  /** Best first by the chosen metric; undefined metrics last. */
  readonly ranked: readonly StrategyReport[];
  /** Binary only: counts on the held-out rows at the operating point. */
  readonly counts: Counts | null;
}

export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export function reportContext(report: RunReport): ReportContext {
  const { metric, strategies, choice } = report;
  const baseline = strategies[0];
  if (!baseline) throw new RangeError('a report has at least one strategy');
  const sign = metric.greaterIsBetter ? -1 : 1;
  const key = (strategy: StrategyReport) => {
    const value = strategy.validation[metric.name]?.value;
    return value === null || value === undefined ? Number.POSITIVE_INFINITY : sign * value;
  };
  const order = strategies.map((strategy, i) => ({ strategy, i, key: key(strategy) }));
  order.sort((a, b) => (a.key === b.key ? a.i - b.i : a.key - b.key));
  const binary = report.data.positive !== null && report.heldOut.classes.length === 2;
  return Object.freeze({
    report,
    binary,
    baseline,
    chosen: strategies.find(({ id }) => id === choice.chosen) ?? baseline,
    ranked: order.map(({ strategy }) => strategy),
    counts: binary ? binaryCounts(report) : null,
  });
}

function binaryCounts({ heldOut, data }: RunReport): Counts {
  const positive = sameLabel(heldOut.classes[0], data.positive) ? 0 : 1;
  const at = (truth: number, predicted: number) => heldOut.confusion[truth]?.[predicted] ?? 0;
  return {
    tp: at(positive, positive),
    fp: at(1 - positive, positive),
    fn: at(positive, 1 - positive),
    tn: at(1 - positive, 1 - positive),
  };
}

const sameLabel = (a: ClassLabel | null | undefined, b: ClassLabel | null | undefined) => String(a) === String(b);

/** Metrics of counts; null where a denominator is zero. The formulas behind the threshold picture, the table and the slider. */
export const COUNT_METRICS: Readonly<Record<string, (counts: Counts) => number | null>> = {
  precision: ({ tp, fp }) => quotient(tp, tp + fp),
  recall: ({ tp, fn }) => quotient(tp, tp + fn),
  f1: ({ tp, fp, fn }) => quotient(2 * tp, 2 * tp + fp + fn),
  f2: ({ tp, fp, fn }) => quotient(5 * tp, 5 * tp + fp + 4 * fn),
  specificity: ({ tn, fp }) => quotient(tn, tn + fp),
  accuracy: ({ tp, fp, fn, tn }) => quotient(tp + tn, tp + fp + fn + tn),
  balancedAccuracy: ({ tp, fp, fn, tn }) => both(quotient(tp, tp + fn), quotient(tn, tn + fp), (a, b) => (a + b) / 2),
  geometricMean: ({ tp, fp, fn, tn }) => both(quotient(tp, tp + fn), quotient(tn, tn + fp), (a, b) => Math.sqrt(a * b)),
  matthewsCorrcoef: ({ tp, fp, fn, tn }) =>
    quotient(tp * tn - fp * fn, Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
};

function quotient(a: number, b: number): number | null {
  return b === 0 ? null : a / b;
}

function both(a: number | null, b: number | null, combine: (a: number, b: number) => number): number | null {
  return a === null || b === null ? null : combine(a, b);
}

/** Cost of each outcome in a binary task with costs. */
export interface OutcomeCosts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export function outcomeCosts({ costs, data }: RunReport): OutcomeCosts | null {
  if (costs?.classes.length !== 2 || data.positive === null) return null;
  const positive = sameLabel(costs.classes[0], data.positive) ? 0 : 1;
  const at = (predicted: number, truth: number) => costs.matrix[predicted]?.[truth] ?? 0;
  return {
    tp: at(positive, positive),
    fp: at(positive, 1 - positive),
    fn: at(1 - positive, positive),
    tn: at(1 - positive, 1 - positive),
  };
}

export const totalCost = (costs: OutcomeCosts, { tp, fp, fn, tn }: Counts): number =>
  costs.tp * tp + costs.fp * fp + costs.fn * fn + costs.tn * tn;
