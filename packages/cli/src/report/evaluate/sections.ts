import type { Estimate, ModelEvaluation } from '@counterweight/core';
import { pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { figure, legendLine, type Section } from '../html/sections/section.ts';
import { estimateCell, fold, numberCell, row, rowHead, table } from '../html/tables.ts';
import {
  decisionCurves,
  gainsCurves,
  liftCurves,
  lookOf,
  mostDrawn,
  precisionRecallCurves,
  probabilityScale,
  reliabilityDiagram,
  rocCurves,
  scoreHistogram,
} from './charts.ts';
import { comparisonSection, settled } from './comparison-section.ts';
import { digitsFor } from './digits.ts';
import type { BinaryEvaluationReport } from './evaluation-report.ts';
import { labelOf, pointLabels, presetLabels } from './labels.ts';

export const nothing: Estimate = { value: null, low: null, high: null };

/** `0.912 [0.880, 0.940]` in running text. */
export function inWords(one: Estimate): string {
  const decimals = digitsFor([one.value]);
  return `${pageFormat.number(one.value, decimals)} ${pageFormat.interval(one, decimals)}`.trim();
}

/** The answer first: rows, and what the best ranking reaches. */
export function binaryLead(report: BinaryEvaluationReport): Content {
  const { data, positive, negative, models } = report;
  const sentence = models.length === 1 ? oneModel(report) : bestModel(report);
  return html`<p class="sentence">${sentence}</p>
<dl class="figures">
<div><dt>rows</dt><dd><span class="big">${pageFormat.count(data.rows)}</span><span class="small">${data.weights === 'none' ? 'each counts once' : `weighted, ${data.weights === 'counts' ? 'weights are copies' : 'importance weights'}`}</span></dd></div>
<div><dt>class ${dataName(positive, 30)}</dt><dd><span class="big">${pageFormat.count(data.positives)}</span><span class="small">${pageFormat.percent(data.prevalence)} of all</span></dd></div>
<div><dt>class ${dataName(negative, 30)}</dt><dd><span class="big">${pageFormat.count(data.negatives)}</span><span class="small">${pageFormat.number(Math.max(data.negatives / data.positives, data.positives / data.negatives), 1)} to 1</span></dd></div>
</dl>`;
}

const rankedBy = 'averagePrecision';

function oneModel({ data, models }: BinaryEvaluationReport): Content {
  const { name, ranking } = models[0]!;
  return html`${dataName(name, 40)}: average precision ${inWords(ranking[rankedBy] ?? nothing)}, where guessing gives ${pageFormat.percent(data.prevalence)}.`;
}

/** The model with the highest average precision, and from which others its lead is more than chance. */
function bestModel({ models, comparisons }: BinaryEvaluationReport): Content {
  const value = ({ ranking }: ModelEvaluation) => ranking[rankedBy]?.value ?? -1;
  const best = models.reduce((first, other) => (value(other) > value(first) ? other : first));
  const unsettled = comparisons.filter(
    ({ first, second, differences }) =>
      (first === best.name || second === best.name) && !settled(differences[rankedBy]),
  );
  const others = unsettled.map(({ first, second }) => (first === best.name ? second : first));
  if (models.length === 2 && models.every((model) => value(model) === value(best))) {
    return html`${dataName(models[0]!.name, 40)} and ${dataName(models[1]!.name, 40)} have the same average precision, ${inWords(best.ranking[rankedBy] ?? nothing)}.`;
  }
  const rest =
    others.length === 0
      ? 'above every other beyond chance'
      : html`not beyond chance above ${others.slice(0, 3).map((name, i) => html`${i > 0 ? ', ' : ''}${dataName(name, 30)}`)}${others.length > 3 ? html` and ${others.length - 3} more` : ''}`;
  return html`${dataName(best.name, 40)} has the highest average precision of ${models.length} models, ${inWords(best.ranking[rankedBy] ?? nothing)}: ${rest}.`;
}

export function binarySections(report: BinaryEvaluationReport): Section[] {
  return [
    ...(report.comparisons.length > 0 ? [comparisonSection(report)] : []),
    rankingSection(report),
    decisionSection(report),
    probabilitySection(report),
    scoreSection(report),
  ];
}

const drawnOf = ({ models }: BinaryEvaluationReport) => models.slice(0, mostDrawn);

/** Names of the drawn models beside their lines. */
function legend(models: readonly ModelEvaluation[]): Content {
  if (models.length < 2) return '';
  return html`<ul class="legend">${models.map(({ name }, m) => {
    const { colour, dash } = lookOf(m);
    return legendLine(dataName(name, 30), colour, dash);
  })}</ul>`;
}

const leftOut = ({ models }: BinaryEvaluationReport) =>
  models.length > mostDrawn ? ` The first ${mostDrawn} of ${models.length} models; the tables have all.` : '';

/** One line a metric, one column a model. */
function metricTable(
  caption: Content,
  models: readonly ModelEvaluation[],
  rows: readonly { readonly label: Content; readonly of: (model: ModelEvaluation) => Estimate | undefined }[],
  note?: Content,
): Markup {
  return table({
    caption,
    note,
    head: [{ text: 'metric' }, ...models.map(({ name }) => ({ text: dataName(name, 24), right: true }))],
    rows: rows.map(({ label, of }) => {
      const estimates = models.map(of);
      const decimals = digitsFor(estimates.map((one) => one?.value));
      return row(html`${rowHead(label)}${estimates.map((one) => estimateCell(one, decimals))}`);
    }),
  });
}

function rankingSection(report: BinaryEvaluationReport): Section {
  const drawn = drawnOf(report);
  const { data, models } = report;
  const summary = (name: string) =>
    drawn.map((model) => `${model.name}: ${inWords(model.ranking[name] ?? nothing)}`).join('; ');
  const sizes = models[0]!.top;
  return {
    id: 'ranking',
    heading: 'How well rows are put in order',
    short: 'Ranking',
    body: html`<p>With a rare class look at precision and recall first: the ROC curve counts false alarms against the many rows of the rest and looks good early.</p>
${legend(drawn)}
<div class="pair">
${figure({
  title: 'Precision and recall',
  charts: precisionRecallCurves(drawn, data.prevalence, {
    id: 'pr',
    title: 'Precision-recall curves',
    description: `Average precision: ${summary('averagePrecision')}. Guessing gives ${pageFormat.percent(data.prevalence)}.`,
  }),
  caption: `Dashed: guessing, ${pageFormat.percent(data.prevalence)}. Shaded: pointwise intervals.${leftOut(report)}`,
})}
${figure({
  title: 'ROC',
  charts: rocCurves(drawn, { id: 'roc', title: 'ROC curves', description: `ROC-AUC: ${summary('rocAuc')}.` }),
  caption: 'Dashed: guessing. Shaded: pointwise intervals.',
})}
${figure({
  title: 'Gains',
  charts: gainsCurves(drawn, data.prevalence, {
    id: 'gains',
    title: 'Cumulative gains',
    description: 'Share of the class found by the share of rows looked at.',
  }),
  caption: 'Dashed: a random choice below, a perfect order above.',
})}
${figure({
  title: 'Lift',
  charts: liftCurves(drawn, data.prevalence, {
    id: 'lift',
    title: 'Lift',
    description: 'Times as many of the class as a random choice of as many rows finds.',
  }),
  caption: 'Dashed: a random choice, 1.',
})}
</div>
${metricTable('Ranking', models, [
  { label: 'ROC-AUC, DeLong', of: ({ deLong }) => deLong },
  { label: 'ROC-AUC, bootstrap', of: ({ ranking }) => ranking['rocAuc'] },
  ...Object.keys(models[0]!.ranking)
    .filter((name) => name !== 'rocAuc')
    .map((name) => ({ label: labelOf(name), of: ({ ranking }: ModelEvaluation) => ranking[name] })),
])}
${metricTable(
  'The rows with the highest scores',
  models,
  sizes.flatMap(({ rows, share }, i) =>
    (['precision', 'recall', 'lift'] as const).map((name) => ({
      label: `${name} in the first ${pageFormat.count(rows)} (${pageFormat.percent(share)})`,
      of: ({ top }: ModelEvaluation) => top[i]?.[name],
    })),
  ),
  'Where scores tie at the cut, what a random choice among them gives on average.',
)}`,
  };
}

const mainDecisions = ['precision', 'recall', 'specificity', 'f1', 'matthewsCorrcoef', 'balancedAccuracy'];

function decisionSection(report: BinaryEvaluationReport): Section {
  const { models, costs } = report;
  const drawn = drawnOf(report);
  const shown = [...(costs ? ['expectedCost', 'savings'] : []), ...mainDecisions];
  const curves = drawn.filter(({ curves }) => curves.decision !== null);
  return {
    id: 'decisions',
    heading: 'What thresholds give',
    short: 'Decisions',
    body: html`<p>A row is flagged where its score reaches the threshold. Which threshold is right follows from what the mistakes cost, not from the data.</p>
${models.map((model) => decisionTable(model, shown, models.length > 1))}
${models.map((model) => tunedNote(model, models.length > 1))}
${fold('All metrics of decisions', html`${models.map((model) => decisionTable(model, Object.keys(model.decisions[0]!.metrics), models.length > 1))}`)}
${
  curves.length === 0
    ? ''
    : html`${legend(drawn)}${figure({
        title: 'Decision curve: is it worth acting on the probabilities?',
        charts: decisionCurves(drawn, report.data.prevalence, {
          id: 'benefit',
          title: 'Decision curve',
          description:
            'Net benefit of the models, of treating everybody and of treating nobody, by threshold probability.',
        }),
        caption: `Net benefit (Vickers and Elkin, 2006): true positives a row less false positives a row, a false positive weighing threshold / (1 − threshold) of a true one. A model is of use at a threshold where it lies above both treating all and treating none.${leftOut(report)}`,
      })}`
}`,
  };
}

function decisionTable({ name, decisions }: ModelEvaluation, keys: readonly string[], several: boolean): Markup {
  const known = keys.filter((key) => decisions.some(({ metrics }) => metrics[key]));
  return table({
    caption: several ? html`Decisions of ${dataName(name, 40)}` : 'Decisions',
    head: [{ text: 'metric' }, ...decisions.map((one) => ({ text: pointLabels[one.name], right: true }))],
    rows: [
      row(
        html`${rowHead('threshold')}${decisions.map(
          ({ threshold }) =>
            html`<td class="r">${threshold === null ? 'flag nothing' : pageFormat.probability(threshold)}</td>`,
        )}`,
      ),
      row(
        html`${rowHead('flagged rightly / wrongly')}${decisions.map(
          ({ counts: { tp, fp } }) => html`<td class="r">${pageFormat.count(tp)} / ${pageFormat.count(fp)}</td>`,
        )}`,
      ),
      row(
        html`${rowHead('missed')}${decisions.map(({ counts: { fn } }) => html`<td class="r">${pageFormat.count(fn)}</td>`)}`,
      ),
      ...known.map((key) => {
        const estimates = decisions.map(({ metrics }) => metrics[key]);
        const decimals = digitsFor(estimates.map((one) => one?.value));
        return row(html`${rowHead(labelOf(key))}${estimates.map((one) => estimateCell(one, decimals))}`);
      }),
    ],
  });
}

function tunedNote({ name, decisions }: ModelEvaluation, several: boolean): Content {
  const tuned = decisions.find((one) => one.tuned !== null)?.tuned;
  if (!tuned) return '';
  const decimals = digitsFor([tuned.apparent]);
  return html`<p class="muted">${several ? html`${dataName(name, 30)}: the` : 'The'} tuned threshold was chosen on these very rows for ${labelOf(tuned.metric)}, so it looks better than it will
be: ${pageFormat.number(tuned.apparent, decimals)} here, about ${pageFormat.number(tuned.crossFitted, decimals)} on new rows (cross-fitted in ten folds). On other rows of this kind it
would lie between ${pageFormat.probability(tuned.low)} and ${pageFormat.probability(tuned.high)}.</p>`;
}

const mainProbability = [
  'brierScore',
  'd2BrierScore',
  'brierMiscalibration',
  'brierDiscrimination',
  'logLoss',
  'd2LogLossScore',
  'meanPrediction',
  'calibrationInTheLarge',
  'calibrationSlope',
  'calibrationIntercept',
  'ici',
  'e50',
  'e90',
  'eMax',
];

function probabilitySection(report: BinaryEvaluationReport): Section {
  const models = report.models.filter(({ probabilities }) => probabilities !== null);
  if (models.length === 0) {
    return {
      id: 'probabilities',
      heading: 'Can the probabilities be believed?',
      short: 'Probabilities',
      body: html`<p class="muted">The scores do not lie in 0 to 1, so they are no probabilities.</p>`,
    };
  }
  const drawn = drawnOf(report).filter(({ probabilities }) => probabilities !== null);
  const scaleOf = ({ probabilities }: ModelEvaluation) =>
    probabilityScale(
      probabilities!.reliability.map(({ predicted }) => predicted),
      probabilities!.reliability.map(({ observed }) => observed.high ?? observed.value ?? 0),
    );
  return {
    id: 'probabilities',
    heading: 'Can the probabilities be believed?',
    short: 'Probabilities',
    body: html`<p>Rows are put into ten bins of equal size by their probability; on the dashed diagonal a probability means what it says.</p>
<div class="pair">${drawn.map((model) => {
      const scale = scaleOf(model);
      const m = report.models.indexOf(model);
      return figure({
        title: html`Reliability of ${dataName(model.name, 40)}`,
        charts: reliabilityDiagram(model.probabilities!, lookOf(m), scale, {
          id: `reliability-${m}`,
          title: 'Reliability diagram',
          description: `Mean probability ${inWords(model.probabilities!.metrics['meanPrediction'] ?? nothing)}, observed ${pageFormat.probability(report.data.prevalence)}.`,
        }),
        caption: `Bars: Wilson intervals. Grey steps: isotonic regression.${scale.max < 1 ? ` The axes end at ${pageFormat.probability(scale.max)}.` : ''}${scale.squareRoot ? ' Square-root scales.' : ''}`,
      });
    })}</div>
${metricTable(
  'Probabilities',
  models,
  mainProbability.map((name) => ({ label: labelOf(name), of: ({ probabilities }) => probabilities?.metrics[name] })),
  `Calibration in the large is 0, the slope 1 and the mean probability ${pageFormat.probability(report.data.prevalence)} where all is right. Scores and distances: lower is better; skill: higher.`,
)}
${errorTable(models)}
${spiegelhalterTable(models)}`,
  };
}

function errorTable(models: readonly ModelEvaluation[]): Markup {
  return metricTable(
    'Binned calibration errors (ECE)',
    models,
    models[0]!.probabilities!.calibrationErrors.map(({ preset }, i) => ({
      label: presetLabels[preset],
      of: ({ probabilities }: ModelEvaluation) => probabilities?.calibrationErrors[i]?.expected,
    })),
    html`They depend on the bins and are never 0: noise alone gives ${models.map(
      ({ name, probabilities }, i) =>
        html`${i > 0 ? '; ' : ''}${models.length > 1 ? html`${dataName(name, 20)} ` : ''}${pageFormat.number(probabilities!.calibrationErrors[1]!.ifCalibrated, digitsFor([probabilities!.calibrationErrors[1]!.ifCalibrated]))}`,
    )} by the rule of scikit-learn. The error of the likelier class is small for any rare class.`,
  );
}

function spiegelhalterTable(models: readonly ModelEvaluation[]): Markup {
  return table({
    caption: "Spiegelhalter's test of “every probability is right”",
    head: [{ text: 'model' }, { text: 'z', right: true }, { text: 'p-value', right: true }],
    rows: models.map(({ name, probabilities }) =>
      row(
        html`${rowHead(dataName(name, 40))}${numberCell(probabilities!.spiegelhalter.z, 2)}<td class="r">${pageFormat.pValue(probabilities!.spiegelhalter.pValue)}</td>`,
      ),
    ),
  });
}

function scoreSection(report: BinaryEvaluationReport): Section {
  const drawn = drawnOf(report);
  return {
    id: 'scores',
    heading: 'Where the scores lie',
    short: 'Scores',
    body: html`<div class="pair">${drawn.map((model, m) =>
      figure({
        title: html`Scores of ${dataName(model.name, 40)}`,
        charts: scoreHistogram(model, lookOf(m), {
          id: `scores-${m}`,
          title: 'Scores of both classes',
          description: `From ${model.scores.lowest} to ${model.scores.highest}, ${model.scores.distinct} distinct.`,
        }),
        caption: html`Upwards: ${dataName(report.positive, 30)}. Downwards, grey: ${dataName(report.negative, 30)}. Each as a share of its class. ${pageFormat.count(model.scores.distinct)} distinct scores.${leftOut(report)}`,
      }),
    )}</div>`,
  };
}
