import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import { ACCENT, CONTRAST, MUTED, tickText, type Width } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { DriftReport } from './document.ts';

/** The martingale over the rows in their order, as a power of ten; the alarm is raised where it reaches the dashed line. */
export function driftChart({ path, level, alarmAt }: DriftReport, width: Width) {
  const narrow = width === 'narrow';
  const points = path.map(({ row, log }) => ({ row: row + 1, power: log / Math.LN10 }));
  const alarm = Math.log10(1 / level);
  const top = Math.max(alarm * 1.15, ...points.map(({ power }) => power));
  const bottom = Math.min(-0.5, ...points.map(({ power }) => power));
  return chartSvg({
    id: `drift-${width}`,
    className: width,
    title: 'Drift martingale over the rows',
    description:
      alarmAt === null
        ? 'It never reaches the alarm line.'
        : `It reaches the alarm line at data row ${pageFormat.count(alarmAt + 1)}.`,
    plot: {
      width: narrow ? 340 : 940,
      height: narrow ? 230 : 300,
      marginTop: 14,
      marginLeft: 48,
      marginRight: 20,
      marginBottom: 40,
      x: { label: 'data row', labelAnchor: 'center', labelArrow: 'none', ticks: narrow ? 4 : 8, tickFormat: tickText },
      y: {
        domain: [bottom, top],
        label: 'martingale (power of ten)',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        grid: true,
      },
      marks: [
        Plot.ruleY([alarm], { stroke: CONTRAST, strokeDasharray: '4,3', strokeWidth: 1.5 }),
        Plot.text([alarm], {
          y: (power: number) => power,
          text: () => `alarm at ${pageFormat.count(1 / level)}`,
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: 6,
          dy: -8,
          fill: CONTRAST,
        }),
        Plot.ruleY([0], { stroke: MUTED }),
        Plot.line(points, { x: 'row', y: 'power', stroke: ACCENT, strokeWidth: 1.75 }),
        ...(alarmAt === null ? [] : [Plot.ruleX([alarmAt + 1], { stroke: CONTRAST, strokeWidth: 1 })]),
      ],
    },
  });
}
