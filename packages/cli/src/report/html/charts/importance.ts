import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import type { Importance } from '../../run-report.ts';
import { ACCENT, axisName, INK, MUTED, type Width } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

export interface ImportanceInput {
  readonly columns: Importance['columns'];
  /** What gets worse. */
  readonly metric: string;
  readonly width: Width;
  /** Drawn width of the wide variant. */
  readonly wide: number;
}

/** Bars from zero with their names to the left; a fall below zero is chance and has no bar. */
export function importanceChart({ columns, metric, width, wide }: ImportanceInput) {
  const narrow = width === 'narrow';
  const total = narrow ? 340 : wide;
  const longest = narrow ? 16 : 34;
  const largest = columns.reduce((most, { fall }) => Math.max(most, fall), 0) || 1;
  const keyed = columns.map((one, key) => ({ ...one, key, bar: Math.max(0, one.fall) }));
  return chartSvg({
    id: `importance-${width}`,
    className: width,
    title: 'Columns that the model leans on',
    description: columns
      .map(({ column, fall }) => `${axisName(column, 60)}: ${pageFormat.signed(-fall, 3)}`)
      .join('; '),
    plot: {
      width: total,
      height: columns.length * 24 + 46,
      marginTop: 4,
      marginLeft: Math.min(longest, Math.max(4, ...columns.map(({ column }) => column.length))) * 7 + 12,
      marginRight: 8,
      marginBottom: 40,
      x: {
        domain: [0, largest * 1.2],
        label: `${metric} is worse by`,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: narrow ? 3 : 6,
      },
      y: { domain: keyed.map(({ key }) => key), axis: null, padding: 0.25 },
      marks: [
        Plot.barX(keyed, { x: 'bar', y: 'key', fill: ACCENT }),
        Plot.text(keyed, {
          x: 0,
          y: 'key',
          text: (one) => axisName(one.column, longest),
          title: (one) => (axisName(one.column, longest) === one.column ? undefined : axisName(one.column, 300)),
          textAnchor: 'end',
          dx: -6,
          fill: INK,
        }),
        Plot.text(keyed, {
          x: 'bar',
          y: 'key',
          text: (one) => pageFormat.signed(one.fall, 3),
          textAnchor: 'start',
          dx: 4,
          fill: MUTED,
        }),
        Plot.ruleX([0], { stroke: INK }),
      ],
    },
  });
}
