import { pageFormat } from '../../format.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { exact, fold, numberCell, rightCell, row, rowHead, table } from '../tables.ts';

const MOST_IN_SIGHT = 12;
const MOST_CLASSES = 60;
const MOST_CONFUSIONS = 10;

/** More than two classes: class weights and recall of each class instead of a threshold, then the whole matrix. */
export function multiClassDecisions(context: ReportContext): Markup {
  const { report } = context;
  const weighted = report.heldOut.classWeights !== null;
  return html`<p>${dataName(context.chosen.id, 60)} on the held-out rows. ${
    weighted
      ? 'With more than two classes there is no single threshold: the class with the largest weight times probability is predicted, so a weight above the others makes a class easier to predict.'
      : 'With more than two classes there is no single threshold: the most probable class is predicted.'
  }</p>
${perClass(context)}
${matrix(context)}
${commonest(context)}`;
}

interface ClassCounts {
  readonly rows: number;
  readonly predicted: number;
  readonly right: number;
}

function classCounts({ report }: ReportContext, i: number): ClassCounts {
  const { confusion } = report.heldOut;
  return {
    rows: (confusion[i] ?? []).reduce((sum, count) => sum + count, 0),
    predicted: confusion.reduce((sum, counts) => sum + (counts[i] ?? 0), 0),
    right: confusion[i]?.[i] ?? 0,
  };
}

function perClass(context: ReportContext): Markup {
  const { classes, classWeights } = context.report.heldOut;
  const rows = classes.map((label, i) => ({ i, label, ...classCounts(context, i) })).sort((a, b) => a.rows - b.rows);
  const build = (some: typeof rows, caption: string) =>
    table({
      caption,
      note: 'Rarest first. Recall is the share of the class that is found; precision the share of predictions of the class that are right.',
      head: [
        { text: 'class' },
        { text: 'class weight', right: true },
        { text: 'rows', right: true },
        { text: 'found', right: true },
        { text: 'recall', right: true },
        { text: 'predicted', right: true },
        { text: 'precision', right: true },
        { text: 'F1', right: true },
      ],
      rows: some.map(({ i, label, rows: n, predicted, right }) => {
        const weight = classWeights?.[i] ?? null;
        return row(
          html`${rowHead(dataName(label))}${rightCell(weight === null ? '1' : exact(weight, pageFormat.number(weight, 2)))}${rightCell(pageFormat.count(n))}${rightCell(pageFormat.count(right))}${numberCell(n === 0 ? null : right / n)}${rightCell(pageFormat.count(predicted))}${numberCell(predicted === 0 ? null : right / predicted)}${numberCell(n + predicted === 0 ? null : (2 * right) / (n + predicted))}`,
        );
      }),
    });
  const first = build(rows.slice(0, MOST_IN_SIGHT), 'Each class on the held-out rows');
  if (rows.length <= MOST_IN_SIGHT) return first;
  return html`${first}${fold(`The other ${pageFormat.count(rows.length - MOST_IN_SIGHT)} classes`, build(rows.slice(MOST_IN_SIGHT), 'The other classes'))}`;
}

function matrix(context: ReportContext): Content {
  const { classes, confusion } = context.report.heldOut;
  if (classes.length > MOST_CLASSES) {
    return html`<p class="muted">The confusion matrix of ${pageFormat.count(classes.length)} classes is too large for a page; it is in report.json.</p>`;
  }
  const body = html`<div class="scroll" tabindex="0"><table class="matrix">
<caption>Confusion matrix<span class="note">Truth in rows, prediction in columns; the shade is the share of the true class</span></caption>
<thead><tr><th scope="col">truth</th>${classes.map((label) => html`<th scope="col">${dataName(label, 18)}</th>`)}</tr></thead>
<tbody>
${classes.map((label, t) => {
  const { rows } = classCounts(context, t);
  return html`<tr><th scope="row">${dataName(label, 24)}</th>${classes.map((_, p) => {
    const count = confusion[t]?.[p] ?? 0;
    const shade = rows === 0 ? 0 : Math.round((10 * count) / rows);
    return html`<td class="shade-${shade}${t === p ? ' diagonal' : ''}">${pageFormat.count(count)}</td>`;
  })}</tr>
`;
})}</tbody></table></div>`;
  return classes.length <= MOST_IN_SIGHT
    ? body
    : fold(`The confusion matrix of all ${pageFormat.count(classes.length)} classes`, body);
}

function commonest({ report }: ReportContext): Content {
  const { classes, confusion } = report.heldOut;
  if (classes.length <= 3) return '';
  const pairs = confusion.flatMap((counts, t) => {
    const rows = counts.reduce((sum, count) => sum + count, 0);
    return counts.flatMap((count, p) => (t === p || count === 0 ? [] : [{ t, p, count, share: count / rows }]));
  });
  if (pairs.length === 0) return '';
  pairs.sort((a, b) => b.share - a.share || b.count - a.count);
  const shown = pairs.slice(0, MOST_CONFUSIONS);
  return table({
    caption: 'What is most often mistaken for what',
    note: `The ${pageFormat.count(shown.length)} largest shares of a true class, of ${pageFormat.count(pairs.length)} kinds of mistakes.`,
    head: [
      { text: 'truth' },
      { text: 'predicted as' },
      { text: 'rows', right: true },
      { text: 'share of the class', right: true },
    ],
    rows: shown.map(({ t, p, count, share }) =>
      row(
        html`${rowHead(dataName(classes[t] ?? ''))}<td>${dataName(classes[p] ?? '')}</td>${rightCell(pageFormat.count(count))}${rightCell(pageFormat.percent(share))}`,
      ),
    ),
  });
}
