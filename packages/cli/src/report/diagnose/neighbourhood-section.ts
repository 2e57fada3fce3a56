import type { DifficultySummary } from '@counterweight/core';
import type { DiagnosisDocument } from '../diagnosis-document.ts';
import { pageFormat } from '../format.ts';
import { type Content, dataName, html } from '../html/markup.ts';
import {
  knownNeighbourhoods,
  neighbourhoodFigure,
  neighbourhoodIntroduction,
  neighbourhoodTable,
} from '../html/sections/neighbourhoods.ts';
import type { Section } from '../html/sections/section.ts';
import { rightCell, row, rowHead, table } from '../html/tables.ts';

const MOST_LISTED = 300;

/** What stands around the rows of each class. */
export function neighbourhoodSection({ data }: DiagnosisDocument, difficulty: DifficultySummary): Section {
  const known = knownNeighbourhoods(difficulty);
  return {
    id: 'neighbourhoods',
    heading: 'What stands around the rows',
    short: 'Neighbourhoods',
    body: html`${neighbourhoodIntroduction(difficulty)}
${neighbourhoodFigure(known)}
${neighbourhoodTable(known, data.positive)}
${disjunctsTable(difficulty)}`,
  };
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
