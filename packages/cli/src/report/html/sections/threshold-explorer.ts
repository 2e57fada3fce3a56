import { pageFormat } from '../../format.ts';
import { decisionLabel, metricLabel } from '../../names.ts';
import type { HeldOut } from '../../run-report.ts';
import { roundUp, type Width } from '../charts/axis.ts';
import { type ThresholdSeries, thresholdChart, thresholdScale } from '../charts/threshold.ts';
import { COUNT_METRICS, type Counts, outcomeCosts, type ReportContext, totalCost } from '../context.ts';
import { type Content, html, jsonIsland, type Markup } from '../markup.ts';
import { figure, legendLine } from './section.ts';

type SweepPoint = HeldOut['sweep'][number];

const LINES = [
  { key: 'precision', colour: 'var(--accent)', dash: 'none' },
  { key: 'recall', colour: 'var(--contrast)', dash: '7,3' },
  { key: 'f1', colour: 'var(--third)', dash: '2,3' },
] as const;

/**
 * Metrics and costs against the threshold, beside the confusion matrix, with a slider that moves both.
 * Without JavaScript the pictures and the matrix at the chosen threshold remain.
 */
export function thresholdExplorer(context: ReportContext, confusion: Markup): Markup {
  const points = sweepWithChosen(context);
  if (points.length < 2)
    return html`${confusion}<p class="muted">No picture over thresholds: there are too few distinct scores.</p>`;
  const scale = thresholdScale(points);
  const chosen = context.report.heldOut.threshold;
  return html`<div class="explorer">
<div>
${metricFigure(context, points, scale, chosen)}
${slider(context)}
</div>
<div>
${confusion}
${readout(context)}
</div>
<div>
${costFigure(context, points, scale, chosen)}
</div>
</div>
${jsonIsland('threshold-data', islandOf(context, points, scale))}`;
}

/** The sweep is thinned; the chosen threshold is put in with its exact counts, so that the slider can stand on it. */
function sweepWithChosen({ report, counts }: ReportContext): SweepPoint[] {
  const { sweep, threshold } = report.heldOut;
  const finite = sweep.filter((point) => Number.isFinite(point.threshold));
  if (threshold === null || !counts || finite.length === 0) return finite;
  const others = finite.filter((point) => point.threshold !== threshold);
  return [...others, { threshold, ...counts }].sort((a, b) => b.threshold - a.threshold);
}

function slider({ chosen }: ReportContext): Markup {
  const presets = chosen.decisions.filter(({ threshold }) => threshold !== null);
  return html`<div class="slider screen-only" id="slider-box" hidden>
<label for="threshold-slider">Threshold <output id="threshold-value" for="threshold-slider"></output></label>
<div class="track"><input type="range" id="threshold-slider" min="0" max="1" step="any" aria-describedby="slider-help"></div>
<div class="buttons"><button type="button" data-preset="chosen">Back to the chosen one</button>${presets.map(
    ({ name }) =>
      html`<button type="button" data-preset="${name}">${name === 'half' ? '0.5' : decisionLabel(name, true)}</button>`,
  )}</div>
<p class="muted" id="slider-help">Drag, or use the arrow keys to go from one count to the next.</p>
</div>`;
}

type Scale = ReturnType<typeof thresholdScale>;

function metricFigure(
  { report }: ReportContext,
  points: readonly SweepPoint[],
  scale: Scale,
  chosen: number | null,
): Markup {
  const extra = LINES.every(({ key }) => key !== report.metric.name) ? COUNT_METRICS[report.metric.name] : undefined;
  const series: ThresholdSeries[] = LINES.map(({ key, colour, dash }) => ({
    label: metricLabel(key),
    colour,
    dash,
    of: COUNT_METRICS[key] ?? (() => null),
  }));
  if (extra) series.push({ label: report.metric.label, colour: 'var(--fourth)', dash: '10,3,2,3', of: extra });
  const low = extra && points.some((point) => (extra(point) ?? 0) < 0) ? -1 : 0;
  const draw = (width: Width) =>
    thresholdChart({
      id: 'threshold',
      title: 'Metrics against the threshold on the held-out rows',
      sweep: points,
      series,
      scale,
      chosen,
      width,
      y: { label: 'metric', domain: [low, 1] },
    });
  return figure({
    title: 'Metrics against the threshold',
    legend: html`<ul class="legend">${series.map(({ label, colour, dash }) => legendLine(label, colour, dash))}</ul>`,
    charts: html`${draw('wide')}${draw('narrow')}`,
    caption: thinningNote(report.heldOut.sweep.length),
  });
}

