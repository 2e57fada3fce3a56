import { decimalsFor, pageFormat } from '../../format.ts';
import type { CalibrationReport, StrategyReport } from '../../run-report.ts';
import { type ReliabilityScale, reliabilityChart, reliabilityScale } from '../charts/reliability.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { estimateCell, fold, numberCell, row, rowHead, table } from '../tables.ts';
import { figure, legendLine, type Section } from './section.ts';

const MOST_PANELS = 6;
const MOST_ROWS = 12;
const MOST_FOLDED = 300;

/** Whether a probability means what it says, before and after the correction for the changed class shares. */
export function probabilitiesSection(context: ReportContext): Section {
  return {
    id: 'probabilities',
    heading: 'Can the probabilities be believed?',
    short: 'Probabilities',
    body: html`<p>Resampling and weighting show a learner more of the rare class than there is, so that its probabilities come out too high. They
are put right afterwards by the known change of the class shares. Where rows that the model has not seen show that this is not enough, a
calibrator is fitted to them${context.binary ? '; the order of the rows stays as it was' : ''}. ${calibrationSentence(context)}</p>
${heldOutFigure(context)}
${threeProbabilities(context)}
${strategiesFigure(context)}
${calibrationTable(context)}`,
  };
}

/** What was done with the chosen model's probabilities. */
function calibrationSentence({ chosen }: ReportContext): Content {
  const { decision, folds } = chosen.recalibration;
  const all = folds.none + folds.priorCorrection + folds.recalibrated;
  const what = {
    none: 'The probabilities of the chosen model pass the check as they are',
    'prior-correction':
      'The probabilities of the chosen model pass the check after the correction for the class shares',
    recalibrated: 'The probabilities of the chosen model failed the check and were recalibrated',
  }[decision];
  const same = { none: folds.none, 'prior-correction': folds.priorCorrection, recalibrated: folds.recalibrated }[
    decision
  ];
  const seen = same === 0 ? 'though in none of the' : `so in ${pageFormat.count(same)} of`;
  return `${what} (${seen} ${pageFormat.count(all)} folds).`;
}

function heldOutFigure({ report, chosen }: ReportContext): Content {
  const calibration = report.heldOut.calibration.filter(({ after }) => after.bins.length > 0);
  if (calibration.length === 0)
    return html`<p class="muted">No reliability curve: it is not defined for the held-out rows.</p>`;
  const corrected = isCorrected(chosen);
  const shown = byRarity(calibration).slice(0, MOST_PANELS);
  const scale = reliabilityScale(shown.flatMap(({ before, after }) => (corrected ? [before, after] : [after])));
  const small = shown.length > 1;
  const charts = shown.map((one, i) =>
    reliabilityChart({
      calibration: one,
      id: `reliability-${i}`,
      title: 'Reliability on the held-out rows',
      scale,
      corrected,
      small,
    }),
  );
  return figure({
    title: html`Reliability of ${dataName(chosen.id, 60)} on the held-out rows`,
    legend: legend(corrected),
    charts: small
      ? html`<div class="multiples">${shown.map((one, i) => html`<div><p>${dataName(one.class, 30)}</p>${charts[i]}</div>`)}</div>`
      : html`<div class="pair"><div>${charts[0]}</div><div>${zoomed(shown[0], scale, corrected)}</div></div>`,
    caption: html`Rows are put into bins by their probability; bars are 95\u202f% Wilson intervals of the observed share. On the dashed diagonal a
probability means what it says${corrected ? '' : '; nothing had to be corrected'}. ${scaleNote(scale)}${
      calibration.length > shown.length
        ? ` The ${MOST_PANELS} rarest of ${pageFormat.count(calibration.length)} classes.`
        : ''
    }`,
  });
}

/** The model's own, the calibrated and the Venn-Abers probabilities of the same held-out rows side by side. */
function threeProbabilities({ report }: ReportContext): Content {
  const { curves, probabilities } = report.heldOut;
  const share = (label: unknown) => curves.find((curve) => String(curve.class) === String(label))?.prevalence ?? 0;
  const shown = [...probabilities].sort((a, b) => share(a.class) - share(b.class)).slice(0, MOST_ROWS);
  if (shown.length === 0) return '';
  const judged = shown.flatMap(({ own, calibrated, vennAbers }) => [own, calibrated, vennAbers]);
  const digits = (key: 'brierScore' | 'logLoss' | 'bias') => decimalsFor(judged.map((one) => one[key].value));
  const [brier, log, bias] = [digits('brierScore'), digits('logLoss'), Math.max(4, digits('bias'))];
  const left = probabilities.length - shown.length;
  return table({
    caption: 'Three sets of probabilities on the held-out rows, with 95\u202f% intervals',
    note: `Venn-Abers makes no assumption on the form of the curve and is the one to trust where it differs much; the calibrated ones keep every difference in order. Intervals are 1.96 standard errors of a mean over rows; the three sets share their rows, so the differences between them are known better.${
      left > 0 ? ` The ${MOST_ROWS} rarest of ${pageFormat.count(probabilities.length)} classes.` : ''
    }`,
    head: [
      { text: 'probabilities' },
      ...(shown.length > 1 ? [{ text: 'class' }] : []),
      { text: 'Brier score', right: true },
      { text: 'log loss', right: true },
      { text: 'bias', right: true },
    ],
    rows: shown.flatMap(({ class: label, own, calibrated, vennAbers }) =>
      [
        { name: "the model's own", judged: own },
        { name: 'calibrated (column p)', judged: calibrated },
        { name: 'Venn-Abers (from p0 and p1)', judged: vennAbers },
      ].map(({ name, judged: { brierScore, logLoss, bias: gap } }, i) =>
        row(
          html`${rowHead(name)}${shown.length > 1 ? html`<td>${dataName(label, 30)}</td>` : ''}${estimateCell(brierScore, brier)}${estimateCell(logLoss, log)}${estimateCell(gap, bias)}`,
          i === 0 && shown.length > 1 ? 'group' : '',
        ),
      ),
    ),
  });
}

