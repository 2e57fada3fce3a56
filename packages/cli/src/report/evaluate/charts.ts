import type { CurvePoint, ModelEvaluation, ProbabilityEvaluation } from '@counterweight/core';
import * as Plot from '@observablehq/plot';
import { pageFormat } from '../format.ts';
import {
  ACCENT,
  CONTRAST,
  extent,
  fromNoRecall,
  MUTED,
  PAPER,
  probabilityTicks,
  roundUp,
  thinLine,
  tickText,
} from '../html/charts/axis.ts';
import { bandMark } from '../html/charts/band.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';
import type { Markup } from '../html/markup.ts';

/** One model in every picture: a colour and a dash, so that it does not hang on colour alone. */
export interface Look {
  readonly colour: string;
  readonly dash: string;
}

const looks: readonly Look[] = [
  { colour: ACCENT, dash: 'none' },
  { colour: CONTRAST, dash: '6,3' },
  { colour: 'var(--third)', dash: '2,3' },
  { colour: 'var(--fourth)', dash: '9,3,2,3' },
];

/** More models than this are not drawn. */
export const mostDrawn = looks.length;
export const lookOf = (model: number): Look => looks[model % looks.length]!;

interface Frame {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Small multiples have fewer ticks and shorter labels. */
  readonly small?: boolean;
}

const axis = (label: string, ticks: number) =>
  ({ domain: [0, 1], ticks, grid: true, labelAnchor: 'center', labelArrow: 'none', label }) as const;

function framed({ id, title, description, small }: Frame, x: object, y: object, marks: Plot.Markish[]): Markup {
  return chartSvg({
    id,
    title,
    description,
    plot: {
      width: small ? 220 : 400,
      height: small ? 200 : 350,
      marginTop: 14,
      marginRight: 16,
      marginLeft: small ? 46 : 54,
      marginBottom: 42,
      x,
      y,
      marks,
    },
  });
}

const lineMark = (
  points: readonly { readonly x: number; readonly y: number | null }[],
  { colour, dash }: Look,
  curve: 'linear' | 'step-before' | 'step-after' = 'linear',
): Plot.Markish =>
  Plot.line(
    thinLine(
      points.filter((point): point is CurvePoint => point.y !== null),
      0.001,
    ),
    { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, strokeDasharray: dash, curve },
  );

const guess = (points: [number, number][]): Plot.Markish =>
  Plot.line(points, { stroke: MUTED, strokeDasharray: '4,3' });

/** Models that one picture shows, in order. */
type Drawn = readonly ModelEvaluation[];

export function rocCurves(models: Drawn, frame: Frame): Markup {
  const ticks = frame.small ? 2 : 5;
  return framed(
    frame,
    axis(frame.small ? 'false positive rate' : 'false positive rate (share of the rest flagged)', ticks),
    axis(frame.small ? 'true positive rate' : 'true positive rate (share of the class found)', ticks),
    [
      guess([
        [0, 0],
        [1, 1],
      ]),
      ...models.map(({ curves }, m) => bandMark(curves.roc.band, lookOf(m).colour)),
      ...models.map(({ curves }, m) => lineMark(curves.roc.points, lookOf(m))),
    ],
  );
}

export function precisionRecallCurves(models: Drawn, prevalence: number, frame: Frame): Markup {
  const ticks = frame.small ? 2 : 5;
  return framed(
    frame,
    axis(frame.small ? 'recall' : 'recall (share of the class found)', ticks),
    axis(frame.small ? 'precision' : 'precision (share of flags that are right)', ticks),
    [
      guess([
        [0, prevalence],
        [1, prevalence],
      ]),
      ...models.map(({ curves }, m) => bandMark(curves.precisionRecall.band, lookOf(m).colour)),
      ...models.map(({ curves }, m) => lineMark(fromNoRecall(curves.precisionRecall.points), lookOf(m), 'step-before')),
    ],
  );
}

/** Share of the class found against the share of rows looked at; perfection climbs to 1 at the prevalence. */
export function gainsCurves(models: Drawn, prevalence: number, frame: Frame): Markup {
  return framed(frame, axis('share of rows, highest scores first', 5), axis('share of the class found', 5), [
    guess([
      [0, 0],
      [1, 1],
    ]),
    guess([
      [0, 0],
      [prevalence, 1],
      [1, 1],
    ]),
    ...models.map(({ curves }, m) => bandMark(curves.gains, lookOf(m).colour)),
    ...models.map(({ curves }, m) => lineMark(curves.gains, lookOf(m))),
  ]);
}

