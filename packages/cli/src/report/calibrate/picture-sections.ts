import { pageFormat } from '../format.ts';
import { NARROW, WIDE } from '../html/charts/axis.ts';
import { type Content, dataName, html } from '../html/markup.ts';
import { figure, legendLine, type Section } from '../html/sections/section.ts';
import { numberCell, row, rowHead, table } from '../html/tables.ts';
import { cutText } from '../safe-text.ts';
import type { CalibrateReport, ReliabilityReport } from './calibrate-report.ts';
import { mapChart } from './map-chart.ts';
import { reliabilityChart, type Scale, sharedScale } from './reliability-chart.ts';
import { widthChart } from './width-chart.ts';

const mostPanels = 6;
const mostRows = 12;

/** Reliability before and after, of the rarest classes first. */
export function reliabilitySection({ reliability, data, choice }: CalibrateReport): Section {
  const rowsOf = (label: string | number) => data.classes.find((one) => one.label === label)?.rows ?? 0;
  const shown = [...reliability].sort((a, b) => rowsOf(a.class) - rowsOf(b.class)).slice(0, mostPanels);
  return {
    id: 'reliability',
    heading: 'Does a probability mean what it says?',
    short: 'Reliability',
    body: html`${shown.length === 1 ? bothCharts(shown[0]!, choice.chosen) : panels(shown, choice.chosen)}
<p>Points are bins of about equal numbers of rows with 95\u202f% Wilson intervals of the observed share; the line is the CORP curve, the best
ascending fit without bins. On the dashed diagonal a probability means what it says: above it, too few were promised; below it, too
many.${reliability.length > shown.length ? ` The ${mostPanels} rarest of ${pageFormat.count(reliability.length)} classes are shown.` : ''}</p>`,
  };
}

function bothCharts(reliability: ReliabilityReport, method: string): Content {
  const scales = {
    before: sharedScale([reliability.before]),
    after: sharedScale([reliability.after]),
  };
  const side = (which: 'before' | 'after', title: string) => {
    const chart = reliabilityChart({
      id: `reliability-${which}`,
      title,
      reliability,
      which,
      scale: scales[which],
      small: false,
    });
    return (
      chart &&
      html`<div><p class="fig-title">${title}</p>${chart}<p class="muted">${scaleNote(scales[which])}</p></div>`
    );
  };
  return html`<figure><div class="pair">${side('before', 'Before: the scores as they are')}${side('after', `After ${method}, out of fold`)}</div></figure>`;
}

function panels(shown: readonly ReliabilityReport[], method: string): Content {
  const scale = sharedScale(shown.flatMap(({ before, after }) => [before, after]));
  const row = (which: 'before' | 'after') =>
    html`<div class="multiples">${shown.map((one, i) => {
      const chart = reliabilityChart({
        id: `reliability-${which}-${i}`,
        title: `Reliability ${which} calibration`,
        reliability: one,
        which,
        scale,
        small: true,
      });
      return chart && html`<div><p>${dataName(one.class, 30)}</p>${chart}</div>`;
    })}</div>`;
  const isMeasured = shown.some(({ before }) => before !== null);
  return html`${isMeasured ? figure({ title: 'Before: the scores as they are', charts: row('before') }) : ''}
${figure({ title: `After ${method}, out of fold`, charts: row('after'), caption: scaleNote(scale) })}`;
}

const scaleNote = ({ max, squareRoot }: Scale): string =>
  [
    max < 1 ? `The axes end at ${pageFormat.probability(max)}.` : '',
    squareRoot ? 'Square-root scales give small probabilities room.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');

/** The fitted map, where one score decides. */
export function mapSection({ map, data, choice }: CalibrateReport): Section | null {
  if (!map) return null;
  const draw = (width: typeof WIDE | typeof NARROW) =>
    mapChart({
      map,
      column: cutText(data.scores[0]!, 40),
      probabilities: data.input === 'probabilities',
      width,
    });
  return {
    id: 'map',
    heading: 'From score to probability',
    short: 'Map',
    body: html`${figure({
      title: html`What ${choice.chosen} makes of ${dataName(data.scores[0]!)}, fitted to all rows`,
      legend: html`<ul class="legend">${legendLine('calibrated probability p', 'var(--accent)', 'none')}${
        data.input === 'probabilities' ? legendLine('left as it was', 'var(--muted)', '4,3') : ''
      }</ul>`,
      charts: html`${draw(WIDE)}${draw(NARROW)}`,
      caption: map.p0
        ? 'The band is p0 to p1: the probability if the row itself turned out to be of the other class, and if it turned out to be of this one. Where it is wide, the calibration rows say little.'
        : 'A flat stretch gives rows of different scores one probability; a steep one makes much of small differences.',
    })}`,
  };
}

/** How wide the Venn-Abers intervals are, by true class. */
export function widthsSection({ widths }: CalibrateReport): Section | null {
  if (!widths) return null;
  const classes = [...widths.classes].sort((a, b) => a.rows - b.rows);
  const shown = classes.slice(0, mostPanels);
  const top = Math.max(...shown.flatMap(({ counts, rows }) => counts.map((count) => count / rows)));
  return {
    id: 'widths',
    heading: 'How sure is each probability?',
    short: 'Widths',
    body: html`<p>Venn-Abers gives two probabilities a row, p0 and p1; one of them is calibrated whatever the data. Their distance says for each row how
little the calibration rows know of rows like it. The rare class is usually less well known: compare the panels.</p>
${figure({
  title: 'Width p1 − p0 of the rows out of fold, by their class',
  charts: html`<div class="pair">${shown.map(
    (one, i) =>
      html`<div><p><strong>${dataName(one.class, 30)}</strong>, ${pageFormat.count(one.rows)} rows</p>${widthChart({
        id: `width-${i}`,
        name: one.class,
        summary: one,
        edges: widths.edges,
        top,
      })}</div>`,
  )}</div>`,
  caption: 'The vertical line is the median. Shares have a square-root scale, so that few wide rows stay visible.',
})}
${table({
  caption: 'Width p1 − p0',
  head: [
    { text: 'class' },
    ...['rows', 'median', 'mean', '90th percentile', 'largest'].map((text) => ({ text, right: true })),
  ],
  rows: [
    ...classes.slice(0, mostRows).map((one) => ({ name: dataName(one.class), one })),
    { name: html`all rows`, one: widths.overall },
  ].map(({ name, one }) =>
    row(
      html`${rowHead(name)}<td class="r">${pageFormat.count(one.rows)}</td>${[one.median, one.mean, one.p90, one.max].map((value) => numberCell(value, 4))}`,
    ),
  ),
})}`,
  };
}