/** Beside a before-and-after picture the corrected curve alone on a scale of its own, where it would be squeezed into a corner. */
function zoomed(calibration: CalibrationReport | undefined, scale: ReliabilityScale, corrected: boolean): Content {
  if (!calibration || !corrected) return '';
  const own = reliabilityScale([calibration.after]);
  if (own.max === scale.max && own.squareRoot === scale.squareRoot) return '';
  const after = { ...calibration, before: calibration.after };
  return html`${reliabilityChart({ calibration: after, id: 'reliability-zoom', title: 'Reliability after the correction, enlarged', scale: own, corrected: false, small: false })}
<p class="muted">After the correction, enlarged. ${scaleNote(own)}</p>`;
}

const scaleNote = ({ max, squareRoot }: ReliabilityScale) =>
  [
    max < 1 ? `The axes end at ${pageFormat.probability(max)}.` : '',
    squareRoot ? 'Both axes have a square-root scale, which gives small probabilities room.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');

function legend(corrected: boolean): Markup {
  return html`<ul class="legend">${corrected ? legendLine("the model's own", 'var(--contrast)', '2,3', 'square') : ''}${legendLine(
    corrected ? 'calibrated' : 'probabilities of the model',
    'var(--accent)',
    'none',
    'circle',
  )}</ul>`;
}

const isCorrected = ({ recalibration }: StrategyReport) => recalibration.decision !== 'none';

/** Rarest class first, by the rows of the class in the bins; all classes have the same rows in theirs. */
function byRarity<T extends CalibrationReport>(calibration: readonly T[]): T[] {
  const rowsOf = ({ after }: CalibrationReport) =>
    Math.round(after.bins.reduce((sum, bin) => sum + bin.observed * bin.rows, 0));
  return [...calibration].sort((a, b) => rowsOf(a) - rowsOf(b));
}

/** Small panels of the strategies whose probabilities were put right, on out-of-fold scores. */
function strategiesFigure({ ranked }: ReportContext): Content {
  const shifted = ranked.filter(isCorrected).flatMap((strategy) => {
    const calibration = byRarity(strategy.calibration.filter(({ after }) => after.bins.length > 0))[0];
    return calibration ? [{ strategy, calibration }] : [];
  });
  if (shifted.length === 0) return '';
  const shown = shifted.slice(0, MOST_PANELS);
  const scale = reliabilityScale(shown.flatMap(({ calibration }) => [calibration.before, calibration.after]));
  const several = shown.some(({ strategy }) => strategy.calibration.length > 1);
  return figure({
    title: 'Before and after, for every strategy whose probabilities were put right',
    legend: legend(true),
    charts: html`<div class="multiples">${shown.map(
      ({ strategy, calibration }, i) =>
        html`<div><p>${dataName(strategy.id, 36)}</p>${reliabilityChart({
          calibration,
          id: `reliability-strategy-${i}`,
          title: 'Reliability in cross-validation',
          scale,
          corrected: true,
          small: true,
        })}</div>`,
    )}</div>`,
    caption: html`Out-of-fold rows of the training part${several ? '; the rarest class' : ''}. ${scaleNote(scale)}${
      shifted.length > shown.length ? ` The best ${MOST_PANELS} of ${pageFormat.count(shifted.length)} strategies.` : ''
    }`,
  });
}

function calibrationTable({ ranked, report }: ReportContext): Content {
  const entries = ranked.flatMap((strategy) => strategy.calibration.map((calibration) => ({ strategy, calibration })));
  if (entries.length === 0) return '';
  const decimals = (key: 'brierScore' | 'logLoss' | 'bias') =>
    decimalsFor(entries.flatMap(({ calibration }) => [calibration.before[key], calibration.after[key]]));
  const digits = {
    brierScore: decimals('brierScore'),
    logLoss: decimals('logLoss'),
    bias: Math.max(4, decimals('bias')),
  };
  const multi = report.data.positive === null;
  const build = (some: typeof entries, caption: string) =>
    table({
      caption,
      note: 'Brier score and log loss: lower is better. Bias is the mean prediction minus the observed share: closer to zero is better.',
      head: [
        { text: 'strategy' },
        ...(multi ? [{ text: 'class' }] : []),
        ...['Brier before', 'after', 'log loss before', 'after', 'bias before', 'after'].map((text) => ({
          text,
          right: true,
        })),
      ],
      rows: some.map(({ strategy, calibration: { before, after, class: label } }) =>
        row(
          html`${rowHead(dataName(strategy.id, 40))}${multi ? html`<td>${dataName(label, 30)}</td>` : ''}${numberCell(before.brierScore, digits.brierScore)}${numberCell(after.brierScore, digits.brierScore)}${numberCell(before.logLoss, digits.logLoss)}${numberCell(after.logLoss, digits.logLoss)}${numberCell(before.bias, digits.bias)}${numberCell(after.bias, digits.bias)}`,
        ),
      ),
    });
  const first = build(entries.slice(0, MOST_ROWS), 'Probabilities in cross-validation, before and after calibration');
  const rest = entries.slice(MOST_ROWS, MOST_FOLDED);
  if (rest.length === 0) return first;
  const left = entries.length - MOST_ROWS - rest.length;
  return html`${first}${fold(
    `${pageFormat.count(rest.length)} more rows${left > 0 ? `; ${pageFormat.count(left)} further ones are in report.json` : ''}`,
    build(rest, 'Further strategies and classes'),
  )}`;
}
