import type { ClassNeighbourhood, RowType } from '@counterweight/core';
import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import { ACCENT, axisName, CONTRAST, INK, MARGIN_NAME, nameMargin, PAPER, type Width } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

/** From easy to hard in two hues that colour blindness keeps apart, pale in the middle of neither. */
export const typePaint: Readonly<Record<RowType, { readonly fill: string; readonly opacity: number }>> = {
  safe: { fill: ACCENT, opacity: 1 },
  borderline: { fill: ACCENT, opacity: 0.4 },
  rare: { fill: CONTRAST, opacity: 0.45 },
  outlier: { fill: CONTRAST, opacity: 1 },
};

type Drawn = ClassNeighbourhood & { readonly types: NonNullable<ClassNeighbourhood['types']> };

/** Shares of the neighbourhood types of each class as stacked bars; a whisker is the interval of the share that is safe. */
export function typesChart(classes: readonly Drawn[], width: Width) {
  const narrow = width === 'narrow';
  const margin = nameMargin(classes.map(({ label }) => label));
  const max = narrow ? 30 : MARGIN_NAME;
  const parts = classes.flatMap(({ types }, row) => {
    let from = 0;
    return (Object.entries(types) as [RowType, { value: number | null }][]).map(([type, { value }]) => {
      const part = { row, type, from, to: from + (value ?? 0), share: value ?? 0 };
      from = part.to;
      return part;
    });
  });
  const whiskers = classes.map(({ types }, row) => ({ row, low: types.safe.low, high: types.safe.high }));
  const names = classes.map(({ label }, row) => ({ label, row }));
  const fits = (share: number) => share * (narrow ? 320 : 940 - margin) > 46;
  return chartSvg({
    id: `types-${width}`,
    className: width,
    title: 'Neighbourhood types of each class',
    description: classes
      .map(
        ({ label, types }) =>
          `${axisName(label, 60)}: ${Object.entries(types)
            .map(([type, { value }]) => `${type} ${pageFormat.percent(value)}`)
            .join(', ')}`,
      )
      .join('; '),
    plot: {
      width: narrow ? 340 : 940,
      height: classes.length * (narrow ? 46 : 36) + 44,
      marginTop: 4,
      marginLeft: narrow ? 8 : margin,
      marginRight: 14,
      marginBottom: 36,
      x: {
        domain: [0, 1],
        label: 'share of the rows of the class',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: [0, 0.25, 0.5, 0.75, 1],
        tickFormat: (value: number) => `${Math.round(100 * value)}\u202f%`,
      },
      y: { domain: names.map(({ row }) => row), axis: null, padding: narrow ? 0.5 : 0.3 },
      marks: [
        ...(['safe', 'borderline', 'rare', 'outlier'] as const).map((type) =>
          Plot.rectX(
            parts.filter((part) => part.type === type && part.share > 0),
            { ...bar, fill: typePaint[type].fill, fillOpacity: typePaint[type].opacity, stroke: PAPER, strokeWidth: 1 },
          ),
        ),
        Plot.link(
          whiskers.filter(({ low, high }) => low !== null && high !== null && high - low > 0.004),
          {
            x1: 'low',
            x2: 'high',
            y1: 'row',
            y2: 'row',
            stroke: INK,
            strokeWidth: 2,
            strokeOpacity: 0.8,
            dy: narrow ? 16 : 14,
          },
        ),
        Plot.text(
          parts.filter(({ share }) => fits(share)),
          {
            x: ({ from, to }: (typeof parts)[number]) => (from + to) / 2,
            y: 'row',
            text: ({ share }: (typeof parts)[number]) => pageFormat.percent(share),
            fill: ({ type }: (typeof parts)[number]) => (type === 'safe' || type === 'outlier' ? PAPER : INK),
            dy: narrow ? 3 : 0,
          },
        ),
        Plot.text(names, {
          y: 'row',
          text: ({ label }: (typeof names)[number]) => axisName(label, max),
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: narrow ? 0 : 4 - margin,
          dy: narrow ? -16 : 0,
          fill: INK,
        }),
      ],
    },
  });
}

const bar = { x1: 'from', x2: 'to', y: 'row' } as const;
