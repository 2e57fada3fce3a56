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
<p>A set with several labels says that the model cannot tell; an empty one that the row is unlike what has been seen of any class. The
sets are calibrated on the held-out rows, which the model has not learned from, class by class (Mondrian conformal prediction): for rows
that come from the same source as these the error rate holds whatever the model is worth. For rows of another time or place it does not.</p>
${widthSentence(vennAbers)}`,
  };
}

function leadSentence({ sets }: HeldOut): Content {
  const { alpha, singletons, full, empty } = sets;
  return html`With each prediction the model gives a set of labels that misses the true class in at most ${pageFormat.percent(alpha)} of the rows of
each class. ${pageFormat.percent(singletons)} of the held-out rows have a set of one label, ${pageFormat.percent(full)} one of all labels, ${pageFormat.percent(empty)} an empty one.`;
}

function setsTable(sets: HeldOut['sets'], vennAbers: HeldOut['vennAbers']): Markup {
  const entries = sets.byClass.map((one, i) => ({ ...one, width: vennAbers.widthByClass[i] }));
  entries.sort((a, b) => a.calibrationRows - b.calibrationRows);
  const build = (some: typeof entries, caption: string) =>
    table({
      caption,
      note: html`Rarest first. The share to expect of future rows of the class, and where it lies in 95\u202f% of all draws of so many calibration rows; beside it
the share seen when each fifth of the held-out rows was judged by the other four.`,
      head: [
        { text: 'class' },
        { text: 'calibration rows', right: true },
        { text: 'share in its set', right: true },
        { text: 'seen', right: true },
        { text: 'labels a set', right: true },
        { text: 'bracket, median width', right: true },
        { text: '9 of 10 below', right: true },
      ],
      rows: some.map(({ class: label, calibrationRows, always, coverage, observed, meanSize, width }) =>
        row(
          html`${rowHead(html`${dataName(label)}${always ? html`<span class="tag quiet">in every set</span>` : ''}`)}${rightCell(pageFormat.count(calibrationRows))}${estimateCell(coverage)}${numberCell(observed)}${numberCell(meanSize, 2)}${numberCell(width?.median ?? null, 4)}${numberCell(width?.upperDecile ?? null, 4)}`,
        ),
      ),
    });
  const always = entries.some((entry) => entry.always)
    ? html`<p class="muted">“In every set”: the class has too few calibration rows for this error rate, so that no row can be told not to be of it.</p>`
    : '';
  const first = build(entries.slice(0, MOST_IN_SIGHT), 'Label sets, class by class');
  const rest = entries.slice(MOST_IN_SIGHT, MOST_IN_SIGHT + MOST_FOLDED);
  return html`${first}${rest.length > 0 ? fold(`${pageFormat.count(rest.length)} more classes`, build(rest, 'Further classes')) : ''}${always}`;
}

function widthSentence({ width, outside }: HeldOut['vennAbers']): Content {
  if (width.rows === 0) return '';
  return html`<p>Beside each probability stands its Venn-Abers bracket: the probability that the row gets if it is taken to be of the class, and the one
if it is taken not to be. Whichever belongs to what the row turns out to be is right on average. Half of the brackets are narrower than
${pageFormat.number(width.median, 4)}, nine of ten narrower than ${pageFormat.number(width.upperDecile, 4)}; a wide one says that few rows like this one have been seen. A bracket is no confidence interval of the model's probability.</p>${outsideSentence(outside)}`;
}

/** The probability is the model's own, put right on training rows; the bracket says what became of held-out rows scored like it. */
function outsideSentence(outside: number | null): Content {
  if (outside === null) return '';
  return html`<p>The probability itself is the model's, put right on the training rows, while its bracket comes from the held-out rows with scores like it; so it may lie outside,
and did on ${pageFormat.percent(outside)} of the held-out rows. That alone does not speak against the probability: a bracket is narrow where many rows have like scores, and moves in steps where the probability is smooth. Which of the two fared better on these rows stands in the table of three sets of probabilities.</p>`;
}
