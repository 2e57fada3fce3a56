import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import type { HeldOut } from '../../run-report.ts';
import { INK, MUTED, PAPER, probabilityTicks, roundUp, thinLine, tickText, type Width } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

type Counts = HeldOut['sweep'][number];

/** One curve over the threshold; `colour` is a CSS colour, `dash` tells it apart without colour. */
export interface ThresholdSeries {
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly of: (counts: Counts) => number | null;
}

export interface ThresholdScale {
  readonly max: number;
  /** 0.5 for a square-root scale, else 1. */
  readonly exponent: number;
}

/** A square-root scale where half of the thresholds lie in the lowest tenth of the range. */
export function thresholdScale(sweep: readonly Counts[]): ThresholdScale {
  const finite = sweep.map(({ threshold }) => threshold).filter((threshold) => threshold <= 1);
  const max = Math.min(1, roundUp(finite.reduce((a, b) => Math.max(a, b), 0)));
  const median = [...finite].sort((a, b) => a - b)[Math.floor(finite.length / 2)] ?? max;
  return { max, exponent: median < 0.1 * max ? 0.5 : 1 };
}

export interface ThresholdInput {
  readonly id: string;
  readonly title: string;
  readonly sweep: readonly Counts[];
  readonly series: readonly ThresholdSeries[];
  readonly scale: ThresholdScale;
  readonly chosen: number | null;
  readonly width: Width;
  readonly y: { readonly label: string; readonly domain: readonly [number, number] };
}

/** Margins of the plot area, which the slider below is aligned with. */
const THRESHOLD_MARGINS = { left: 54, right: 20 } as const;
const THRESHOLD_WIDTHS: Readonly<Record<Width, number>> = { wide: 640, narrow: 340 };

/** Metrics (or costs) at every threshold. The script moves a cursor over it by the scale in its data attributes. */
export function thresholdChart({ id, title, sweep, series, scale, chosen, width, y }: ThresholdInput) {
  const total = THRESHOLD_WIDTHS[width];
  const height = width === 'narrow' ? 260 : 320;
  const top = 22;
  const bottom = 42;
  const lines = series.map((one) => {
    const points = sweep
      .map((counts) => ({ x: Math.min(counts.threshold, scale.max), y: one.of(counts) }))
      .filter((point): point is { x: number; y: number } => point.y !== null);
    return Plot.line(thinLine(points, 0.0005), {
      x: 'x',
      y: 'y',
      stroke: one.colour,
      strokeWidth: 2,
      strokeDasharray: one.dash,
    });
  });
  const squareRoot = scale.exponent !== 1;
  return chartSvg({
    id: `${id}-${width}`,
    className: `${width} follows-slider`,
    title,
    description: `${series.map(({ label }) => label).join(', ')} at every threshold${chosen === null ? '' : `; the chosen threshold is ${pageFormat.probability(chosen)}`}.`,
    attributes: {
      'data-left': THRESHOLD_MARGINS.left,
      'data-right': total - THRESHOLD_MARGINS.right,
      'data-top': top,
      'data-bottom': height - bottom,
    },
    plot: {
      width: total,
      height,
      marginTop: top,
      marginRight: THRESHOLD_MARGINS.right,
      marginLeft: THRESHOLD_MARGINS.left,
      marginBottom: bottom,
      x: {
        type: 'pow',
        exponent: scale.exponent,
        domain: [0, scale.max],
        ticks: probabilityTicks(scale.max, squareRoot),
        tickFormat: tickText,
        label: `threshold on the probability${squareRoot ? ' (square-root scale)' : ''}`,
        labelAnchor: 'center',
        labelArrow: 'none',
        grid: true,
      },
      y: {
        domain: [...y.domain],
        label: y.label,
        labelAnchor: 'center',
        labelArrow: 'none',
        grid: true,
        ticks: 5,
        tickFormat: tickText,
      },
      marks: [
        ...lines,
        ...(chosen === null
          ? []
          : [
              Plot.ruleX([Math.min(chosen, scale.max)], { stroke: INK, strokeDasharray: '4,3' }),
              Plot.text([Math.min(chosen, scale.max)], {
                x: (value: number) => value,
                frameAnchor: 'top',
                text: (value: number) => `chosen ${pageFormat.probability(value)}`,
                dy: -14,
                fill: INK,
                stroke: PAPER,
                strokeWidth: 3,
                fontWeight: 'bold',
              }),
            ]),
        Plot.ruleY([y.domain[0]], { stroke: MUTED }),
      ],
    },
  });
}