/** Times as many of the class as a random choice of as many rows finds. */
export function liftCurves(models: Drawn, prevalence: number, frame: Frame): Markup {
  const lifted = models.map(({ curves }) =>
    curves.gains
      .filter(({ x }) => x > 0)
      .map(({ x, y, low, high }) => ({ x, y: over(y, x), low: over(low, x), high: over(high, x) })),
  );
  const top = roundUp(Math.min(1 / prevalence, Math.max(1, ...lifted.flat().map(({ high, y }) => high ?? y ?? 1))));
  return framed(
    frame,
    axis('share of rows, highest scores first', 5),
    { ...axis('lift (times a random choice)', 5), domain: [0, top] },
    [
      guess([
        [0, 1],
        [1, 1],
      ]),
      ...lifted.map((band, m) => bandMark(band, lookOf(m).colour)),
      ...lifted.map((band, m) => lineMark(band, lookOf(m))),
    ],
  );
}

const over = (value: number | null, by: number) => (value === null ? null : value / by);

interface Scale {
  readonly max: number;
  readonly squareRoot: boolean;
}

/** Ends at the largest of the values; a square-root scale where most of them are small. */
export function probabilityScale(values: readonly number[], ends: readonly number[] = []): Scale {
  const max = Math.min(1, roundUp([...values, ...ends].reduce((most, value) => Math.max(most, value), 0)));
  const sorted = [...values].sort((a, b) => a - b);
  return { max, squareRoot: (sorted[Math.floor(sorted.length / 2)] ?? max) < 0.1 * max };
}

const scaled = ({ max, squareRoot }: Scale, label: string, small = false) =>
  ({
    type: 'pow',
    exponent: squareRoot ? 0.5 : 1,
    domain: [0, max],
    ticks: probabilityTicks(max, squareRoot).filter((_, i) => !small || i % 2 === 0),
    tickFormat: tickText,
    grid: true,
    labelAnchor: 'center',
    labelArrow: 'none',
    label,
  }) as const;

/** Bins with Wilson intervals, the isotonic step curve behind them. */
export function reliabilityDiagram(
  { reliability, isotonic }: ProbabilityEvaluation,
  look: Look,
  scale: Scale,
  frame: Frame,
): Markup {
  const bins = reliability.map(({ predicted, observed, rows }) => ({ predicted, rows, ...observed }));
  const steps = isotonic.filter(({ x }) => x <= scale.max).map(({ x, y }) => ({ x, y: Math.min(y, scale.max) }));
  const last = steps.at(-1);
  return framed(
    frame,
    scaled(scale, frame.small ? 'predicted' : 'mean predicted probability of a bin', frame.small),
    scaled(scale, frame.small ? 'observed' : 'observed share', frame.small),
    [
      guess([
        [0, 0],
        [scale.max, scale.max],
      ]),
      Plot.line(last ? [...steps, { x: scale.max, y: last.y }] : steps, {
        x: 'x',
        y: 'y',
        curve: 'step-after',
        stroke: MUTED,
        strokeWidth: 1,
      }),
      Plot.ruleX(
        bins.filter(({ low, high }) => low !== null && high !== null),
        {
          x: 'predicted',
          y1: 'low',
          y2: (bin: { high: number }) => Math.min(bin.high, scale.max),
          stroke: look.colour,
          strokeWidth: 1.5,
          strokeOpacity: 0.7,
        },
      ),
      Plot.dot(bins, {
        x: 'predicted',
        y: 'value',
        r: frame.small ? 3 : 4,
        fill: look.colour,
        stroke: PAPER,
        strokeWidth: 1.5,
        title: (bin: (typeof bins)[number]) =>
          `predicted ${pageFormat.probability(bin.predicted)}, observed ${pageFormat.probability(bin.value)}, ${pageFormat.count(bin.rows)} rows`,
      }),
    ],
  );
}