const thinningNote = (points: number) =>
  `Held-out rows, ${pageFormat.count(points)} thresholds${points >= 400 ? ' (thinned evenly; the ends are included)' : ''}.`;

function costFigure(
  { report }: ReportContext,
  points: readonly SweepPoint[],
  scale: Scale,
  chosen: number | null,
): Content {
  const costs = outcomeCosts(report);
  if (!costs) return '';
  const largest = points.reduce((max, point) => Math.max(max, totalCost(costs, point)), 0);
  const lowest = points.reduce((best, point) => (totalCost(costs, point) < totalCost(costs, best) ? point : best));
  const draw = (width: Width) =>
    thresholdChart({
      id: 'cost',
      title: 'Total cost against the threshold on the held-out rows',
      sweep: points,
      series: [{ label: 'cost', colour: 'var(--fourth)', dash: 'none', of: (counts) => totalCost(costs, counts) }],
      scale,
      chosen,
      width,
      y: { label: 'total cost', domain: [0, roundUp(largest)] },
    });
  return figure({
    title: 'Total cost against the threshold',
    charts: html`${draw('wide')}${draw('narrow')}`,
    caption: `Lowest on these rows at ${pageFormat.probability(lowest.threshold)}: ${amount(totalCost(costs, lowest))} in all. To flag nothing costs ${amount(costs.fn * (lowest.tp + lowest.fn) + costs.tn * (lowest.fp + lowest.tn))}.`,
  });
}

const amount = (value: number) => pageFormat.number(value, Number.isInteger(value) ? 0 : 2);

/** The numbers at the slider, filled at write time with those of the chosen threshold. */
function readout(context: ReportContext): Markup {
  const { counts, report } = context;
  if (!counts) return html``;
  const costs = outcomeCosts(report);
  const metric = (key: string) => pageFormat.number(COUNT_METRICS[key]?.(counts) ?? null);
  const entries: [string, string, string][] = [
    ['threshold', 'threshold', pageFormat.probability(report.heldOut.threshold)],
    ['flagged', 'rows flagged', pageFormat.count(counts.tp + counts.fp)],
    ...['precision', 'recall', 'f1', 'specificity'].map((key): [string, string, string] => [
      key,
      metricLabel(key),
      metric(key),
    ]),
    ...(costs ? [['cost', 'total cost', amount(totalCost(costs, counts))] as [string, string, string]] : []),
  ];
  return html`<dl class="readout" id="readout">${entries.map(([key, label, text]) => html`<div><dt>${label}</dt><dd data-out="${key}">${text}</dd></div>`)}</dl>`;
}

/** What the script needs: counts, the scale of the pictures, where to begin, and the costs. */
function islandOf(context: ReportContext, points: readonly SweepPoint[], scale: Scale) {
  const { report, chosen } = context;
  // Flagging at or above a threshold flags what flagging at the next score above it does.
  const at = (threshold: number) =>
    Math.max(
      0,
      points.findLastIndex((point) => point.threshold >= threshold),
    );
  const presets: Record<string, number> = {};
  for (const { name, threshold } of chosen.decisions) if (threshold !== null) presets[name] = at(threshold);
  const start = report.heldOut.threshold === null ? 0 : at(report.heldOut.threshold);
  return {
    points: points.map(({ threshold, tp, fp, fn, tn }: SweepPoint & Counts) => [threshold, tp, fp, fn, tn]),
    scale,
    presets: { ...presets, chosen: start },
    costs: outcomeCosts(report),
  };
}
