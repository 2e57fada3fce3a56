import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import { ACCENT, CONTRAST, MUTED } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';

export interface PValueChart {
  /** Rows in bins of equal width from 0 to 1. */
  readonly bins: readonly number[];
  readonly alpha: number;
  readonly id: string;
  readonly title: string;
  readonly small: boolean;
  /** The largest multiple that the axis has room for, where several charts are to have one scale. */
  readonly top?: number | undefined;
}

/** The largest bin as a multiple of an even spread. */
export function largestBin(bins: readonly number[]): number {
  const total = bins.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : (Math.max(...bins) * bins.length) / total;
}

/** Histogram of p-values as multiples of an even spread; bins up to alpha, whose rows' sets miss the class, stand out. */
export function pValueChart({ bins, alpha, id, title, small, top }: PValueChart) {
  const total = bins.reduce((sum, count) => sum + count, 0);
  const even = total / bins.length;
  const bars = bins.map((count, i) => ({
    x1: i / bins.length,
    x2: (i + 1) / bins.length,
    height: even === 0 ? 0 : count / even,
    count,
  }));
  const missed = (bar: (typeof bars)[number]) => bar.x2 <= alpha + 1e-9;
  return chartSvg({
    id,
    title,
    description: `${pageFormat.count(total)} rows. In the lowest bin ${pageFormat.number(bars[0]?.height ?? 0, 2)} times as many as evenly spread, in the highest ${pageFormat.number(bars.at(-1)?.height ?? 0, 2)} times.`,
    plot: {
      width: small ? 240 : 560,
      height: small ? 160 : 260,
      marginTop: 10,
      marginLeft: small ? 34 : 48,
      marginRight: 10,
      marginBottom: 38,
      x: {
        domain: [0, 1],
        label: small ? 'p-value' : 'p-value of the true class',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: small ? 3 : 6,
      },
      y: {
        domain: [0, top ?? Math.max(1.5, largestBin(bins))],
        label: small ? null : 'rows, as a multiple of an even spread',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 4,
        grid: true,
      },
      marks: [
        Plot.rectY(bars, {
          x1: 'x1',
          x2: 'x2',
          y: 'height',
          fill: (bar: (typeof bars)[number]) => (missed(bar) ? CONTRAST : ACCENT),
          inset: 0.5,
          title: (bar: (typeof bars)[number]) => `${pageFormat.count(bar.count)} rows`,
        }),
        Plot.ruleY([1], { stroke: MUTED, strokeDasharray: '4,3', strokeWidth: 1.5 }),
      ],
    },
  });
}
