import { decimalsFor, pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import type { Section } from '../html/sections/section.ts';
import { estimateCell, fold, numberCell, row, rowHead, table } from '../html/tables.ts';
import type { CalibrateReport, EstimateReport, MeasuredReport, MeasureName } from './calibrate-report.ts';

const measures: readonly {
  readonly key: MeasureName;
  readonly name: string;
  readonly says: string;
  readonly decimals: number | null;
}[] = [
  {
    key: 'slope',
    name: 'calibration slope',
    says: 'right at 1; below, the probabilities are too extreme',
    decimals: 3,
  },
  { key: 'intercept', name: 'intercept beside it', says: 'right at 0', decimals: 3 },
  {
    key: 'inTheLarge',
    name: 'calibration in the large',
    says: 'right at 0; below, the probabilities are too high',
    decimals: 3,
  },
  { key: 'ici', name: 'ICI', says: 'mean distance from a smooth curve of the outcome, best at 0', decimals: null },
  {
    key: 'ece',
    name: 'ECE, 10 bins of equal rows',
    says: 'mean distance from the outcome, best at 0',
    decimals: null,
  },
  {
    key: 'miscalibration',
    name: 'CORP miscalibration',
    says: 'part of the Brier score that recalibration could take away, best at 0',
    decimals: null,
  },
];
const mostClasses = 12;

/** Every measure before and after, of the positive class or of each class. */
export function measuresSection(report: CalibrateReport): Section {
  const { before, methods, choice, data, validation } = report;
  const after = methods.find(({ name }) => name === choice.chosen)!;
  const multi = after.classes.length > 1;
  const losses: readonly (readonly ['brierScore' | 'logLoss', string])[] = [
    ['brierScore', 'Brier score'],
    ['logLoss', 'log loss'],
  ];
  const rows = losses.map(([key, name]) =>
    measureRow(name, 'lower is better', before?.[key], after[key], null, before !== null),
  );
  const ofClass = (i: number) =>
    measures.map(({ key, name, says, decimals }) =>
      measureRow(name, says, before?.classes[i]?.[key], after.classes[i]?.[key], decimals, before !== null),
    );
  const head = [
    { text: 'measure' },
    ...(before ? [{ text: 'before', right: true }] : []),
    { text: `after ${choice.chosen}, out of fold`, right: true },
  ];
  const rare = [...after.classes.keys()].sort(
    (a, b) => rowsOf(report, after.classes[a]!.class) - rowsOf(report, after.classes[b]!.class),
  );
  const tableOf = (i: number) =>
    table({
      caption: html`Class ${dataName(after.classes[i]!.class)}, ${pageFormat.count(rowsOf(report, after.classes[i]!.class))} rows`,
      head,
      rows: ofClass(i),
    });
  return {
    id: 'measures',
    heading: 'What calibration changed',
    short: 'Measures',
    body: html`<p>After means out of fold: each row got its probability from a calibration that had not seen it, in ${pageFormat.count(validation.folds)} folds of the
${pageFormat.count(data.rows)} rows. Intervals hold 95\u202f% and come from ${pageFormat.count(validation.replicates)} bootstrap samples of the rows.</p>
${table({ caption: multi ? 'All classes together' : html`Class ${dataName(after.classes[0]?.class ?? '')}`, head, rows: multi ? rows : [...rows, ...ofClass(0)] })}
${multi ? rare.slice(0, 2).map(tableOf) : ''}
${multi && rare.length > 2 ? fold(`${pageFormat.count(Math.min(mostClasses, rare.length) - 2)} more classes`, rare.slice(2, mostClasses).map(tableOf)) : ''}
${checkParagraph(before, after, validation.level)}`,
  };
}

function checkParagraph(before: MeasuredReport | null, after: MeasuredReport, level: number): Markup {
  const word = (measured: MeasuredReport) => (measured.check.passes ? 'pass' : 'fail');
  return html`<p>The calibration check asks whether the ${Math.round(100 * level)}\u202f% interval of calibration in the large holds 0 and that of the slope holds 1${
    after.check.classes.length > 1 ? ', for every class with an interval widened for their number' : ''
  }. ${before ? html`The scores as they were ${word(before)} it, t` : 'T'}he calibrated probabilities ${word(after)} it. What few rows cannot show
is not held against them.</p>`;
}

const rowsOf = ({ data }: CalibrateReport, label: string | number): number =>
  data.classes.find((one) => one.label === label)?.rows ?? 0;

function measureRow(
  name: string,
  says: string,
  before: EstimateReport | undefined,
  after: EstimateReport | undefined,
  decimals: number | null,
  hasBefore: boolean,
): Markup {
  const places = decimals ?? decimalsFor([before?.value, after?.value]);
  return row(
    html`${rowHead(html`${name}<span class="ci muted"> ${says}</span>`)}${hasBefore ? estimateCell(before, places) : ''}${estimateCell(after, places)}`,
  );
}

/** The methods by log loss, where several were tried. */
export function methodsSection(report: CalibrateReport): Section | null {
  const { methods, choice, before } = report;
  if (methods.length < 2) return null;
  const loss = (value: number | null) => value ?? Number.POSITIVE_INFINITY;
  const ranked = [...methods].sort((a, b) => loss(a.logLoss.value) - loss(b.logLoss.value));
  const digits = (key: 'logLoss' | 'brierScore' | 'ece' | 'miscalibration') =>
    decimalsFor(methods.map((method) => method[key].value));
  const behind = Math.max(4, decimalsFor(methods.map(({ logLossBehindBest }) => logLossBehindBest.value)));
  const cells = (measured: MeasuredReport, difference: Content) =>
    html`${estimateCell(measured.logLoss, digits('logLoss'))}${difference}${estimateCell(measured.brierScore, digits('brierScore'))}${numberCell(measured.ece.value, 4)}${numberCell(measured.miscalibration.value, digits('miscalibration'))}<td>${measured.check.passes ? 'passes' : 'fails'}</td>`;
  const equal = ranked.filter(
    ({ name, logLossBehindBest: { low } }) => name !== choice.best && low !== null && low <= 0,
  );
  return {
    id: 'methods',
    heading: 'How the methods compare',
    short: 'Methods',
    body: html`<p>Every method out of fold on the same folds. “Behind the best” is the difference of the log losses on the same bootstrap samples: where
its interval holds 0, these rows cannot tell the two apart${
      equal.length > 0 ? html` (here ${equal.map(({ name }) => name).join(', ')})` : ''
    }. Taking the best of many flatters it a little.</p>
${table({
  caption: 'Methods of calibration, least log loss first',
  head: [
    { text: 'method' },
    ...['log loss', 'behind the best', 'Brier score', 'ECE', 'CORP miscalibration'].map((text) => ({
      text,
      right: true,
    })),
    { text: 'check' },
  ],
  rows: [
    ...ranked.map((method) =>
      row(
        html`${rowHead(html`${method.name}${method.name === choice.chosen ? html` <span class="tag">fitted</span>` : ''}`)}${cells(
          method,
          method.name === choice.best
            ? html`<td class="r">best</td>`
            : estimateCell(method.logLossBehindBest, behind, true),
        )}`,
        method.name === choice.chosen ? 'chosen' : '',
      ),
    ),
    ...(before
      ? [row(html`${rowHead('the scores as they are')}${cells(before, html`<td class="r"></td>`)}`, 'group')]
      : []),
  ],
})}`,
  };
}
