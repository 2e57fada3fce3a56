import type { DiagnosisDocument } from '../diagnosis-document.ts';
import { pageFormat } from '../format.ts';
import { classChart } from '../html/charts/classes.ts';
import { html } from '../html/markup.ts';
import { columnTables } from '../html/sections/data.ts';
import { figure, type Section } from '../html/sections/section.ts';

const MOST_CLASSES = 20;

/** Rows of each class. */
export function classesSection({ data }: DiagnosisDocument): Section {
  const sorted = [...data.classes].sort((a, b) => b.rows - a.rows);
  const half = MOST_CLASSES / 2;
  const drawn = sorted.length <= MOST_CLASSES ? sorted : [...sorted.slice(0, half), ...sorted.slice(-half)];
  const rare = data.positive ?? sorted.at(-1)?.label;
  const highlighted = new Set(rare === undefined ? [] : [String(rare)]);
  const left = sorted.length - drawn.length;
  return {
    id: 'classes',
    heading: 'The classes',
    short: 'Classes',
    body: figure({
      title: 'Rows of each class',
      charts: html`${classChart(drawn, highlighted, 'wide')}${classChart(drawn, highlighted, 'narrow')}`,
      caption: html`In colour: ${data.positive === null ? 'the rarest class' : 'the class that scores speak of'}.${
        left > 0 ? ` The ${half} largest and the ${half} smallest of ${pageFormat.count(sorted.length)} classes.` : ''
      }${data.rowsDropped > 0 ? ` ${pageFormat.count(data.rowsDropped)} rows without a class are left out.` : ''}`,
    }),
  };
}

const COLUMN_NOTE =
  'AUC alone is the ROC-AUC of the single column on all rows (out of fold for categories): 0.5 tells nothing, close to 1 is too good to be true unless it is known in time.';

/** What the columns are. */
export function columnsSection({ data }: DiagnosisDocument): Section {
  return {
    id: 'columns',
    heading: 'The columns',
    short: 'Columns',
    body: html`<p>${
      data.duplicateRows === 0
        ? 'No row repeats another in all used columns.'
        : `${pageFormat.count(data.duplicateRows)} rows repeat an earlier one in all used columns.`
    }</p>
${columnTables(data.columns, COLUMN_NOTE, 'the document of --json')}`,
  };
}
