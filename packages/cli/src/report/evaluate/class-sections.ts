import { type ClassDecisionEvaluation, evaluationMetricInfo } from '@counterweight/core';
import { pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { figure, type Section } from '../html/sections/section.ts';
import { estimateCell, fold, row, rowHead, table } from '../html/tables.ts';
import { lookOf, precisionRecallCurves, probabilityScale, reliabilityDiagram, rocCurves } from './charts.ts';
import { digitsFor } from './digits.ts';
import type { ClassEvaluationReport } from './evaluation-report.ts';
import { inWords, nothing } from './sections.ts';

const mostPanels = 6;
const mostConfused = 15;

export function classLead({ data, decisions, metrics }: ClassEvaluationReport): Content {
  const first = decisions[0]!;
  const rarest = [...data.classes].filter(({ rows }) => rows > 0).sort((a, b) => a.rows - b.rows)[0]!;
  const recall = first.classes.find((one) => one.class === rarest.label)?.recall ?? nothing;
  return html`<p class="sentence">Taking the most probable class finds ${pageFormat.percent(recall.value)} of ${dataName(rarest.label, 30)}, the rarest of ${data.classes.length} classes.</p>
<dl class="figures">
<div><dt>rows</dt><dd><span class="big">${pageFormat.count(data.rows)}</span><span class="small">${pageFormat.count(rarest.rows)} of the rarest class</span></dd></div>
<div><dt>balanced accuracy</dt><dd><span class="big">${pageFormat.number(first.metrics['balancedAccuracy']?.value ?? null)}</span><span class="small">${pageFormat.interval(first.metrics['balancedAccuracy'] ?? nothing)}; accuracy ${pageFormat.number(first.metrics['accuracy']?.value ?? null)}</span></dd></div>
<div><dt>ROC-AUC, one against one</dt><dd><span class="big">${pageFormat.number(metrics['rocAucOneVsOne']?.value ?? null)}</span><span class="small">${pageFormat.interval(metrics['rocAucOneVsOne'] ?? nothing)}</span></dd></div>
</dl>`;
}

export function classSections(report: ClassEvaluationReport): Section[] {
  return [overallSection(report), reportSection(report), curveSection(report)];
}

const names = { 'most-probable': 'most probable class', tuned: 'tuned on these rows', cost: 'from costs' } as const;

function overallSection({ metrics, decisions }: ClassEvaluationReport): Section {
  const keys = [...new Set(decisions.flatMap((one) => Object.keys(one.metrics)))];
  return {
    id: 'overall',
    heading: 'Over all classes',
    short: 'Over all classes',
    body: html`<p>Macro averages count every class alike, however rare; micro and weighted ones follow the common classes.</p>
${table({
  caption: 'Ranking and probabilities',
  head: [{ text: 'metric' }, { text: 'value', right: true }],
  rows: Object.entries(metrics).map(([key, one]) =>
    row(html`${rowHead(evaluationMetricInfo(key).label)}${estimateCell(one, digitsFor([one.value]))}`),
  ),
})}
${table({
  caption: 'Decisions',
  note: decisions.some(({ name }) => name === 'tuned')
    ? 'Tuned class weights were chosen on these very rows, so they look better than they will be.'
    : undefined,
  head: [{ text: 'metric' }, ...decisions.map(({ name }) => ({ text: names[name], right: true }))],
  rows: keys.map((key) => {
    const estimates = decisions.map((one) => one.metrics[key]);
    const label = macro.has(key) ? `${evaluationMetricInfo(key).label} (macro)` : evaluationMetricInfo(key).label;
    return row(
      html`${rowHead(label)}${estimates.map((one) => estimateCell(one, digitsFor(estimates.map((other) => other?.value))))}`,
    );
  }),
})}`,
  };
}

const macro = new Set(['precision', 'recall', 'specificity', 'f1', 'f2']);

function reportSection({ decisions, data }: ClassEvaluationReport): Section {
  return {
    id: 'classes',
    heading: 'Class by class',
    short: 'Classes',
    body: html`${decisions.map((one, i) => {
      const body = html`${classTable(one)}${data.classes.length <= mostConfused ? confusionTable(one, data.classes) : ''}`;
      return i === 0 ? body : fold(`The same, ${names[one.name]}`, body);
    })}`,
  };
}

function classTable(decision: ClassDecisionEvaluation): Markup {
  const sorted = [...decision.classes].sort((a, b) => a.support - b.support);
  return table({
    caption: `Class report, ${names[decision.name]}`,
    note: 'Rarest first.',
    head: [
      { text: 'class' },
      ...['rows', 'predicted', 'precision', 'recall', 'F1', 'specificity'].map((text) => ({ text, right: true })),
    ],
    rows: sorted.map((one) =>
      row(
        html`${rowHead(dataName(one.class, 40))}<td class="r">${pageFormat.count(one.support)}</td><td class="r">${pageFormat.count(one.predicted)}</td>${estimateCell(one.precision)}${estimateCell(one.recall)}${estimateCell(one.f1)}${estimateCell(one.specificity)}`,
      ),
    ),
  });
}

function confusionTable(
  { confusion }: ClassDecisionEvaluation,
  classes: ClassEvaluationReport['data']['classes'],
): Markup {
  return table({
    caption: 'Confusion: rows are true classes, columns predictions',
    className: 'matrix',
    head: [{ text: '' }, ...classes.map(({ label }) => ({ text: dataName(label, 14), right: true }))],
    rows: classes.map(({ label }, i) =>
      row(
        html`${rowHead(dataName(label, 20))}${confusion[i]!.map((count, j) => {
          const sum = confusion[i]!.reduce((total, value) => total + value, 0);
          const shade = sum === 0 ? 0 : Math.round((10 * count) / sum);
          return html`<td class="shade-${shade}${i === j ? ' diagonal' : ''}">${pageFormat.count(count)}</td>`;
        })}`,
      ),
    ),
  });
}

function curveSection({ classes }: ClassEvaluationReport): Section {
  const shown = classes.slice(0, mostPanels);
  const grid = (draw: (one: (typeof shown)[number], i: number) => Markup) =>
    html`<div class="multiples">${shown.map((one, i) => html`<div><p>${dataName(one.class, 30)}</p>${draw(one, i)}</div>`)}</div>`;
  const left =
    classes.length > mostPanels ? ` The ${mostPanels} rarest; the table and the JSON document have more.` : '';
  const bins = shown.flatMap(({ probabilities }) => probabilities?.reliability ?? []);
  const scale = probabilityScale(
    bins.map(({ predicted }) => predicted),
    bins.map(({ observed }) => observed.high ?? 0),
  );
  return {
    id: 'curves',
    heading: 'Each class against the rest',
    short: 'Curves',
    body: html`${figure({
      title: 'Precision and recall',
      charts: grid((one, i) =>
        precisionRecallCurves([one], one.prevalence, {
          id: `pr-${i}`,
          small: true,
          title: 'Precision-recall curve',
          description: `Average precision ${inWords(one.ranking['averagePrecision'] ?? nothing)}.`,
        }),
      ),
      caption: `Rarest first. Dashed: guessing. Shaded: pointwise intervals.${left}`,
    })}
${figure({
  title: 'ROC',
  charts: grid((one, i) =>
    rocCurves([one], {
      id: `roc-${i}`,
      small: true,
      title: 'ROC curve',
      description: `ROC-AUC ${inWords(one.ranking['rocAuc'] ?? nothing)}.`,
    }),
  ),
  caption: `Dashed: guessing.${left}`,
})}
${figure({
  title: 'Reliability',
  charts: grid((one, i) =>
    reliabilityDiagram(one.probabilities!, lookOf(0), scale, {
      id: `reliability-${i}`,
      small: true,
      title: 'Reliability diagram',
      description: `Mean probability ${inWords(one.probabilities!.metrics['meanPrediction'] ?? nothing)}, observed ${pageFormat.probability(one.prevalence)}.`,
    }),
  ),
  caption: `Bars: Wilson intervals. Grey steps: isotonic regression.${scale.squareRoot ? ' Square-root scales.' : ''}${left}`,
})}
${table({
  caption: 'Each class against the rest',
  head: [
    { text: 'class' },
    ...['rows', 'ROC-AUC (DeLong)', 'average precision', 'Brier score', 'calibration slope'].map((text) => ({
      text,
      right: true,
    })),
  ],
  rows: classes.map((one) =>
    row(
      html`${rowHead(dataName(one.class, 40))}<td class="r">${pageFormat.count(one.rows)}</td>${estimateCell(one.deLong)}${estimateCell(one.ranking['averagePrecision'])}${estimateCell(one.probabilities?.metrics['brierScore'], digitsFor([one.probabilities?.metrics['brierScore']?.value]))}${estimateCell(one.probabilities?.metrics['calibrationSlope'])}`,
    ),
  ),
})}`,
  };
}
