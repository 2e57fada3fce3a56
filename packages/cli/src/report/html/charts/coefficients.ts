import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import type { Coefficient } from '../../run-report.ts';
import { ACCENT, axisName, CONTRAST, INK, MUTED, type Width } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

export interface CoefficientInput {
  readonly coefficients: readonly Coefficient[];
  readonly id: string;
  readonly title: string;
  readonly width: Width;
  /** Largest size of an effect on the scale: the same for charts that stand side by side. */
  readonly largest: number;
  /** Drawn width of the wide variant. */
  readonly wide: number;
}

/** Bars to both sides of zero; each name stands on the empty side of its bar, so that it needs no margin. */
export function coefficientChart({ coefficients, id, title, width, wide, largest }: CoefficientInput) {
  const narrow = width === 'narrow';
  const total = narrow ? 340 : wide;
  const max = Math.floor((total / 2 - 20) / 7);
  const reach = (largest || 1) * 1.32;
  const keyed = coefficients.map((coefficient, key) => ({ ...coefficient, key }));
  const sides = [keyed.filter(({ effect }) => effect >= 0), keyed.filter(({ effect }) => effect < 0)];
  const marks = sides.flatMap((rows, side): Plot.Markish[] => {
    const away = side === 0 ? 1 : -1;
    return [
      Plot.barX(rows, { x: 'effect', y: 'key', fill: side === 0 ? ACCENT : CONTRAST }),
      Plot.text(rows, {
        x: 0,
        y: 'key',
        text: (row) => axisName(row.feature, max),
        title: (row) => (axisName(row.feature, max) === row.feature ? undefined : axisName(row.feature, 300)),
        textAnchor: side === 0 ? 'end' : 'start',
        dx: -6 * away,
        fill: INK,
      }),
      Plot.text(rows, {
        x: 'effect',
        y: 'key',
        text: (row) => pageFormat.signed(row.effect, 2),
        textAnchor: side === 0 ? 'start' : 'end',
        dx: 4 * away,
        fill: MUTED,
      }),
    ];
  });
  return chartSvg({
    id: `${id}-${width}`,
    className: width,
    title,
    description: coefficients
      .map(({ feature, effect }) => `${axisName(feature, 60)}: ${pageFormat.signed(effect, 3)}`)
      .join('; '),
    plot: {
      width: total,
      height: coefficients.length * 24 + 46,
      marginTop: 4,
      marginLeft: 8,
      marginRight: 8,
      marginBottom: 40,
      x: {
        domain: [-reach, reach],
        label: narrow
          ? '← speaks against · change in log-odds · for →'
          : '← speaks against · change in log-odds · speaks for →',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: narrow ? 4 : 7,
      },
      y: { domain: keyed.map(({ key }) => key), axis: null, padding: 0.25 },
      marks: [...marks, Plot.ruleX([0], { stroke: INK })],
    },
  });
}