/** Net benefit of each model, of treating everybody and of treating nobody. */
export function decisionCurves(models: Drawn, prevalence: number, frame: Frame): Markup {
  const curves = models.flatMap(({ curves: { decision } }, m) => (decision ? [{ decision, m }] : []));
  const useful = curves.flatMap(({ decision }) =>
    decision.model.filter(({ high }) => (high ?? 0) > prevalence * 0.02).map(({ x }) => x),
  );
  const max = Math.min(1, roundUp(useful.reduce((most, x) => Math.max(most, x), Math.min(1, 2 * prevalence))));
  const squareRoot = prevalence < 0.15 * max;
  const [low, high] = extent([...curves.flatMap(({ decision }) => decision.model.map((point) => point.high)), 0], 0.06);
  const floor = Math.max(-0.35 * high, low - 0.25 * high);
  // What falls below the picture is a gap, not a line between what is left.
  const cut = (y: number | null | undefined) => (y === null || y === undefined || y < floor ? Number.NaN : y);
  const within = (points: readonly { readonly x: number; readonly y: number | null }[]) =>
    points.filter(({ x }) => x <= max).map(({ x, y }) => ({ x, y: cut(y) }));
  const all = curves[0]?.decision;
  const everybody = all ? within(all.model.map(({ x }, i) => ({ x, y: all.treatAll[i] ?? null }))) : [];
  const treatAll = everybody.filter(({ y }) => !Number.isNaN(y));
  return framed(
    frame,
    scaled({ max, squareRoot }, `threshold probability${squareRoot ? ' (square-root scale)' : ''}`),
    {
      domain: [floor, high],
      grid: true,
      ticks: 5,
      labelAnchor: 'center',
      labelArrow: 'none',
      label: 'net benefit a row',
      tickFormat: tickText,
    },
    [
      Plot.line(treatAll, { x: 'x', y: 'y', stroke: MUTED, strokeDasharray: '4,3' }),
      Plot.ruleY([0], { stroke: MUTED }),
      ...curves.map(({ decision, m }) =>
        Plot.areaY(
          decision.model.filter(({ x }) => x <= max),
          {
            x: 'x',
            y1: ({ low: end, high: top }) =>
              Number.isNaN(cut(top)) || end === null ? Number.NaN : Math.max(floor, end),
            y2: ({ high: top }) => cut(top),
            fill: lookOf(m).colour,
            fillOpacity: 0.16,
          },
        ),
      ),
      ...curves.map(({ decision, m }) =>
        Plot.line(within(decision.model), {
          x: 'x',
          y: 'y',
          stroke: lookOf(m).colour,
          strokeWidth: 2,
          strokeDasharray: lookOf(m).dash,
        }),
      ),
      ...(treatAll.length > 0
        ? [
            Plot.text([treatAll[Math.floor(treatAll.length / 2)]!], {
              x: 'x',
              y: 'y',
              text: () => 'treat all',
              dx: -6,
              textAnchor: 'end',
              fill: MUTED,
              stroke: PAPER,
              strokeWidth: 4,
            }),
            Plot.text([0], {
              x: max,
              y: 0,
              text: () => 'treat none',
              dy: 9,
              textAnchor: 'end',
              fill: MUTED,
              stroke: PAPER,
              strokeWidth: 4,
            }),
          ]
        : []),
    ],
  );
}

/** Scores of both classes as shares of their class: the positive one above the line, the other below. */
export function scoreHistogram({ histogram, scores }: ModelEvaluation, look: Look, frame: Frame): Markup {
  const { edges, positives, negatives } = histogram;
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0) || 1;
  const bars = (counts: readonly number[], sign: number) =>
    counts.map((count, i) => ({ x1: edges[i]!, x2: edges[i + 1]!, y: (sign * count) / sum(counts) }));
  const squared = scores.probabilities && edges[1]! - edges[0]! < 0.5 * (edges.at(-1)! / (edges.length - 1));
  const all = [...bars(positives, 1), ...bars(negatives, -1)];
  const most = Math.max(...all.map(({ y }) => Math.abs(y)));
  return framed(
    frame,
    {
      type: squared ? 'pow' : 'linear',
      ...(squared ? { exponent: 0.5, ticks: probabilityTicks(edges.at(-1)!, true) } : { ticks: 5 }),
      domain: [edges[0]!, edges.at(-1)!],
      tickFormat: tickText,
      label: squared ? 'score (square-root scale)' : 'score',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    {
      domain: [-most, most],
      grid: true,
      ticks: 5,
      tickFormat: (value: number) => pageFormat.percent(Math.abs(value)),
      label: 'share of the class',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    [
      Plot.rect(bars(positives, 1), { x1: 'x1', x2: 'x2', y1: 0, y2: 'y', fill: look.colour }),
      Plot.rect(bars(negatives, -1), { x1: 'x1', x2: 'x2', y1: 0, y2: 'y', fill: MUTED }),
      Plot.ruleY([0], { stroke: MUTED }),
    ],
  );
}
