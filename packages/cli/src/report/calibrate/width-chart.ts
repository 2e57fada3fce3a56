import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import { ACCENT, axisName, INK, tickText } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { Markup } from '../html/markup.ts';
import type { WidthSummary } from './calibrate-report.ts';

export interface WidthChartInput {
  readonly id: string;
  readonly name: string | number;
  readonly summary: WidthSummary;
  readonly edges: readonly number[];
  /** Largest share of a bin in any of the charts beside it, so that they compare. */
  readonly top: number;
}

/** Shares of a class's rows by the width of their interval; the line is the median. */
export function widthChart({ id, name, summary, edges, top }: WidthChartInput): Markup {
  const bars = summary.counts.map((count, i) => ({
    from: edges[i]!,
    to: edges[i + 1]!,
    share: count / summary.rows,
    count,
  }));
  return chartSvg({
    id,
    title: `Width of the intervals of class ${axisName(name, 60)}`,
    description: `${pageFormat.count(summary.rows)} rows: median ${pageFormat.probability(summary.median)}, nine tenths at most ${pageFormat.probability(summary.p90)}, largest ${pageFormat.probability(summary.max)}.`,
    plot: {
      width: 300,
      height: 190,
      marginLeft: 62,
      marginRight: 12,
      marginTop: 10,
      marginBottom: 40,
      x: {
        domain: [0, edges.at(-1)!],
        label: 'width p1 − p0',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 4,
        tickFormat: tickText,
      },
      y: {
        domain: [0, top],
        type: 'sqrt',
        label: 'share of rows',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: [0, 0.01, 0.05, 0.2, 0.5, 1].filter((tick) => tick <= top),
        tickFormat: (share: number) => `${Number((100 * share).toPrecision(3))} %`,
        grid: true,
      },
      marks: [
        Plot.rectY(bars, {
          x1: 'from',
          x2: 'to',
          y: 'share',
          fill: ACCENT,
          insetLeft: 0.5,
          insetRight: 0.5,
          title: (bar) =>
            `${pageFormat.probability(bar.from)} to ${pageFormat.probability(bar.to)}: ${pageFormat.count(bar.count)} rows`,
        }),
        Plot.ruleX([summary.median], { stroke: INK, strokeWidth: 1.5 }),
      ],
    },
  });
}
