import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import {
  ACCENT,
  axisName,
  CONTRAST,
  INK,
  MARGIN_NAME,
  MUTED,
  nameMargin,
  PAPER,
  type Width,
} from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { ClassEvaluation, ExpectedRange } from './document.ts';

export interface CoverageRow extends ClassEvaluation {
  /** Where coverage of the class is to be expected in the long run; null where nothing is promised. */
  readonly expected: ExpectedRange | null;
}

/** Coverage of each class with its interval against the level that was asked, shown by a dashed line. */
export function coverageChart(rows: readonly CoverageRow[], asked: number, width: Width, id: string) {
  const narrow = width === 'narrow';
  const shown = rows.filter(({ value }) => value !== null);
  const low = Math.min(asked, ...shown.map((row) => row.low ?? 1), ...shown.map((row) => row.expected?.low ?? 1));
  const max = narrow ? 30 : MARGIN_NAME;
  const margin = nameMargin(shown.map((row) => row.class));
  const y = (_: CoverageRow, i: number) => i;
  const below = (row: CoverageRow) => (row.high ?? 1) < asked;
  return chartSvg({
    id: `${id}-${width}`,
    className: width,
    title: 'Coverage of each class',
    description: shown
      .slice(0, 30)
      .map((row) => `${axisName(row.class, 60)}: ${pageFormat.percent(row.value)} ${interval(row)}`)
      .join('; '),
    plot: {
      width: narrow ? 340 : 940,
      height: shown.length * (narrow ? 42 : 26) + 50,
      marginTop: 6,
      marginLeft: narrow ? 6 : margin,
      marginRight: narrow ? 54 : 80,
      marginBottom: 40,
      x: {
        domain: [Math.max(0, Math.floor((low - 0.02) * 20) / 20), 1],
        label: 'share of the rows of the class whose set has it',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: narrow ? 4 : 8,
        tickFormat: (value: number) => `${Number((value * 100).toPrecision(6))}\u202f%`,
        grid: true,
      },
      y: { domain: shown.map((_, i) => i), axis: null, padding: 0.4, type: 'band' },
      marks: [
        Plot.barX(
          shown.filter((row) => row.expected),
          {
            x1: (row: CoverageRow) => row.expected!.low,
            x2: (row: CoverageRow) => row.expected!.high,
            y: (row: CoverageRow) => shown.indexOf(row),
            fill: MUTED,
            fillOpacity: 0.18,
            insetTop: narrow ? 5 : 0,
          },
        ),
        Plot.ruleX([asked], { stroke: MUTED, strokeDasharray: '4,3', strokeWidth: 1.5 }),
        Plot.ruleY(shown, {
          x1: 'low',
          x2: 'high',
          y,
          stroke: (row: CoverageRow) => (below(row) ? CONTRAST : ACCENT),
          strokeWidth: 2,
          dy: narrow ? 3 : 0,
        }),
        Plot.dot(shown, {
          x: 'value',
          y,
          r: 4.5,
          symbol: (row: CoverageRow) => (below(row) ? 'square' : 'circle'),
          fill: (row: CoverageRow) => (below(row) ? CONTRAST : ACCENT),
          stroke: PAPER,
          strokeWidth: 1.5,
          dy: narrow ? 3 : 0,
          title: (row: CoverageRow) =>
            `${axisName(row.class, 60)}: ${pageFormat.percent(row.value)} ${interval(row)}, ${pageFormat.count(row.rows)} rows`,
        }),
        Plot.text(shown, {
          y,
          text: (row: CoverageRow) => pageFormat.percent(row.value),
          frameAnchor: 'right',
          textAnchor: 'end',
          dx: narrow ? 50 : 66,
          dy: narrow ? 3 : 0,
          fill: INK,
        }),
        Plot.text(shown, {
          y,
          text: (row: CoverageRow) => axisName(row.class, max),
          title: (row: CoverageRow) =>
            axisName(row.class, max) === String(row.class) ? undefined : axisName(row.class, 300),
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: narrow ? 0 : 4 - margin,
          dy: narrow ? -14 : 0,
          fill: INK,
        }),
      ],
    },
  });
}

const interval = ({ low, high }: ClassEvaluation): string =>
  `[${pageFormat.percent(low)}, ${pageFormat.percent(high)}]`;
