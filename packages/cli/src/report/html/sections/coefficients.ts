import type { ClassLabel } from '@counterweight/core';
import { pageFormat } from '../../format.ts';
import type { Coefficient, Importance } from '../../run-report.ts';
import { coefficientChart } from '../charts/coefficients.ts';
import { importanceChart } from '../charts/importance.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { fold, numberCell, row, rowHead, table } from '../tables.ts';
import { figure, type Section } from './section.ts';

const MOST_BARS = 20;
const MOST_BARS_A_CLASS = 8;
const MOST_CLASSES = 6;

/** What moves the scores of the chosen model, and how much. */
export function coefficientsSection({ report, chosen }: ReportContext): Section {
  const groups = byClass(report.coefficients);
  const { importance } = report;
  const nothing = importance === null && groups.length === 0;
  return {
    id: 'coefficients',
    heading: 'What moves the scores',
    short: 'Effects',
    body: html`${nothing ? html`<p class="muted">Nothing could be found out of ${dataName(chosen.id, 60)}.</p>` : ''}${importance === null ? '' : importances(importance, report.metric.label, chosen.id)}${
      groups.length === 0
        ? ''
        : html`<p>The largest effects in ${dataName(chosen.id, 60)}: the change in log-odds for one standard deviation of a number, or for having
a level. They say what the model uses, not what causes the class; related columns share their effects.</p>
${groups.length === 1 ? single(groups[0]?.coefficients ?? []) : several(groups, report.data.classes)}
${fold(`All ${pageFormat.count(report.coefficients.length)} effects kept in the report`, effectTable(report.coefficients, groups.length > 1))}`
    }`,
  };
}

function importances({ columns, rows, repeats, value, of }: Importance, metric: string, id: string): Markup {
  const shown = columns.slice(0, MOST_BARS);
  const input = { columns: shown, metric, wide: 760 };
  const means = repeats === 1 ? '' : `: means of ${repeats} shuffles`;
  return html`<p>How much worse the ${metric} of ${dataName(id, 60)} gets when the cells of one column are shuffled among ${pageFormat.count(rows)} held-out
rows${means}. As they are it is ${pageFormat.number(value, 3)}. It says what the model leans on, not what causes the class; columns that tell the same stand in for each other and look
small.</p>
${figure({
  title: 'Columns that the model leans on',
  charts: html`${importanceChart({ ...input, width: 'wide' })}${importanceChart({ ...input, width: 'narrow' })}`,
  caption: of > shown.length ? `The ${shown.length} largest of ${pageFormat.count(of)} columns.` : '',
})}
${fold(`${pageFormat.count(columns.length)} columns with the spread over the shuffles`, importanceTable(columns))}`;
}

function importanceTable(columns: Importance['columns']): Markup {
  return table({
    caption: 'Columns that the model leans on',
    head: [
      { text: 'column' },
      { text: 'worse by', right: true },
      { text: 'standard deviation over the shuffles', right: true },
    ],
    rows: columns.map(({ column, fall, deviation }) =>
      row(html`${rowHead(dataName(column, 60))}${numberCell(fall, 4)}${numberCell(deviation, 4)}`),
    ),
  });
}

interface Group {
  readonly label: ClassLabel;
  readonly coefficients: readonly Coefficient[];
}

function byClass(coefficients: readonly Coefficient[]): Group[] {
  const groups = new Map<ClassLabel, Coefficient[]>();
  for (const coefficient of coefficients) {
    const group = groups.get(coefficient.class);
    if (group) group.push(coefficient);
    else groups.set(coefficient.class, [coefficient]);
  }
  return [...groups].map(([label, kept]) => ({
    label,
    coefficients: kept.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
  }));
}

function single(coefficients: readonly Coefficient[]): Markup {
  const shown = coefficients.slice(0, MOST_BARS);
  const input = { coefficients: shown, id: 'effects', title: 'Largest effects', wide: 760, largest: largestOf(shown) };
  return figure({
    title: html`For ${dataName(shown[0]?.class ?? '', 40)}`,
    charts: html`${coefficientChart({ ...input, width: 'wide' })}${coefficientChart({ ...input, width: 'narrow' })}`,
    caption:
      coefficients.length > shown.length
        ? `The ${pageFormat.count(shown.length)} largest of ${pageFormat.count(coefficients.length)}; the others are in the table.`
        : '',
  });
}

function several(
  groups: readonly Group[],
  classes: readonly { readonly label: ClassLabel; readonly rows: number }[],
): Content {
  const size = new Map(classes.map(({ label, rows }) => [String(label), rows]));
  const shown = [...groups]
    .sort((a, b) => (size.get(String(a.label)) ?? 0) - (size.get(String(b.label)) ?? 0))
    .slice(0, MOST_CLASSES);
  const largest = largestOf(shown.flatMap(({ coefficients }) => coefficients));
  return html`<div class="pair">${shown.map(({ label, coefficients }, i) => {
    const input = {
      coefficients: coefficients.slice(0, MOST_BARS_A_CLASS),
      id: `effects-${i}`,
      title: 'Largest effects of one class',
      largest,
      wide: 460,
    };
    return figure({
      title: html`For ${dataName(label, 40)}`,
      charts: html`${coefficientChart({ ...input, width: 'wide' })}${coefficientChart({ ...input, width: 'narrow' })}`,
    });
  })}</div>
<p class="muted">The ${MOST_BARS_A_CLASS} largest a class${groups.length > shown.length ? `, for the ${MOST_CLASSES} rarest of ${pageFormat.count(groups.length)} classes` : ', rarest class first'}.</p>`;
}

const largestOf = (coefficients: readonly Coefficient[]) =>
  coefficients.reduce((most, { effect }) => Math.max(most, Math.abs(effect)), 0);

function effectTable(coefficients: readonly Coefficient[], withClass: boolean): Markup {
  const most = 400;
  return table({
    caption: 'Effects',
    note: coefficients.length > most ? `The first ${most}; the rest is in report.json.` : '',
    head: [
      { text: 'feature' },
      ...(withClass ? [{ text: 'class' }] : []),
      { text: 'effect on the log-odds', right: true },
    ],
    rows: coefficients
      .slice(0, most)
      .map((one) =>
        row(
          html`${rowHead(dataName(one.feature, 60))}${withClass ? html`<td>${dataName(one.class, 30)}</td>` : ''}${numberCell(one.effect, 4)}`,
        ),
      ),
  });
}
