import type { DifficultySummary, MeasureSummary } from '@counterweight/core';
import type { DiagnosisDocument } from '../diagnosis-document.ts';
import { pageFormat } from '../format.ts';
import { dataName, html, type Markup } from '../html/markup.ts';
import type { Section } from '../html/sections/section.ts';
import { cell, exact, rightCell, row, rowHead, table, wrapCell } from '../html/tables.ts';
import { groupLabels, measureGuide } from '../measure-guide.ts';

/** Classes beyond this would make the table wider than any screen. */
const MOST_CLASSES = 4;

/** All measures, of the counts and of the difficulty. */
export function measuresSection(document: DiagnosisDocument): Section {
  const { difficulty } = document;
  return {
    id: 'measures',
    heading: 'Measures',
    short: 'Measures',
    body: html`${imbalanceTable(document)}
${difficulty ? difficultyTable(document, difficulty) : ''}`,
  };
}

function imbalanceTable({ imbalance }: DiagnosisDocument): Markup {
  const classes = imbalance.counts.filter((rows) => rows > 0).length;
  const { imbalanceDegree: degree } = imbalance;
  const most = `0 to ${classes - 1}`;
  const lines: [string, number, number, string, string][] = [
    ['Imbalance ratio', imbalance.imbalanceRatio, 2, '1 and more', 'largest class over smallest class'],
    [
      'Imbalance degree, Hellinger',
      degree.hellinger,
      3,
      most,
      'distance of the class shares from even ones; its whole part counts the rare classes less one',
    ],
    ['Imbalance degree, Euclidean', degree.euclidean, 3, most, 'the same by the Euclidean distance'],
    ['Imbalance degree, Chebyshev', degree.chebyshev, 3, most, 'by the largest difference'],
    ['Imbalance degree, Kullback-Leibler', degree['kullback-leibler'], 3, most, 'by relative entropy'],
    ['Imbalance degree, total variation', degree['total-variation'], 3, most, 'by half the sum of differences'],
    ['Imbalance degree, chi-square', degree['chi-square'], 3, most, 'by squared differences over the even share'],
    [
      'LRID',
      imbalance.likelihoodRatioDegree,
      1,
      '0 and more',
      'likelihood-ratio statistic against even classes; grows with the rows',
    ],
    ['C1', imbalance.c1, 3, '0 to 1', '1 less the entropy of the shares, scaled'],
    ['C2', imbalance.c2, 3, '0 to 1', 'imbalance ratio of several classes, scaled'],
    [
      'Effective classes',
      imbalance.effectiveClasses,
      2,
      `1 to ${classes}`,
      'number of even classes with the same entropy',
    ],
  ];
  return table({
    caption: 'Imbalance: how uneven the class counts are',
    note: 'These speak of counts alone and not of how hard the task is.',
    head: [{ text: 'measure' }, { text: 'value', right: true }, { text: 'range' }, { text: 'meaning' }],
    rows: lines.map(([name, value, decimals, range, meaning]) =>
      row(
        html`${rowHead(name)}${rightCell(exact(value, pageFormat.number(value, decimals)))}${cell(range)}${wrapCell(meaning)}`,
      ),
    ),
  });
}

function difficultyTable({ data }: DiagnosisDocument, difficulty: DifficultySummary): Markup {
  const codes = [...data.classes.keys()].sort((a, b) => data.classes[a]!.rows - data.classes[b]!.rows || a - b);
  const shown = codes.slice(0, MOST_CLASSES);
  const { bayesImpact, measures } = difficulty;
  const rows = Object.entries(groupLabels).flatMap(([group, label]) => {
    const own = measures.filter((measure) => measure.group === group);
    return own.map((measure, i) => measureRow(measure, i === 0 ? label : '', shown, i === 0));
  });
  const impact = row(
    html`${rowHead('BI3')}${cell('imbalance')}${valueCell(null)}${shown.map((code) => valueCell(data.classes[code]!.label === bayesImpact.class ? { ...bayesImpact, scale: 'share' } : null))}${wrapCell(
      'how much a row of the rarest class loses of its chance because the class is outnumbered: 0 nothing, 1 all',
    )}${rightCell(pageFormat.count(bayesImpact.rows))}`,
    'group',
  );
  return table({
    caption: 'Difficulty: how hard the classes are to tell apart',
    note: html`Shares run from 0 (easy) to 1 (hard). Intervals are of 95\u202f%: Wilson's where a measure is a share of rows, bootstrap for BI3; others have none. N1, N2, N4, T1 and LSC hang on how densely the rows lie: compare them between sets of like size only.${
      codes.length > shown.length ? ` The ${MOST_CLASSES} rarest classes are shown; --json has all.` : ''
    }`,
    head: [
      { text: 'measure' },
      { text: 'of' },
      { text: 'all rows', right: true },
      ...shown.map((code) => ({ text: html`class ${dataName(data.classes[code]!.label, 18)}`, right: true })),
      { text: 'meaning' },
      { text: 'rows', right: true },
    ],
    rows: [...rows, impact],
  });
}

function measureRow(
  { name, estimate, perClass, scale, rows }: MeasureSummary,
  group: string,
  shown: readonly number[],
  first: boolean,
): Markup {
  const { label, meaning } = measureGuide[name];
  return row(
    html`${rowHead(label)}${cell(group)}${valueCell({ ...estimate, scale })}${shown.map((code) => {
      const own = perClass[code];
      return valueCell(own ? { ...own, scale } : null);
    })}${wrapCell(meaning)}${rightCell(pageFormat.count(rows))}`,
    first ? 'group' : '',
  );
}

interface ShownValue {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly scale: MeasureSummary['scale'];
}

function valueCell(shown: ShownValue | null): Markup {
  if (!shown || shown.value === null) return html`<td class="r"><span class="muted">—</span></td>`;
  const { value, scale } = shown;
  const decimals = scale === 'count' ? 0 : smallDecimals(value);
  const interval = pageFormat.interval(shown, decimals);
  return html`<td class="r">${exact(value, pageFormat.number(value, decimals))}${interval ? html` <span class="ci">${interval}</span>` : ''}</td>`;
}

/** Two significant digits for what would be 0.000. */
function smallDecimals(value: number): number {
  if (value === 0 || Math.abs(value) >= 0.01) return 3;
  return Math.min(8, 1 - Math.floor(Math.log10(Math.abs(value))));
}
