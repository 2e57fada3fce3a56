import type { ClassNeighbourhood, DifficultySummary, RowType } from '@counterweight/core';
import type { DiagnosisDocument } from '../diagnosis-document.ts';
import { pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { figure, type Section } from '../html/sections/section.ts';
import { estimateCell, rightCell, row, rowHead, table } from '../html/tables.ts';
import { typeGuide } from '../measure-guide.ts';
import { typePaint, typesChart } from './types-chart.ts';

const MOST_DRAWN = 16;
const MOST_LISTED = 300;

/** What stands around the rows of each class. */
export function neighbourhoodSection({ data }: DiagnosisDocument, difficulty: DifficultySummary): Section {
  const known = difficulty.classes.filter((one) => one.types !== null) as (ClassNeighbourhood & {
    types: NonNullable<ClassNeighbourhood['types']>;
  })[];
  const sorted = [...known].sort((a, b) => a.rows - b.rows);
  const drawn = sorted.slice(0, MOST_DRAWN);
  const left = sorted.length - drawn.length;
  const { k, lookedAt, rows, features } = difficulty;
  const sample = lookedAt < rows;
  return {
    id: 'neighbourhoods',
    heading: 'What stands around the rows',
    short: 'Neighbourhoods',
    body: html`<p>Each row looked at is set beside its ${pageFormat.count(k)} nearest rows, by the ${pageFormat.count(features)} ${features === 1 ? 'number' : 'numbers'} that models would see of it: standardised columns, categories as 0 or 1.${
      sample
        ? html` ${pageFormat.count(lookedAt)} of ${pageFormat.count(rows)} rows were looked at, rare classes first; their neighbours were sought among all rows.`
        : ''
    }</p>
${figure({
  title: 'Neighbourhood types of each class',
  legend: html`<ul class="legend">${(Object.keys(typePaint) as RowType[]).map(
    (type) =>
      html`<li><svg viewBox="0 0 30 12" aria-hidden="true"><rect x="6" y="1" width="18" height="10" fill="${typePaint[type].fill}" fill-opacity="${typePaint[type].opacity}"/></svg>${type}: ${typeGuide[type]}</li>`,
  )}</ul>`,
  charts: html`${typesChart(drawn, 'wide')}${typesChart(drawn, 'narrow')}`,
  caption: html`Types by Napierala and Stefanowski (2016); their distance is HVDM, here it is Euclidean on encoded columns. The line under a bar is the 95\u202f% interval of the safe share.${
    left > 0 ? ` The ${MOST_DRAWN} rarest of ${pageFormat.count(sorted.length)} classes are drawn.` : ''
  }`,
})}
${typesTable(sorted, data.positive)}
${disjunctsTable(difficulty)}`,
  };
}

function typesTable(
  classes: readonly (ClassNeighbourhood & { types: NonNullable<ClassNeighbourhood['types']> })[],
  positive: DiagnosisDocument['data']['positive'],
): Markup {
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

function disjunctsTable({ classes, k }: DifficultySummary): Content {
  const known = classes.flatMap(({ label, rows, disjuncts }) =>
    disjuncts && rows > 1 ? [{ label, ...disjuncts }] : [],
  );
  if (known.length === 0) return '';
  return table({
    caption: 'Clusters within classes (small disjuncts)',
    note: `Two rows of a class belong together if one is among the ${k} nearest rows of the other, of all rows. Classes of which all rows were looked at.`,
    head: [
      { text: 'class' },
      { text: 'clusters', right: true },
      { text: `of more than ${k} rows`, right: true },
      { text: 'largest clusters', right: false },
      { text: 'share in the largest', right: true },
      { text: `share in clusters of at most ${k}`, right: true },
    ],
    rows: known.slice(0, MOST_LISTED).map(({ label, clusters, largeClusters, largest, largestShare, smallShare }) =>
      row(
        html`${rowHead(dataName(label))}${rightCell(pageFormat.count(clusters))}${rightCell(pageFormat.count(largeClusters))}<td>${largest
          .slice(0, 6)
          .map((size) => pageFormat.count(size))
          .join(
            ', ',
          )}${clusters > 6 ? ', …' : ''}</td>${rightCell(pageFormat.percent(largestShare))}${rightCell(pageFormat.percent(smallShare))}`,
      ),
    ),
  });
}
