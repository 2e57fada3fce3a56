import type { DifficultySummary } from '@counterweight/core';
import { pageFormat } from '../format.ts';
import { dataName, html, type Markup } from '../html/markup.ts';
import type { Section } from '../html/sections/section.ts';
import { cell, fold, numberCell, rightCell, row, rowHead, table } from '../html/tables.ts';

const MOST_IN_SIGHT = 10;

/** The rows that are worth a look, by their numbers in the input. */
export function rowsSection(difficulty: DifficultySummary): Section {
  const { noiseSuspects, nearDuplicates, lookedAt } = difficulty;
  return {
    id: 'rows',
    heading: 'Rows worth a look',
    short: 'Rows',
    body: html`<p>Row numbers count from 0; the header is not counted. <code>--rows FILE</code> writes what is known of every row.</p>
<h3>Possible wrong labels</h3>
${
  noiseSuspects.rows === 0
    ? html`<p>None among the ${pageFormat.count(lookedAt)} rows looked at.</p>`
    : html`<p>${pageFormat.count(noiseSuspects.rows)} of ${pageFormat.count(lookedAt)} rows looked at have only rows of one other class around, which in turn have only their own: they lie inside that class and not at a border. The surprise is that of meeting that class so often if classes were mixed at random; from 10 bits on, a thousandth, a wrong label is the likelier reading.</p>
${listed(suspectsTable, noiseSuspects.listed, 'most surprising')}`
}
<h3>The same row in two classes</h3>
${
  nearDuplicates.rows === 0
    ? html`<p>None among the ${pageFormat.count(lookedAt)} rows looked at is closer than ${pageFormat.probability(nearDuplicates.tolerance)} to a row of another class, a hundredth of the median distance between nearest rows.</p>`
    : html`<p>${pageFormat.count(nearDuplicates.rows)} of ${pageFormat.count(lookedAt)} rows looked at lie within ${pageFormat.probability(nearDuplicates.tolerance)} of a row of another class (a hundredth of the median distance between nearest rows), ${pageFormat.count(nearDuplicates.exactRows)} of them at distance 0.</p>
${listed(duplicatesTable, nearDuplicates.listed, 'nearest')}`
}`,
  };
}

function listed<T>(draw: (rows: readonly T[], caption: string) => Markup, all: readonly T[], first: string): Markup {
  const shown = all.slice(0, MOST_IN_SIGHT);
  const rest = all.slice(MOST_IN_SIGHT);
  return html`${draw(shown, all.length > shown.length ? `The ${shown.length} ${first}` : 'All of them')}
${rest.length > 0 ? fold(`${pageFormat.count(rest.length)} more`, draw(rest, 'Further rows')) : ''}`;
}

function suspectsTable(rows: DifficultySummary['noiseSuspects']['listed'], caption: string): Markup {
  return table({
    caption,
    head: [
      { text: 'row', right: true },
      { text: 'class' },
      { text: 'stands inside' },
      { text: 'surprise (bits)', right: true },
      { text: 'reading' },
    ],
    rows: rows.map((one) =>
      row(
        html`${rightCell(one.row)}${rowHead(dataName(one.class))}${cell(dataName(one.surroundedBy))}${numberCell(one.surprise, 2)}${cell(
          one.verdict === 'wrong-label' ? 'wrong label' : 'wrong label or rare case',
        )}`,
      ),
    ),
  });
}

function duplicatesTable(rows: DifficultySummary['nearDuplicates']['listed'], caption: string): Markup {
  return table({
    caption,
    head: [
      { text: 'row', right: true },
      { text: 'class' },
      { text: 'nearest row of another class', right: true },
      { text: 'its class' },
      { text: 'distance', right: true },
    ],
    rows: rows.map((one) =>
      row(
        html`${rightCell(one.row)}${rowHead(dataName(one.class))}${rightCell(one.other)}${cell(dataName(one.otherClass))}${rightCell(
          pageFormat.probability(one.distance),
        )}`,
      ),
    ),
  });
}
