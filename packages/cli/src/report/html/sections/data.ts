import { decimalsFor, pageFormat } from '../../format.ts';
import type { ColumnSummary, DataSummary, RunReport } from '../../run-report.ts';
import { classChart } from '../charts/classes.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { cell, exact, fold, rightCell, row, rowHead, table, wrapCell } from '../tables.ts';
import {
  knownNeighbourhoods,
  neighbourhoodFigure,
  neighbourhoodIntroduction,
  neighbourhoodTable,
} from './neighbourhoods.ts';
import { figure, type Section } from './section.ts';

const MOST_CLASSES = 20;
const MOST_COLUMNS = 30;
const MOST_FOLDED = 500;
/** Shares of fewer rows tell little of a class. */
const FEWEST_TOLD = 10;

/** What the table holds: classes, columns, and how the rows were divided. */
export function dataSection({ report }: ReportContext): Section {
  const { data } = report;
  return {
    id: 'data',
    heading: 'The data and its imbalance',
    short: 'Data',
    body: html`${facts(report)}
${classFigure(data)}
${classTable(report)}
${difficultyPart(report)}
${columnTables(data.columns)}`,
  };
}

function facts({ data, validation }: RunReport): Markup {
  const entries: [Content, Content][] = [
    ['File', html`<code>${dataName(data.source, 120)}</code>`],
    [
      'Target',
      html`${dataName(data.target, 80)}${data.positive === null ? '' : html`; scores speak of ${dataName(data.positive, 60)}`}`,
    ],
    [
      'Rows',
      `${pageFormat.count(data.rows)}${data.rowsDropped > 0 ? `, and ${pageFormat.count(data.rowsDropped)} left out because their target is missing or their class was dropped` : ''}; ${pageFormat.count(validation.trainRows)} for training, ${pageFormat.count(validation.testRows)} held out`,
    ],
    ['Imbalance', `${ratio(data.imbalanceRatio)} : 1, largest to smallest class`],
    [
      'Columns',
      `${pageFormat.count(data.columns.length)}, of which ${pageFormat.count(data.columns.filter(({ used }) => used).length)} are used`,
    ],
    ['Exact duplicates', data.duplicateRows === 0 ? 'none' : `${pageFormat.count(data.duplicateRows)} rows`],
  ];
  return html`<dl class="facts">${entries.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
}

const ratio = (value: number) => pageFormat.number(value, value < 100 ? 1 : 0);

function classFigure(data: DataSummary): Markup {
  const sorted = [...data.classes].sort((a, b) => b.rows - a.rows);
  const drawn =
    sorted.length <= MOST_CLASSES ? sorted : [...sorted.slice(0, MOST_CLASSES / 2), ...sorted.slice(-MOST_CLASSES / 2)];
  const rare = data.positive === null ? sorted.at(-1)?.label : data.positive;
  const highlighted = new Set(rare === undefined ? [] : [String(rare)]);
  const left = sorted.length - drawn.length;
  return figure({
    title: 'Rows of each class',
    charts: html`${classChart(drawn, highlighted, 'wide')}${classChart(drawn, highlighted, 'narrow')}`,
    caption: html`In colour: ${data.positive === null ? 'the rarest class' : 'the class that scores speak of'}.${
      left > 0
        ? ` The ${MOST_CLASSES / 2} largest and the ${MOST_CLASSES / 2} smallest of ${pageFormat.count(sorted.length)} classes; ${pageFormat.count(left)} between them are in the table.`
        : ''
    }`,
  });
}

function classTable({ data, validation }: RunReport): Markup {
  const rows = data.classes.map(({ label, rows, share }, i) =>
    row(
      html`${rowHead(dataName(label))}${rightCell(pageFormat.count(rows))}${rightCell(pageFormat.percent(share))}${rightCell(
        pageFormat.count(validation.trainClassRows[i] ?? null),
      )}${rightCell(pageFormat.count(validation.testClassRows[i] ?? null))}`,
    ),
  );
  const whole = table({
    caption: 'Classes',
    head: [
      { text: 'class' },
      { text: 'rows', right: true },
      { text: 'share', right: true },
      { text: 'training', right: true },
      { text: 'held out', right: true },
    ],
    rows: rows.slice(0, 1000),
  });
  return rows.length <= MOST_CLASSES ? whole : html`${fold(`All ${pageFormat.count(rows.length)} classes`, whole)}`;
}

/** How hard the classes are to tell apart by what stands around their rows. */
function difficultyPart({ data, difficulty, validation }: RunReport): Content {
  const known = knownNeighbourhoods(difficulty);
  if (known.length === 0) return '';
  const sampled = difficulty.rows < validation.trainRows;
  return html`<h3>What stands around the rows</h3>
${neighbourhoodIntroduction(difficulty, sampled ? 'sampled training rows' : 'training rows')}
${difficultySentence(data, known)}
${neighbourhoodFigure(known)}
${fold('The shares with their intervals', neighbourhoodTable(known, data.positive))}
<p>${suspectSentences(difficulty)} <code>counterweight diagnose</code> tells more: measures of overlap, a map, advice.</p>`;
}

/** Rows worth a look: likely wrong labels, and rows that two classes share. */
function suspectSentences({ noiseSuspects, nearDuplicates, lookedAt }: RunReport['difficulty']): Content {
  const share = (rows: number) => `${pageFormat.count(rows)} of the ${pageFormat.count(lookedAt)} rows looked at`;
  const wrong =
    noiseSuspects.wrongLabel > 0
      ? `, ${pageFormat.count(noiseSuspects.wrongLabel)} of them more likely with a wrong label than not`
      : '';
  const noise =
    noiseSuspects.rows === 0
      ? 'No row looks as if its label were wrong.'
      : `${share(noiseSuspects.rows)} stand deep inside another class${wrong}.`;
  const twins =
    nearDuplicates.rows === 0
      ? ' None is the same as a row of another class.'
      : ` ${share(nearDuplicates.rows)} ${nearDuplicates.rows === 1 ? 'is' : 'are'} the same, or almost, as a row of another class in every column (${pageFormat.count(nearDuplicates.exactRows)} exactly): no model can get both right.`;
  const where =
    noiseSuspects.rows + nearDuplicates.rows > 0
      ? html` Their numbers are in <code>report.json</code> under <code>difficulty</code>.`
      : '';
  return html`${noise}${twins}${where}`;
}

/** What the types of the class in question mean for what can be gained. */
function difficultySentence({ positive }: DataSummary, known: ReturnType<typeof knownNeighbourhoods>): Content {
  const one = known.find(({ label }) => label === positive) ?? known.find(({ lookedAt }) => lookedAt >= FEWEST_TOLD);
  if (!one) return '';
  const { safe, rare, outlier } = one.types;
  const alone = (rare.value ?? 0) + (outlier.value ?? 0);
  const meaning =
    (safe.value ?? 0) >= 0.5
      ? 'most of the class stands together, and its share alone need not make it hard to find'
      : alone >= 0.5
        ? 'most of the class stands scattered among others: in these columns it is hard to find whatever is done about the imbalance, and better columns would help more'
        : 'the class is mixed with others at its border: what is gained there in recall is paid for in precision';
  return html`<p>Of the rows of class ${dataName(one.label, 60)} that were looked at, ${pageFormat.percent(safe.value)} are safe and ${pageFormat.percent(alone)} are rare cases or outliers: ${meaning}.</p>`;
}

/**
 * The columns in their order if they are few; otherwise first those that tell most alone and those left out. `note` says what
 * the AUC alone is, `document` holds the columns beyond what a page can show.
 */
export function columnTables(columns: readonly ColumnSummary[], note = COLUMN_NOTE, document = 'report.json'): Content {
  if (columns.length <= MOST_COLUMNS) return columnTable(columns, 'Columns', note);
  const ranked = [...columns].sort((a, b) => (b.aloneAuc ?? 0) - (a.aloneAuc ?? 0));
  const rest = ranked.slice(MOST_COLUMNS);
  const folded = rest.slice(0, MOST_FOLDED);
  const left = rest.length - folded.length;
  const unused = rest.filter(({ used }) => !used).length;
  return html`${columnTable(ranked.slice(0, MOST_COLUMNS), `The ${MOST_COLUMNS} columns that tell most alone`, note)}
${fold(
  `${left > 0 ? `The next ${pageFormat.count(folded.length)}` : `The other ${pageFormat.count(folded.length)}`} columns`,
  columnTable(folded, 'Further columns', note),
)}
<p class="muted">${[
    unused > 0 ? `Of the columns beyond the first ${MOST_COLUMNS}, ${pageFormat.count(unused)} are not used.` : '',
    left > 0 ? `${pageFormat.count(left)} more columns are listed in ${document} only.` : '',
  ].join(' ')}</p>`;
}

const COLUMN_NOTE =
  'AUC alone is the ROC-AUC of the single column on the training rows: 0.5 tells nothing, close to 1 is too good to be true unless it is known in time.';

function columnTable(columns: readonly ColumnSummary[], caption: string, note: string): Markup {
  const decimals = decimalsFor(columns.map(({ aloneAuc }) => aloneAuc));
  return table({
    caption,
    note,
    head: [
      { text: 'column' },
      { text: 'type' },
      { text: 'missing', right: true },
      { text: 'distinct', right: true },
      { text: 'AUC alone', right: true },
      { text: 'used' },
    ],
    rows: columns.map(({ name, type, missing, distinct, aloneAuc, used, reason }) =>
      row(
        html`${rowHead(dataName(name))}${cell(type)}${rightCell(missing === 0 ? '0' : pageFormat.count(missing))}${rightCell(pageFormat.count(distinct))}${rightCell(
          aloneAuc === null ? '—' : exact(aloneAuc, pageFormat.number(aloneAuc, decimals)),
        )}${wrapCell(used ? (reason === null ? 'yes' : html`yes; ${dataName(reason, 160)}`) : html`<strong>no</strong>${reason === null ? '' : html`: ${dataName(reason, 160)}`}`)}`,
      ),
    ),
  });
}
