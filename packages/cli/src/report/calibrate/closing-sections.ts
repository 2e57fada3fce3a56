import type { Notice } from '@counterweight/core';
import { pageFormat } from '../format.ts';
import { dataName, html, type Markup } from '../html/markup.ts';
import type { Section } from '../html/sections/section.ts';
import { fold } from '../html/tables.ts';
import type { CalibrateReport } from './calibrate-report.ts';

const mostInSight = 15;

/** Everything that was not plainly what was asked, warnings first. */
export function noticesSection({ notices }: CalibrateReport): Section {
  const sorted = [...notices].sort((a, b) => Number(b.severity === 'warning') - Number(a.severity === 'warning'));
  const list = (some: readonly Notice[]) => html`<ul class="notices">${some.map(noticeItem)}</ul>`;
  const rest = sorted.slice(mostInSight);
  return {
    id: 'notices',
    heading: 'Notices',
    short: 'Notices',
    body:
      sorted.length === 0
        ? html`<p>None: everything was done plainly as asked.</p>`
        : html`${list(sorted.slice(0, mostInSight))}${rest.length > 0 ? fold(`${pageFormat.count(rest.length)} more`, list(rest)) : ''}`,
  };
}

function noticeItem(notice: Notice): Markup {
  const isWarning = notice.severity === 'warning';
  return html`<li${isWarning ? html` class="warning"` : ''}><p>${isWarning ? html`<strong>Warning:</strong> ` : ''}${notice.message}</p>
<p class="about">${notice.code}${notice.class === undefined ? '' : html` · class ${dataName(notice.class)}`}</p></li>
`;
}

/** Command, seed and version. */
export function reproduceSection({ reproduce, versions, data }: CalibrateReport): Section {
  return {
    id: 'reproduce',
    heading: 'How to reproduce this',
    short: 'Reproduce',
    body: html`<p>The same data, options and seed give the same numbers, byte for byte.</p>
<pre><code>${reproduce.command}</code></pre>
<dl class="facts"><dt>Seed</dt><dd>${reproduce.seed}</dd><dt>Version</dt><dd>counterweight ${versions.counterweight}</dd>
<dt>Rows</dt><dd>${pageFormat.count(data.rows)}: ${data.classes.map(({ label, rows }, i) => html`${i > 0 ? ', ' : ''}${pageFormat.count(rows)} ${dataName(label)}`)}</dd></dl>`,
  };
}

const guide: readonly (readonly [string, string])[] = [
  [
    'Calibrated',
    'Of the rows that get a probability of 0.2, one in five is of the class. A calibration keeps the order of the rows, or nearly so; it cannot make a model tell classes apart that it could not tell before.',
  ],
  [
    'Calibration in the large, slope',
    'A logistic regression of the outcome on the logit of the probability. In the large: by how much, on the logit, the probabilities are too low on the whole; after balancing a table in which a share π is positive it is logit(π). Slope: below 1 the high are too high and the low too low, as after overfitting.',
  ],
  [
    'ICI, ECE and CORP miscalibration',
    'How far the probabilities are from the outcome, by a smooth curve, by ten bins, and by what the best ascending recalibration of these very rows would take off the Brier score. None can be below 0, and all are a little above it by chance even for perfect probabilities: look at the check, too.',
  ],
  [
    'p0 and p1',
    'The probability of the class if the row itself is counted among the calibration rows as not of the class (p0), and as of it (p1). One of the two is calibrated, whatever the model and the data, as long as the rows are drawn alike. p lies between them.',
  ],
  [
    'What calibration cannot do',
    'It holds for rows drawn as the calibration rows were. Where the share of the class will differ, say so with --prior; where the rows themselves change, fit anew.',
  ],
];

export function guideSection(): Section {
  return {
    id: 'guide',
    heading: 'How to read this page',
    short: 'Guide',
    body: html`<dl class="guide">${guide.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`,
  };
}
