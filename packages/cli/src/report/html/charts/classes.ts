import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import type { DataSummary } from '../../run-report.ts';
import { ACCENT, axisName, INK, MARGIN_NAME, MUTED, nameMargin, type Width } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

type ClassRow = DataSummary['classes'][number];

/** Rows of each class as bars from zero, with counts and shares beside them. */
export function classChart(classes: readonly ClassRow[], highlighted: ReadonlySet<string>, width: Width) {
  const narrow = width === 'narrow';
  const label = ({ rows, share }: ClassRow) => `${pageFormat.count(rows)} (${pageFormat.percent(share)})`;
  const max = narrow ? 30 : MARGIN_NAME;
  const margin = nameMargin(classes.map((row) => row.label));
  return chartSvg({
    id: `classes-${width}`,
    className: width,
    title: 'Rows of each class',
    description: classes.map((row) => `${axisName(row.label, 60)}: ${label(row)}`).join('; '),
    plot: {
      width: narrow ? 340 : 940,
      height: classes.length * (narrow ? 40 : 30) + 46,
      marginTop: 4,
      marginLeft: narrow ? 6 : margin,
      marginRight: narrow ? 120 : 150,
      marginBottom: 38,
      x: {
        label: 'rows',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: narrow ? 3 : 6,
        grid: true,
        tickFormat: pageFormat.count,
        zero: true,
      },
      y: { domain: classes.map((_, i) => i), axis: null, padding: narrow ? 0.55 : 0.3 },
      marks: [
        Plot.barX(classes, {
          x: 'rows',
          y: (_, i) => i,
          fill: (row: ClassRow) => (highlighted.has(String(row.label)) ? ACCENT : MUTED),
          insetTop: narrow ? 4 : 0,
        }),
        Plot.text(classes, {
          x: 'rows',
          y: (_, i) => i,
          text: label,
          textAnchor: 'start',
          dx: 6,
          dy: narrow ? 2 : 0,
          fill: INK,
        }),
        Plot.text(classes, {
          y: (_, i) => i,
          text: (row: ClassRow) => axisName(row.label, max),
          title: (row: ClassRow) =>
            axisName(row.label, max) === String(row.label) ? undefined : axisName(row.label, 300),
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: narrow ? 0 : 4 - margin,
          dy: narrow ? -15 : 0,
          fill: INK,
        }),
      ],
    },
  });
}
