import type { ClassNeighbourhood, NeighbourhoodSummary, RowType } from '@counterweight/core';
import { pageFormat } from '../../format.ts';
import { typeGuide } from '../../measure-guide.ts';
import type { DataSummary } from '../../run-report.ts';
import { typePaint, typesChart } from '../charts/types.ts';
import { dataName, html, type Markup } from '../markup.ts';
import { estimateCell, rightCell, row, rowHead, table } from '../tables.ts';
import { figure } from './section.ts';

const MOST_DRAWN = 16;
const MOST_LISTED = 300;

type Known = ClassNeighbourhood & { readonly types: NonNullable<ClassNeighbourhood['types']> };

/** The classes of which something is known, rarest first. */
export function knownNeighbourhoods({ classes }: NeighbourhoodSummary): Known[] {
  const known = classes.filter((one): one is Known => one.types !== null);
  return known.sort((a, b) => a.rows - b.rows);
}

/** What neighbours are, how many, and around how many rows was looked; `among` is what the rows are called. */
export function neighbourhoodIntroduction(
  { k, lookedAt, rows, features }: NeighbourhoodSummary,
  among = 'rows',
): Markup {
  return html`<p>Each row looked at is set beside its ${pageFormat.count(k)} nearest rows, by the ${pageFormat.count(features)} ${features === 1 ? 'number' : 'numbers'} that models would see of it: standardised columns, categories as 0 or 1.${
    lookedAt < rows
      ? html` ${pageFormat.count(lookedAt)} of ${pageFormat.count(rows)} ${among} were looked at, rare classes first; their neighbours were sought among all of these.`
      : ''
  }</p>`;
}

/** Shares of the neighbourhood types of each class as bars. */
export function neighbourhoodFigure(classes: readonly Known[]): Markup {
  const drawn = classes.slice(0, MOST_DRAWN);
  const left = classes.length - drawn.length;
  return figure({
    title: 'Neighbourhood types of each class',
    legend: html`<ul class="legend">${(Object.keys(typePaint) as RowType[]).map(
      (type) =>
        html`<li><svg viewBox="0 0 30 12" aria-hidden="true"><rect x="6" y="1" width="18" height="10" fill="${typePaint[type].fill}" fill-opacity="${typePaint[type].opacity}"/></svg>${type}: ${typeGuide[type]}</li>`,
    )}</ul>`,
    charts: html`${typesChart(drawn, 'wide')}${typesChart(drawn, 'narrow')}`,
    caption: html`Types by Napierala and Stefanowski (2016); their distance is HVDM, here it is Euclidean on encoded columns. The line under a bar is the 95\u202f% interval of the safe share.${
      left > 0 ? ` The ${MOST_DRAWN} rarest of ${pageFormat.count(classes.length)} classes are drawn.` : ''
    }`,
  });
}

/** The same shares as numbers. */
export function neighbourhoodTable(classes: readonly Known[], positive: DataSummary['positive']): Markup {
  return table({
    caption: 'Shares of the types, with 95\u202f% Wilson intervals',
    note: 'Intervals take the rows for independent draws from a larger population. Rows share neighbours, so the truth is somewhat less certain than they say.',
    head: [
      { text: 'class' },
      { text: 'rows', right: true },
      { text: 'looked at', right: true },
      ...['safe', 'borderline', 'rare', 'outlier'].map((text) => ({ text, right: true })),
    ],
    rows: classes
      .slice(0, MOST_LISTED)
      .map(({ label, rows, lookedAt, types }) =>
        row(
          html`${rowHead(html`${dataName(label)}${label === positive ? html` <span class="tag">positive</span>` : ''}`)}${rightCell(pageFormat.count(rows))}${rightCell(
            pageFormat.count(lookedAt),
          )}${Object.values(types).map((share) => estimateCell(share))}`,
        ),
      ),
  });
}
