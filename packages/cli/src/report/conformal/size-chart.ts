import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import { axisName, INK, MARGIN_NAME, nameMargin, PAPER, type Width } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { SetSize } from './document.ts';

export interface SizeRow {
  readonly name: string | number;
  readonly sizes: readonly SetSize[];
}

/** Sizes are drawn as at most five bands; the last takes all that is larger. */
export const SIZE_COLOURS = [
  'var(--contrast)',
  'var(--accent)',
  'var(--third)',
  'var(--fourth)',
  'var(--muted)',
] as const;

/** From which size each band begins: none, one, two, three, more; wider bands for many labels. */
export function sizeBands(
  rows: readonly SizeRow[],
): readonly { readonly from: number; readonly to: number; readonly label: string }[] {
  const largest = Math.max(1, ...rows.flatMap(({ sizes }) => sizes.map(({ size }) => size)));
  const starts = largest <= 4 ? [0, 1, 2, 3, 4] : largest <= 20 ? [0, 1, 2, 4, 8] : [0, 1, 2, 6, 21];
  return starts
    .filter((from) => from <= largest)
    .map((from, i, all) => {
      const to = (all[i + 1] ?? largest + 1) - 1;
      const label =
        from === 0 ? 'no label' : from === to ? `${from} label${from === 1 ? '' : 's'}` : `${from} to ${to} labels`;
      return { from, to, label };
    });
}

/** Share of the rows by number of labels in their set, as one bar of full width a line. */
export function sizeChart(rows: readonly SizeRow[], width: Width, id: string) {
  const narrow = width === 'narrow';
  const bands = sizeBands(rows);
  const margin = nameMargin(rows.map(({ name }) => name));
  const max = narrow ? 30 : MARGIN_NAME;
  const pieces = rows.flatMap(({ sizes }, line) => {
    const total = sizes.reduce((sum, one) => sum + one.rows, 0);
    let start = 0;
    return bands.map(({ from, to, label }, band) => {
      const count = sizes.reduce((sum, one) => sum + (one.size >= from && one.size <= to ? one.rows : 0), 0);
      const share = total === 0 ? 0 : count / total;
      start += share;
      return { line, band, label, x1: start - share, x2: start, share, count };
    });
  });
  return chartSvg({
    id: `${id}-${width}`,
    className: width,
    title: 'Labels in the sets',
    description: rows
      .slice(0, 20)
      .map(({ name }, line) => {
        const own = pieces.filter((piece) => piece.line === line && piece.share > 0);
        return `${axisName(name, 60)}: ${own.map(({ label, share }) => `${label} ${pageFormat.percent(share)}`).join(', ')}`;
      })
      .join('; '),
    plot: {
      width: narrow ? 340 : 940,
      height: rows.length * (narrow ? 40 : 26) + 46,
      marginTop: 4,
      marginLeft: narrow ? 6 : margin,
      marginRight: 18,
      marginBottom: 38,
      x: {
        domain: [0, 1],
        label: 'share of the rows',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: narrow ? 3 : 5,
        tickFormat: (value: number) => `${Math.round(value * 100)}\u202f%`,
      },
      y: { domain: rows.map((_, i) => i), axis: null, type: 'band', padding: narrow ? 0.5 : 0.25 },
      marks: [
        Plot.barX(
          pieces.filter(({ share }) => share > 0),
          {
            x1: 'x1',
            x2: 'x2',
            y: 'line',
            fill: ({ band }: { band: number }) => SIZE_COLOURS[band]!,
            stroke: PAPER,
            strokeWidth: 1,
            insetTop: narrow ? 5 : 0,
            title: (piece: (typeof pieces)[number]) =>
              `${piece.label}: ${pageFormat.percent(piece.share)}, ${pageFormat.count(piece.count)} rows`,
          },
        ),
        Plot.text(
          pieces.filter(({ share }) => share >= (narrow ? 0.16 : 0.08)),
          {
            x: ({ x1, x2 }: { x1: number; x2: number }) => (x1 + x2) / 2,
            y: 'line',
            text: ({ share }: { share: number }) => pageFormat.percent(share),
            fill: PAPER,
            dy: narrow ? 2 : 0,
          },
        ),
        Plot.text(rows, {
          y: (_: SizeRow, i: number) => i,
          text: ({ name }: SizeRow) => axisName(name, max),
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
