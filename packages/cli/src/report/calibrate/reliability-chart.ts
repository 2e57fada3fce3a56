import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import { ACCENT, axisName, CONTRAST, MUTED, PAPER, probabilityTicks, roundUp, tickText } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { Markup } from '../html/markup.ts';
import type { ReliabilityCurveReport, ReliabilityReport } from './calibrate-report.ts';

/** Where both axes end, and whether small probabilities get more room. */
export interface Scale {
  readonly max: number;
  readonly squareRoot: boolean;
}

/** One scale for all curves shown: to the largest bin, on a square root where most bins lie in the lowest tenth. */
export function sharedScale(curves: readonly (ReliabilityCurveReport | null)[]): Scale {
  const bins = curves.flatMap((curve) => curve?.bins ?? []);
  const largest = bins.reduce((most, bin) => Math.max(most, bin.predicted, bin.high), 0);
  const max = bins.length === 0 ? 1 : Math.min(1, roundUp(largest));
  const middle = bins.map(({ predicted }) => predicted).sort((a, b) => a - b)[bins.length >> 1] ?? max;
  return { max, squareRoot: middle < 0.1 * max };
}

export interface ReliabilityChartInput {
  readonly id: string;
  readonly title: string;
  readonly reliability: ReliabilityReport;
  readonly which: 'before' | 'after';
  readonly scale: Scale;
  readonly small: boolean;
}

/** Observed share against probability: bins with Wilson intervals, and the CORP curve, which needs no bins. */
export function reliabilityChart({
  id,
  title,
  reliability,
  which,
  scale,
  small,
}: ReliabilityChartInput): Markup | null {
  const curve = reliability[which];
  if (!curve) return null;
  const { max, squareRoot } = scale;
  const colour = which === 'before' ? CONTRAST : ACCENT;
  const axis = {
    type: 'pow',
    exponent: squareRoot ? 0.5 : 1,
    domain: [0, max],
    clamp: true,
    ticks: probabilityTicks(max, squareRoot).filter((_, i) => !small || i % 2 === 0),
    tickFormat: tickText,
    grid: true,
    labelAnchor: 'center',
    labelArrow: 'none',
  } as const;
  return chartSvg({
    id,
    title,
    description: `Class ${axisName(reliability.class, 60)}, ${curve.bins.length} bins: ${curve.bins
      .map(
        ({ predicted, observed }) =>
          `${pageFormat.probability(predicted)} observed ${pageFormat.probability(observed)}`,
      )
      .join('; ')}.`,
    plot: {
      width: small ? 240 : 400,
      height: small ? 220 : 370,
      marginTop: 12,
      marginRight: 16,
      marginLeft: 54,
      marginBottom: 42,
      x: { ...axis, label: small ? 'predicted' : 'predicted probability' },
      y: { ...axis, label: small ? 'observed' : 'observed share' },
      marks: [
        Plot.line(
          [
            [0, 0],
            [max, max],
          ],
          { stroke: MUTED, strokeDasharray: '4,3' },
        ),
        Plot.line(withinScale(curve, max), { x: 'predicted', y: 'observed', stroke: colour, strokeWidth: 2 }),
        Plot.ruleX(curve.bins, { x: 'predicted', y1: 'low', y2: 'high', stroke: colour, strokeOpacity: 0.6 }),
        Plot.dot(curve.bins, {
          x: 'predicted',
          y: 'observed',
          r: small ? 3 : 4,
          symbol: which === 'before' ? 'square' : 'circle',
          fill: which === 'before' ? PAPER : colour,
          stroke: which === 'before' ? colour : PAPER,
          strokeWidth: 1.5,
          title: (bin) =>
            `predicted ${pageFormat.probability(bin.predicted)}, observed ${pageFormat.probability(bin.observed)} [${pageFormat.probability(bin.low)}, ${pageFormat.probability(bin.high)}], ${pageFormat.count(bin.rows)} rows`,
        }),
      ],
    },
  });
}

/** The part of the CORP curve that the axes show, ended where it leaves them. */
function withinScale({ corp }: ReliabilityCurveReport, max: number): ReliabilityCurveReport['corp'] {
  const shown: { predicted: number; observed: number }[] = [];
  for (const [i, point] of corp.entries()) {
    if (point.predicted <= max && point.observed <= max) {
      shown.push(point);
      continue;
    }
    const last = corp[i - 1];
    if (!last) break;
    const reach = (from: number, to: number) => (to > max ? (max - from) / (to - from) : 1);
    const part = Math.min(reach(last.predicted, point.predicted), reach(last.observed, point.observed));
    shown.push({
      predicted: last.predicted + part * (point.predicted - last.predicted),
      observed: last.observed + part * (point.observed - last.observed),
    });
    break;
  }
  return shown;
}
