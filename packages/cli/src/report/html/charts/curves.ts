import * as Plot from '@observablehq/plot';
import { pageFormat } from '../../format.ts';
import type { CurvePoint, HeldOut } from '../../run-report.ts';
import { ACCENT, axisName, CONTRAST, fromNoRecall, INK, MUTED, PAPER, thinLine } from './axis.ts';
import { bandMark } from './band.ts';
import { chartSvg } from './plot-svg.ts';

type ClassCurves = HeldOut['curves'][number];

export interface CurveInput {
  readonly curves: ClassCurves;
  /** Unique on the page. */
  readonly id: string;
  /** Small multiples leave the labels out. */
  readonly small: boolean;
}

/** Precision against recall, in steps (a straight line between two points would promise what no threshold gives). */
export function precisionRecallChart({ curves, id, small }: CurveInput) {
  const points = thinLine(fromNoRecall(rising(curves.precisionRecall)), 0.001);
  const { bands, chosen, prevalence } = curves;
  return square({
    id: `${id}-pr`,
    small,
    title: `Precision-recall curve of ${axisName(curves.class, 60)} on the held-out rows`,
    description: `${
      chosen
        ? `At the chosen threshold precision is ${pageFormat.number(chosen.precision)} and recall ${pageFormat.number(chosen.recall)}. `
        : ''
    }Guessing gives precision ${pageFormat.percent(prevalence)}.`,
    x: 'recall (share of the class found)',
    y: 'precision (share of flags that are right)',
    marks: [
      Plot.ruleY([prevalence], { stroke: MUTED, strokeDasharray: '4,3' }),
      ...(small
        ? []
        : [
            Plot.text([0], {
              x: 0.01,
              y: prevalence,
              text: () => `guessing: ${pageFormat.percent(prevalence)}`,
              textAnchor: 'start',
              dy: prevalence > 0.85 ? 10 : -8,
              fill: MUTED,
              stroke: PAPER,
              strokeWidth: 4,
            }),
          ]),
      ...(bands ? [bandMark(bands.precisionRecall, ACCENT)] : []),
      Plot.line(points, { x: 'x', y: 'y', stroke: ACCENT, strokeWidth: 2, curve: 'step-before' }),
      ...(chosen ? chosenMarks(chosen.recall, chosen.precision, small) : []),
    ],
  });
}

/** True positive rate against false positive rate. */
export function rocChart({ curves, id, small }: CurveInput) {
  const { bands, chosen } = curves;
  return square({
    id: `${id}-roc`,
    small,
    title: `ROC curve of ${axisName(curves.class, 60)} on the held-out rows`,
    description: chosen
      ? `At the chosen threshold the true positive rate is ${pageFormat.number(chosen.recall)} and the false positive rate ${pageFormat.number(chosen.falsePositiveRate)}.`
      : 'The diagonal is guessing.',
    x: 'false positive rate (share of the rest flagged)',
    y: 'true positive rate (share of the class found)',
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: MUTED, strokeDasharray: '4,3' },
      ),
      ...(small
        ? []
        : [Plot.text([0], { x: 0.72, y: 0.66, text: () => 'guessing', textAnchor: 'start', fill: MUTED })]),
      ...(bands ? [bandMark(bands.roc, ACCENT)] : []),
      Plot.line(thinLine(rising(curves.roc), 0.001), { x: 'x', y: 'y', stroke: ACCENT, strokeWidth: 2 }),
      ...(chosen ? chosenMarks(chosen.falsePositiveRate, chosen.recall, small) : []),
    ],
  });
}

/** Curves may be given from either end; lines are drawn from the left. */
function rising(points: readonly CurvePoint[]): readonly CurvePoint[] {
  return (points[0]?.x ?? 0) > (points.at(-1)?.x ?? 0) ? [...points].reverse() : points;
}

function chosenMarks(x: number, y: number, small: boolean): Plot.Markish[] {
  const left = x > 0.6;
  return [
    Plot.dot([{ x, y }], { x: 'x', y: 'y', r: small ? 4 : 6, fill: CONTRAST, stroke: PAPER, strokeWidth: 1.5 }),
    ...(small
      ? []
      : [
          Plot.text([{ x, y }], {
            x: 'x',
            y: 'y',
            text: () => 'chosen',
            dx: left ? -10 : 10,
            dy: y > 0.85 ? 12 : -10,
            textAnchor: left ? 'end' : 'start',
            fill: INK,
            fontWeight: 'bold',
            stroke: PAPER,
            strokeWidth: 4,
          }),
        ]),
  ];
}

function square(options: {
  id: string;
  small: boolean;
  title: string;
  description: string;
  x: string;
  y: string;
  marks: Plot.Markish[];
}) {
  const { small } = options;
  const axis = { domain: [0, 1], ticks: small ? 2 : 5, grid: true, labelAnchor: 'center', labelArrow: 'none' } as const;
  const short = (label: string) => (small ? label.replace(/ \(.*/, '') : label);
  return chartSvg({
    id: options.id,
    title: options.title,
    description: options.description,
    plot: {
      width: small ? 220 : 400,
      height: small ? 200 : 370,
      marginTop: 12,
      marginRight: 14,
      marginLeft: 50,
      marginBottom: 42,
      x: { ...axis, label: short(options.x) },
      y: { ...axis, label: short(options.y) },
      marks: options.marks,
    },
  });
}
