import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import type { CalibrationReport, ReliabilityCurve } from '../../run-report.ts';
import { ACCENT, axisName, CONTRAST, MUTED, PAPER, probabilityTicks, roundUp, tickText } from './axis.ts';
import { chartSvg } from './plot-svg.ts';

/** The scale of a reliability chart: where it ends, and whether small probabilities are given more room. */
export interface ReliabilityScale {
  readonly max: number;
  readonly squareRoot: boolean;
}

/** Ends at the largest bin; a square-root scale where most bins lie in the lowest tenth of it. */
export function reliabilityScale(curves: readonly ReliabilityCurve[]): ReliabilityScale {
  const bins = curves.flatMap(({ bins }) => bins);
  const largest = bins.reduce((max, bin) => Math.max(max, bin.predicted, bin.high), 0);
  const max = bins.length === 0 ? 1 : Math.min(1, roundUp(largest));
  const predicted = bins.map((bin) => bin.predicted).sort((a, b) => a - b);
  const median = predicted[Math.floor(predicted.length / 2)] ?? max;
  return { max, squareRoot: median < 0.1 * max };
}

export interface ReliabilityInput {
  readonly calibration: CalibrationReport;
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly scale: ReliabilityScale;
  /** Whether a correction was made, so that before and after differ. */
  readonly corrected: boolean;
  readonly small: boolean;
}

/** Observed share against mean predicted probability, with Wilson intervals; on the diagonal a probability means what it says. */
export function reliabilityChart({ calibration, id, title, scale, corrected, small }: ReliabilityInput) {
  const { max, squareRoot } = scale;
  const axis = {
    type: 'pow',
    exponent: squareRoot ? 0.5 : 1,
    domain: [0, max],
    ticks: probabilityTicks(max, squareRoot).filter((_, i) => !small || i % 2 === 0),
    tickFormat: tickText,
    grid: true,
    labelAnchor: 'center',
    labelArrow: 'none',
  } as const;
  const series = (curve: ReliabilityCurve, colour: string, hollow: boolean): Plot.Markish[] => [
    Plot.ruleX(curve.bins, {
      x: 'predicted',
      y1: 'low',
      y2: 'high',
      stroke: colour,
      strokeWidth: 1.5,
      strokeOpacity: 0.7,
    }),
    Plot.line(curve.bins, {
      x: 'predicted',
      y: 'observed',
      stroke: colour,
      strokeWidth: 1.5,
      strokeDasharray: hollow ? '2,3' : 'none',
    }),
    Plot.dot(curve.bins, {
      x: 'predicted',
      y: 'observed',
      r: small ? 3 : 4,
      symbol: hollow ? 'square' : 'circle',
      fill: hollow ? PAPER : colour,
      stroke: hollow ? colour : PAPER,
      strokeWidth: 1.5,
      title: (bin) =>
        `predicted ${pageFormat.probability(bin.predicted)}, observed ${pageFormat.probability(bin.observed)} [${pageFormat.probability(bin.low)}, ${pageFormat.probability(bin.high)}], ${pageFormat.count(bin.rows)} rows`,
    }),
  ];
  return chartSvg({
    id,
    title,
    description:
      `Class ${axisName(calibration.class, 60)}. ` +
      (corrected
        ? `Before the correction the mean prediction is off by ${pageFormat.signed(calibration.before.bias, 4)}, after it by `
        : 'The mean prediction is off by ') +
      `${pageFormat.signed(calibration.after.bias, 4)}.`,
    plot: {
      width: small ? 240 : 400,
      height: small ? 220 : 370,
      marginTop: 12,
      marginRight: 16,
      marginLeft: 54,
      marginBottom: 42,
      x: { ...axis, label: small ? 'predicted' : 'mean predicted probability of a bin' },
      y: { ...axis, label: small ? 'observed' : 'observed share in the bin' },
      marks: [
        Plot.line(
          [
            [0, 0],
            [max, max],
          ],
          { stroke: MUTED, strokeDasharray: '4,3' },
        ),
        ...(corrected ? series(calibration.before, CONTRAST, true) : []),
        ...series(calibration.after, ACCENT, false),
      ],
    },
  });
}
