import { pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { renderPage } from '../html/page.ts';
import { noticesSection } from '../html/sections/closing.ts';
import { figure, type Section } from '../html/sections/section.ts';
import { cutText } from '../safe-text.ts';
import type { ConformalDocument, SetEvaluation } from './document.ts';
import { driftChart } from './drift-chart.ts';
import { byRarity, coverageSection, pValueSection, sizeSection } from './evaluation-sections.ts';
import { guideSection } from './guide-section.ts';
import { guaranteeSentence, riskSentence } from './words.ts';

/** The sets of `counterweight conformal` as one HTML file; load on demand, it brings the charts with it. */
export function renderConformalPage(document: ConformalDocument): string {
  const { data, newRows, settings, versions } = document;
  const evaluation = document.evaluation ?? newRows;
  const source = data?.source ?? newRows?.source ?? 'a saved model';
  return renderPage({
    title: `${cutText(source, 60)}: label sets · Counterweight`,
    heading: `Label sets for ${cutText(source, 80)}`,
    about: html`${data ? html`target ${cutText(data.target, 60)} · ` : ''}predictor ${settings.predictor}, score ${settings.method} · Counterweight ${versions.counterweight}`,
    lead: { id: 'promise', name: 'To the promise', body: leadSection(document, evaluation) },
    sections: [
      ...(evaluation ? evaluationSections(document, evaluation) : []),
      ...(document.drift && newRows ? [driftSection(document, newRows)] : []),
      ...(document.risk ? [riskSection(document.risk)] : []),
      noticesSection({ report: document }, 'the output of --json'),
      settingsSection(document),
      guideSection(),
    ],
  });
}

function evaluationSections(document: ConformalDocument, evaluation: SetEvaluation): Section[] {
  const pValues = pValueSection(document, evaluation);
  return [coverageSection(document, evaluation), sizeSection(document, evaluation), ...(pValues ? [pValues] : [])];
}

function leadSection(document: ConformalDocument, evaluation: SetEvaluation | null): Markup {
  const { settings, calibration } = document;
  const doubtful = settings.guarantee === 'none' || (document.drift?.alarmAt ?? null) !== null;
  return html`<section class="verdict" id="promise" aria-label="What is promised">
<p class="kind${doubtful ? ' no-difference' : ''}">${kindOfPromise(document)}</p>
<p class="sentence">${guaranteeSentence(settings)}</p>
<dl class="figures">
${figures(document, evaluation).map(
  ({
    term,
    big,
    small,
  }) => html`<div><dt>${term}</dt><dd><span class="big">${big}</span>${small ? html`<span class="small">${small}</span>` : ''}</dd></div>
`,
)}</dl>
${driftCallout(document)}
${underCovered(document, evaluation)}
${tooFewCallout(document)}
${calibration.rows < calibration.rowsNeeded ? html`<div class="callout"><p>There are too few calibration rows for this error rate: every label is in every set.</p></div>` : ''}
</section>`;
}

function kindOfPromise({ settings, drift }: ConformalDocument): string {
  if (drift && drift.alarmAt !== null) return 'A promise that later rows put in doubt';
  const kinds = {
    marginal: 'A promise over all rows',
    class: 'A promise for each class',
    category: 'A promise for each category',
    'class-and-category': 'A promise for each class in each category',
    none: 'No rate is proved',
  } as const;
  return kinds[settings.guarantee];
}

interface Figure {
  readonly term: Content;
  readonly big: Content;
  readonly small?: Content;
}

function figures(document: ConformalDocument, evaluation: SetEvaluation | null): Figure[] {
  const { calibration, settings } = document;
  const fewest = [...calibration.classes].sort((a, b) => a.rows - b.rows)[0];
  const expected = settings.smoothed || settings.exactCoverage ? null : calibration.expected;
  const rows: Figure = {
    term: 'Calibration rows',
    big: pageFormat.count(calibration.rows),
    small: expected
      ? html`coverage in the long run ${pageFormat.percent(expected.low)} to ${pageFormat.percent(expected.high)}`
      : html`${pageFormat.count(calibration.rowsNeeded)} needed for a finite bound`,
  };
  const rarest: Figure[] = fewest
    ? [
        {
          term: 'Fewest of a class',
          big: pageFormat.count(fewest.rows),
          small: html`class ${dataName(fewest.class, 40)}`,
        },
      ]
    : [];
  if (!evaluation) return [rows, ...rarest];
  const { coverage, macroCoverage } = evaluation;
  const lowest = byRarity(document, evaluation)
    .filter(({ value }) => value !== null)
    .sort((a, b) => a.value! - b.value!)[0];
  return [
    {
      term: `Coverage, ${pageFormat.percent(1 - settings.alpha)} asked`,
      big: pageFormat.percent(coverage.value),
      small: `95\u202f% interval [${pageFormat.percent(coverage.low)}, ${pageFormat.percent(coverage.high)}]`,
    },
    {
      term: 'Lowest coverage of a class',
      big: pageFormat.percent(lowest?.value ?? null),
      small: lowest && html`class ${dataName(lowest.class, 40)}; mean of classes ${pageFormat.percent(macroCoverage)}`,
    },
    { term: 'Labels a set', big: pageFormat.number(evaluation.meanSize, 2) },
    {
      term: 'Sets of one label',
      big: pageFormat.percent(evaluation.singletonRate),
      small: html`${pageFormat.percent(evaluation.emptyRate)} without any`,
    },
    rows,
    ...rarest,
  ];
}

function driftCallout({ drift }: ConformalDocument): Content {
  if (!drift || drift.alarmAt === null) return '';
  return html`<div class="callout"><p><strong>Drift:</strong> at data row ${pageFormat.count(drift.alarmAt + 1)} of ${dataName(drift.source)} the rows are no longer like the calibration rows; the promise need not hold for them. Calibrate on rows as they are now.</p></div>`;
}

function tooFewCallout({ notices }: ConformalDocument): Content {
  const notice = notices.find(({ code }) => code === 'too-few-calibration-rows');
  return notice && html`<div class="callout"><p><strong>Too few rows:</strong> ${notice.message}.</p></div>`;
}

function underCovered({ settings }: ConformalDocument, evaluation: SetEvaluation | null): Content {
  if (!evaluation || settings.guarantee === 'class' || settings.guarantee === 'class-and-category') return '';
  const short = evaluation.perClass.filter(({ high }) => high !== null && high < 1 - settings.alpha);
  if (short.length === 0) return '';
  const worst = [...short].sort((a, b) => a.value! - b.value!).slice(0, 3);
  return html`<div class="callout"><p>Covered less than asked, beyond chance: ${worst.map(
    (one, i) => html`${i > 0 ? ', ' : ''}${dataName(one.class, 40)} (${pageFormat.percent(one.value)})`,
  )}${short.length > worst.length ? ` and ${pageFormat.count(short.length - worst.length)} more` : ''}. With <code>--class-conditional</code> the rate holds within each class.</p></div>`;
}

function driftSection(document: ConformalDocument, newRows: SetEvaluation): Section {
  const drift = document.drift!;
  const { expected, coverage } = newRows;
  return {
    id: 'drift',
    heading: 'Are later rows like the calibration rows?',
    short: 'Drift',
    body: html`<p>The ${pageFormat.count(drift.rows)} rows of ${dataName(drift.source)} in their order. Each is compared with the calibration rows and the rows before it; a martingale bets
against their being alike. As long as they are, it seldom grows: the chance of ever reaching the alarm is at most ${pageFormat.percent(drift.level)}.</p>
${figure({
  title: drift.alarmAt === null ? 'No alarm' : html`Alarm at data row ${pageFormat.count(drift.alarmAt + 1)}`,
  charts: html`${driftChart(drift, 'wide')}${driftChart(drift, 'narrow')}`,
  caption: html`A power of ten: 2 is a hundredfold. Coverage of these rows: ${pageFormat.percent(coverage.value)} [${pageFormat.percent(coverage.low)}, ${pageFormat.percent(coverage.high)}]${
    expected
      ? html`; of as many rows like the calibration rows, ${pageFormat.percent(expected.low)} to ${pageFormat.percent(expected.high)} was to be expected`
      : ''
  }.`,
})}`,
  };
}

function riskSection(risk: NonNullable<ConformalDocument['risk']>): Section {
  return {
    id: 'risk',
    heading: 'A threshold that keeps a rate',
    short: 'Risk',
    body: html`<p class="sentence">${riskSentence(risk, pageFormat)}</p>
<p>${
      risk.guarantee === 'expectation'
        ? 'Conformal risk control: the rate holds for a new row on average over calibration sets. One calibration set may do somewhat worse; --delta asks for confidence instead.'
        : 'Learn then Test: the rate holds for this very threshold, but for one calibration set in as many as the confidence says.'
    }</p>`,
  };
}

function settingsSection({ settings, calibration }: ConformalDocument): Section {
  const { alpha, method, predictor, tooFew, smoothed, exactCoverage, by, seed, readFromFile } = settings;
  const draws = smoothed ? 'smoothed p-values' : exactCoverage ? 'bound drawn between two ranks' : 'none';
  return {
    id: 'settings',
    heading: 'How the sets were made',
    short: 'Settings',
    body: html`<dl class="facts"><dt>Predictor</dt><dd>${predictor}${readFromFile ? ', read from a file' : ''}</dd><dt>Score</dt><dd>${method}</dd>
<dt>Alpha</dt><dd>${alpha}</dd><dt>Calibration rows</dt><dd>${pageFormat.count(calibration.rows)}</dd>
<dt>Classes with too few rows</dt><dd>${tooFew === null ? 'no policy of their own' : { full: 'their label is in every set', pooled: 'judged by all rows', error: 'not allowed' }[tooFew]}</dd>
${by === null ? '' : html`<dt>Categories</dt><dd>${dataName(by)}</dd>`}
<dt>Draws</dt><dd>${draws}</dd><dt>Seed</dt><dd>${seed}</dd></dl>
<p>The same data, options and seed give the same sets, on any number of threads and whatever the batches.</p>`,
  };
}
