import type { Notice } from '@counterweight/core';
import { pageFormat } from '../../format.ts';
import type { RunReport } from '../../run-report.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { fold } from '../tables.ts';
import type { Section } from './section.ts';

const MOST_IN_SIGHT = 15;
const MOST_FOLDED = 500;

/** Everything that was not plainly what was asked, warnings first. `document` holds those beyond what a page can show. */
export function noticesSection(
  { report }: { readonly report: Pick<RunReport, 'notices'> },
  document = 'report.json',
): Section {
  const warnings = report.notices.filter(({ severity }) => severity === 'warning');
  const sorted = [...warnings, ...report.notices.filter(({ severity }) => severity !== 'warning')];
  const list = (notices: readonly Notice[]) => html`<ul class="notices">${notices.map(noticeItem)}</ul>`;
  const rest = sorted.slice(MOST_IN_SIGHT, MOST_IN_SIGHT + MOST_FOLDED);
  const left = sorted.length - MOST_IN_SIGHT - rest.length;
  return {
    id: 'notices',
    heading: 'Notices',
    short: warnings.length > 0 ? `Notices (${warnings.length} warning${warnings.length === 1 ? '' : 's'})` : 'Notices',
    body:
      sorted.length === 0
        ? html`<p>None: everything was done plainly as asked.</p>`
        : html`<p>Everything that was not plainly what was asked, or that may change what you conclude: ${pageFormat.count(warnings.length)} warning${
            warnings.length === 1 ? '' : 's'
          }, ${pageFormat.count(sorted.length - warnings.length)} for information.</p>
${list(sorted.slice(0, MOST_IN_SIGHT))}
${rest.length > 0 ? fold(`${pageFormat.count(rest.length)} more`, list(rest)) : ''}
${left > 0 ? html`<p class="muted">${pageFormat.count(left)} more are in ${document}.</p>` : ''}`,
  };
}

function noticeItem(notice: Notice): Markup {
  const warning = notice.severity === 'warning';
  return html`<li${warning ? html` class="warning"` : ''}><p>${warning ? html`<strong>Warning:</strong> ` : ''}${notice.message}</p>
<p class="about">${notice.code}${notice.column === undefined ? '' : html` · column ${dataName(notice.column)}`}${
    notice.class === undefined ? '' : html` · class ${dataName(notice.class)}`
  }</p></li>
`;
}

/** Command, seed and version. */
export function reproduceSection({ report }: ReportContext): Section {
  const { reproduce, versions, validation } = report;
  return {
    id: 'reproduce',
    heading: 'How to reproduce this',
    short: 'Reproduce',
    body: html`<p>The same data, options and seed give the same numbers, byte for byte, on any number of threads.</p>
<pre><code>${reproduce.command}</code></pre>
<dl class="facts"><dt>Seed</dt><dd>${reproduce.seed}</dd><dt>Version</dt><dd>counterweight ${versions.counterweight}</dd>
<dt>Report format</dt><dd>${report.formatVersion}</dd>
<dt>Validation</dt><dd>${pageFormat.count(validation.folds)} folds, ${pageFormat.count(validation.repeats)} repeat${validation.repeats === 1 ? '' : 's'}; ${validation.innerFolds === 1 ? 'thresholds tuned on a third of each training part' : html`${pageFormat.count(validation.innerFolds)} inner folds`}</dd></dl>
<p>Everything on this page is also in <code>report.json</code>.</p>`,
  };
}

const GUIDE: readonly (readonly [string, string])[] = [
  [
    'Doing nothing',
    'The learner on the rows as they are, with its threshold tuned. A treatment for imbalance has to beat this to be worth its trouble.',
  ],
  [
    'Cross-validation and held-out rows',
    'Strategies are compared on parts of the training rows that they were not fitted to. The held-out rows are looked at once, after the choice, so that their numbers are not flattered by it.',
  ],
  [
    '95\u202f% interval',
    'The range of values that the data does not speak against. Between strategies look at the interval of the difference, not at whether two intervals overlap: the folds are the same, so the difference is known better than either value.',
  ],
  [
    'Precision and recall',
    'Precision: of the rows flagged, the share that is right. Recall: of the rows that should be found, the share that is. Raising the threshold trades recall for precision.',
  ],
  [
    'Average precision and ROC-AUC',
    'Both judge the order of the rows over all thresholds. Average precision is compared with the share of the class, ROC-AUC with 0.5; with a rare class the first tells more.',
  ],
  [
    'Calibration',
    'Of rows with probability 0.1, one in ten should be of the class. The Brier score and log loss judge this together with the order of the rows.',
  ],
  [
    'Label set',
    'The labels that a row may have, chosen so that the true one is missed in no more than the asked share of the rows of each class.',
  ],
  [
    'Bracket (p0 and p1)',
    'The probability of a row if it were known not to be of the class, and if it were known to be of it. The wider, the less the data says of rows like this one.',
  ],
  [
    'Threshold',
    'Tuned: the best for the metric on rows that the model was not fitted to. From costs: where flagging and not flagging cost the same on average.',
  ],
  ['Not defined', 'The number does not exist, such as the precision of a model that flags nothing.'],
];

/** A short glossary for a reader who does not know the field. */
export function guideSection(): Section {
  return {
    id: 'guide',
    heading: 'How to read this report',
    short: 'How to read',
    body: html`<dl class="guide">${GUIDE.map(
      ([term, text]): Content => html`<dt>${term}</dt><dd>${text}</dd>
`,
    )}</dl>`,
  };
}
