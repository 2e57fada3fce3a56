import * as Plot from '@observablehq/plot';
import { decimalsFor, differenceDecimals, pageFormat } from '../../format.ts';
import type { MetricChoice, StrategyReport } from '../../run-report.ts';
import { ACCENT, axisName, extent, INK, MARGIN_NAME, MUTED, nameMargin, PAPER, type Width } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

export interface ComparisonInput {
  /** In the order in which they are drawn, best first. */
  readonly strategies: readonly StrategyReport[];
  readonly metric: MetricChoice;
  readonly chosen: string;
  readonly baseline: StrategyReport;
  readonly width: Width;
}

/** Validation metric of each strategy: mean with interval, one small dot a fold, doing nothing as a dashed line. */
export function validationChart({ strategies, metric, chosen, baseline, width }: ComparisonInput) {
  const rows = strategies.map((strategy) => ({ id: strategy.id, ...estimateOf(strategy, metric.name) }));
  const folds = strategies.flatMap(({ id, foldScores }) =>
    foldScores.filter((score) => score !== null).map((score) => ({ id, score })),
  );
  const decimals = decimalsFor(rows.map(({ value }) => value));
  const reference = estimateOf(baseline, metric.name).value;
  const domain = extent([
    ...rows.flatMap(({ value, low, high }) => [value, low, high]),
    ...folds.map(({ score }) => score),
  ]);
  const better = metric.greaterIsBetter ? 'higher is better →' : '← lower is better';

  return chartSvg({
    id: `validation-${width}`,
    className: width,
    title: `${metric.label} of each strategy in cross-validation`,
    description: rows
      .map(
        ({ id, value, low, high }) =>
          `${id}: ${pageFormat.number(value, decimals)} ${pageFormat.interval({ value, low, high }, decimals)}`,
      )
      .join('; '),
    plot: {
      ...frame(strategies, width, 560, true),
      x: {
        domain,
        label: `${metric.label} (${better})`,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        grid: true,
      },
      marks: [
        ...(reference === null ? [] : [Plot.ruleX([reference], { stroke: MUTED, strokeDasharray: '4,3' })]),
        Plot.dot(folds, { x: 'score', y: 'id', r: 1.7, dy: 9, fill: MUTED, fillOpacity: 0.6 }),
        ...intervalMarks(rows, chosen, () => true),
        ...nameMarks(rows, chosen, width),
        Plot.text(rows, {
          y: 'id',
          text: (row) => pageFormat.number(row.value, decimals),
          frameAnchor: 'right',
          textAnchor: 'end',
          dx: 58,
          fill: INK,
        }),
      ],
    },
  });
}

/** Difference of each strategy to doing nothing, paired by fold; to the right is better. */
export function differenceChart({ strategies, metric, chosen, width }: ComparisonInput) {
  const rows = strategies.map(({ id, difference }) => ({
    id,
    value: difference?.value ?? null,
    low: difference?.low ?? null,
    high: difference?.high ?? null,
    reference: difference === null,
  }));
  const decimals = differenceDecimals(
    strategies.map((strategy) => estimateOf(strategy, metric.name).value),
    rows.map(({ value }) => value),
  );
  return chartSvg({
    id: `difference-${width}`,
    className: width,
    title: `Difference of each strategy to doing nothing, ${metric.label}`,
    description: rows
      .filter(({ reference }) => !reference)
      .map((row) => `${row.id}: ${pageFormat.signed(row.value, decimals)} ${pageFormat.interval(row, decimals)}`)
      .join('; '),
    plot: {
      ...frame(strategies, width, 400, false),
      x: {
        domain: extent([0, ...rows.flatMap(({ value, low, high }) => [value, low, high])], 0.08),
        label: 'difference (better →)',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: width === 'narrow' ? 3 : 4,
        grid: true,
        tickFormat: (value: number) => pageFormat.signed(value, tickDecimals(rows)),
      },
      marks: [
        Plot.ruleX([0], { stroke: MUTED, strokeDasharray: '4,3' }),
        ...intervalMarks(rows, chosen, ({ low, high }) => (low ?? 0) > 0 || (high ?? 0) < 0),
        ...(width === 'narrow' ? nameMarks(rows, chosen, width) : []),
        Plot.text(rows, {
          y: 'id',
          text: (row) => (row.reference ? 'reference' : pageFormat.signed(row.value, decimals)),
          frameAnchor: 'right',
          textAnchor: 'end',
          dx: 66,
          fill: (row) => (row.reference ? MUTED : INK),
        }),
      ],
    },
  });
}

interface Row {
  readonly id: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

function estimateOf(strategy: StrategyReport, metric: string) {
  return strategy.validation[metric] ?? { value: null, low: null, high: null };
}

function tickDecimals(rows: readonly Row[]): number {
  const [low, high] = extent([0, ...rows.flatMap((row) => [row.value, row.low, row.high])]);
  return Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(high - low))));
}

function frame(strategies: readonly StrategyReport[], width: Width, wide: number, names: boolean): Plot.PlotOptions {
  const narrow = width === 'narrow';
  return {
    width: narrow ? 340 : wide,
    height: strategies.length * (narrow ? 40 : 30) + 58,
    marginTop: narrow ? 10 : 4,
    marginLeft: narrow ? 6 : names ? nameMargin(strategies.map(({ id }) => id)) : 12,
    marginRight: 70,
    marginBottom: 42,
    y: { domain: strategies.map(({ id }) => id), axis: null, padding: 0 },
  };
}

/** Intervals as lines, values as dots; the chosen one in colour and larger, so that it does not hang on colour alone. */
function intervalMarks(rows: readonly Row[], chosen: string, strong: (row: Row) => boolean): Plot.Markish[] {
  const colour = (row: Row) => (row.id === chosen ? ACCENT : strong(row) ? INK : MUTED);
  const drawn = rows.filter(({ value }) => value !== null);
  const ranged = drawn.filter(({ low, high }) => low !== null && high !== null);
  return [
    Plot.ruleY(ranged, { x1: 'low', x2: 'high', y: 'id', stroke: colour, strokeWidth: 2 }),
    Plot.tickX(ranged, { x: 'low', y: 'id', stroke: colour, insetTop: 11, insetBottom: 11, strokeWidth: 1.5 }),
    Plot.tickX(ranged, { x: 'high', y: 'id', stroke: colour, insetTop: 11, insetBottom: 11, strokeWidth: 1.5 }),
    ...[true, false].map((picked) =>
      Plot.dot(
        drawn.filter(({ id }) => (id === chosen) === picked),
        { x: 'value', y: 'id', r: picked ? 7 : 5, fill: colour, stroke: PAPER, strokeWidth: 1.5 },
      ),
    ),
  ];
}

function nameMarks(rows: readonly Row[], chosen: string, width: Width): Plot.Markish[] {
  const narrow = width === 'narrow';
  const max = narrow ? 34 : MARGIN_NAME;
  const margin = nameMargin(rows.map(({ id }) => id));
  const name = (bold: boolean) =>
    Plot.text(
      rows.filter(({ id }) => (id === chosen) === bold),
      {
        y: 'id',
        text: (row) => axisName(row.id, max) + (bold ? ' ●' : ''),
        title: (row) => (axisName(row.id, max) === row.id ? undefined : axisName(row.id, 300)),
        frameAnchor: 'left',
        textAnchor: 'start',
        dx: narrow ? 0 : 4 - margin,
        dy: narrow ? -15 : 0,
        fill: bold ? ACCENT : INK,
        fontWeight: bold ? 'bold' : 'normal',
      },
    );
  return [name(false), name(true)];
}
