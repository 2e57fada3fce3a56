import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import { ACCENT, MUTED, NARROW, roundUp, tickText, WIDE, type Width } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { Markup } from '../html/markup.ts';
import type { ScoreMap } from './calibrate-report.ts';

export interface MapChartInput {
  readonly map: ScoreMap;
  readonly column: string;
  /** Whether score and probability are on one scale, so that the diagonal means "left as it was". */
  readonly probabilities: boolean;
  readonly width: Width;
}

/** The fitted map from score to probability, with p0 and p1 as a band for Venn-Abers. */
export function mapChart({ map, column, probabilities, width }: MapChartInput): Markup {
  const narrow = width === NARROW;
  const points = map.scores.map((score, i) => ({
    score,
    p: map.p[i]!,
    p0: map.p0?.[i] ?? null,
    p1: map.p1?.[i] ?? null,
  }));
  const [least, most] = [map.scores[0]!, map.scores.at(-1)!];
  const top = Math.min(1, roundUp(Math.max(...map.p, ...(map.p1 ?? []))));
  return chartSvg({
    id: `map-${width}`,
    title: 'The fitted map from score to probability',
    description: `Scores from ${tickText(least)} to ${tickText(most)} become probabilities from ${pageFormat.probability(map.p[0]!)} to ${pageFormat.probability(map.p.at(-1)!)}.`,
    className: narrow ? NARROW : WIDE,
    plot: {
      width: narrow ? 340 : 820,
      height: narrow ? 260 : 360,
      marginLeft: 54,
      marginRight: 16,
      marginTop: 12,
      marginBottom: 42,
      x: {
        domain: least === most ? [least - 0.5, most + 0.5] : [least, most],
        label: column,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: narrow ? 4 : 8,
        tickFormat: tickText,
        grid: true,
      },
      y: {
        domain: [0, top],
        label: 'calibrated probability',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        tickFormat: tickText,
        grid: true,
      },
      marks: [
        ...(probabilities
          ? [
              Plot.line(
                [
                  [least, least],
                  [Math.min(most, top), Math.min(most, top)],
                ].filter(([x]) => x! <= top),
                { stroke: MUTED, strokeDasharray: '4,3' },
              ),
            ]
          : []),
        ...(map.p0 ? [Plot.areaY(points, { x: 'score', y1: 'p0', y2: 'p1', fill: ACCENT, fillOpacity: 0.22 })] : []),
        Plot.line(points, { x: 'score', y: 'p', stroke: ACCENT, strokeWidth: 2 }),
      ],
    },
  });
}
