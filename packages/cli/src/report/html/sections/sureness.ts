import { pageFormat } from '../../format.ts';
import type { HeldOut } from '../../run-report.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { estimateCell, fold, numberCell, rightCell, row, rowHead, table } from '../tables.ts';
import type { Section } from './section.ts';

const MOST_IN_SIGHT = 12;
const MOST_FOLDED = 300;

/** What can be said of a single prediction: a set of labels that rarely misses, and how wide the bracket of its probability is. */
export function surenessSection({ report }: ReportContext): Section {
  const { sets, vennAbers } = report.heldOut;
  return {
    id: 'sureness',
    heading: 'How sure each prediction is',
    short: 'Sureness',
    body: html`<p>${leadSentence(report.heldOut)}</p>
${setsTable(sets, vennAbers)}
<p>The sets and brackets rest on out-of-fold probabilities of the training rows. For rows like these the share of misses is near what
was asked for, in each class by itself; the table says what it came to on rows that had no part in it. Rows of another time or place
may be missed more often. A set with several labels says that the model cannot tell; an empty one that the row is unlike any class.</p>
${widthSentence(vennAbers)}`,
  };
}

function leadSentence({ sets }: HeldOut): Content {
  const { alpha, coverage, singletons, full, empty } = sets;
  return html`With each prediction the model gives a set of labels that may miss the true class in ${pageFormat.percent(alpha)} of the rows of
each class. Of the held-out sets ${pageFormat.percent(coverage.value)} hold the true class; ${pageFormat.percent(singletons)} have one label, ${pageFormat.percent(full)} all, ${pageFormat.percent(empty)} none.`;
}

function setsTable(sets: HeldOut['sets'], vennAbers: HeldOut['vennAbers']): Markup {
  const entries = sets.byClass.map((one, i) => ({ ...one, width: vennAbers.widthByClass[i] }));
  entries.sort((a, b) => a.rows - b.rows || a.calibrationRows - b.calibrationRows);
  const build = (some: typeof entries, caption: string) =>
    table({
      caption,
      note: html`Rarest first. Asked for: at least ${pageFormat.percent(1 - sets.alpha)} of each class. Beneath, the exact 95\u202f% interval of Clopper and Pearson.`,
      head: [
        { text: 'class' },
        { text: 'calibration rows', right: true },
        { text: 'held-out rows', right: true },
        { text: 'in its set', right: true },
        { text: 'labels a set', right: true },
        { text: 'width of the bracket (median)', right: true },
        { text: '9 of 10 below', right: true },
      ],
      rows: some.map(({ class: label, calibrationRows, always, rows, coverage, meanSize, width }) =>
        row(
          html`${rowHead(html`${dataName(label)}${always ? html`<span class="tag quiet">in every set</span>` : ''}`)}${rightCell(pageFormat.count(calibrationRows))}${rightCell(pageFormat.count(rows))}${estimateCell(coverage)}${numberCell(meanSize, 2)}${numberCell(width?.median ?? null, 4)}${numberCell(width?.upperDecile ?? null, 4)}`,
        ),
      ),
    });
  const always = entries.some((entry) => entry.always)
    ? html`<p class="muted">“In every set”: the class has too few calibration rows for this error rate, so that no row can be told not to be of it.</p>`
    : '';
  const first = build(entries.slice(0, MOST_IN_SIGHT), 'Label sets on the held-out rows, class by class');
  const rest = entries.slice(MOST_IN_SIGHT, MOST_IN_SIGHT + MOST_FOLDED);
  return html`${first}${rest.length > 0 ? fold(`${pageFormat.count(rest.length)} more classes`, build(rest, 'Further classes')) : ''}${always}`;
}

function widthSentence({ width }: HeldOut['vennAbers']): Content {
  if (width.rows === 0) return '';
  return html`<p>Beside each probability stands its Venn-Abers bracket, the two probabilities that the row would have been given had it been known
to be of the class, or not. One of the two is right on average. Half of the held-out brackets are narrower than ${pageFormat.number(width.median, 4)}, nine of
ten narrower than ${pageFormat.number(width.upperDecile, 4)}; a wide one says that few rows like this one have been seen.</p>`;
}
