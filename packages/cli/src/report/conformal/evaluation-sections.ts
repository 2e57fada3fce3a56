import { pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { figure, legendLine, type Section } from '../html/sections/section.ts';
import { fold, numberCell, rightCell, row, rowHead, table, wrapCell } from '../html/tables.ts';
import { type CoverageRow, coverageChart } from './coverage-chart.ts';
import type { ConformalDocument, SetEvaluation, ShareEstimate } from './document.ts';
import { largestBin, pValueChart } from './p-value-chart.ts';
import { SIZE_COLOURS, sizeBands, sizeChart } from './size-chart.ts';
import { judgedByText } from './words.ts';

const MOST_DRAWN = 20;
const MOST_ROWS = 14;
const MOST_FOLDED = 500;
const MOST_PANELS = 6;
const MOST_MATRIX = 20;

/** Rarest first, by calibration rows, then by rows judged; classes without rows to judge by come last. */
export function byRarity(document: ConformalDocument, evaluation: SetEvaluation): CoverageRow[] {
  const calibration = new Map(document.calibration.classes.map((one) => [one.class, one]));
  const rows = evaluation.perClass.map((one) => ({ ...one, expected: calibration.get(one.class)?.expected ?? null }));
  const count = (row: CoverageRow) => calibration.get(row.class)?.rows ?? 0;
  const unjudged = (row: CoverageRow) => Number(row.rows === 0);
  return rows.sort((a, b) => unjudged(a) - unjudged(b) || count(a) - count(b) || a.rows - b.rows);
}

/** Whether each class is covered as asked. */
export function coverageSection(document: ConformalDocument, evaluation: SetEvaluation): Section {
  const { settings } = document;
  const asked = 1 - settings.alpha;
  const rows = byRarity(document, evaluation);
  const drawn = rows.filter(({ value }) => value !== null).slice(0, MOST_DRAWN);
  const hasExpected = drawn.some(({ expected }) => expected !== null);
  return {
    id: 'coverage',
    heading: 'Is every class covered?',
    short: 'Coverage',
    body: html`<p>${howJudged(evaluation)} A set covers a row if the true class is in it; ${pageFormat.percent(asked)} was asked.</p>
${figure({
  title: 'Coverage of each class, rarest first',
  legend: html`<ul class="legend">${legendLine('coverage with its 95\u202f% interval', 'var(--accent)', '', 'circle')}${legendLine('interval wholly below what was asked', 'var(--contrast)', '', 'square')}${legendLine('asked', 'var(--muted)', '4,3')}</ul>`,
  charts: html`${coverageChart(drawn, asked, 'wide', 'coverage')}${coverageChart(drawn, asked, 'narrow', 'coverage')}`,
  caption: html`Intervals are Clopper and Pearson's.${hasExpected ? ' Grey: where coverage of the class lies in the long run for 95\u202f% of calibration sets with as many rows of it.' : ''}${
    drawn.length < rows.length
      ? ` The ${drawn.length} rarest of ${pageFormat.count(rows.length)} classes that have rows; the table below has the others.`
      : ''
  }`,
})}
${classTable(document, rows)}
${categoryTable(evaluation)}
${moreFigures(evaluation)}`,
  };
}

function howJudged({ design, folds, source }: SetEvaluation): Content {
  if (design === 'new-rows') return html`The rows of ${dataName(source)} took no part in the calibration.`;
  return html`The rows of ${dataName(source)} were dealt to ${folds} folds at random; the sets of each fold come from a model calibrated on the others, with a little fewer rows than the model that is kept. Rows dealt at random are exchangeable by construction: this shows how classes fare and how large sets are, not whether later rows will be like these.`;
}

function classTable({ calibration }: ConformalDocument, rows: readonly CoverageRow[]): Markup {
  const byClass = new Map(calibration.classes.map((one) => [one.class, one]));
  const build = (some: readonly CoverageRow[], caption: string) =>
    table({
      caption,
      note: `Rarest first. A finite bound needs ${pageFormat.count(calibration.rowsNeeded)} calibration rows. The threshold is the largest score that a label may have.`,
      head: [
        { text: 'class' },
        { text: 'coverage', right: true },
        { text: 'labels a set', right: true },
        { text: 'one label', right: true },
        { text: 'rows judged', right: true },
        { text: 'calibration rows', right: true },
        { text: 'bounded by' },
        { text: 'threshold', right: true },
      ],
      rows: some.map((one) => {
        const known = byClass.get(one.class);
        const threshold = known?.threshold ?? null;
        return row(
          html`${rowHead(dataName(one.class))}${shareCell(one)}${one.meanSize === null ? rightCell('—') : numberCell(one.meanSize, 2)}${rightCell(
            one.singletonRate === null ? '—' : pageFormat.percent(one.singletonRate),
          )}${rightCell(pageFormat.count(one.rows))}${rightCell(pageFormat.count(known?.rows ?? 0))}${wrapCell(
            judgedByText(known?.judgedBy ?? 'all-rows'),
          )}${threshold === null ? rightCell('—') : numberCell(threshold, 4)}`,
        );
      }),
    });
  const first = build(rows.slice(0, MOST_ROWS), 'Each class: rows, policy, coverage');
  const rest = rows.slice(MOST_ROWS, MOST_ROWS + MOST_FOLDED);
  if (rest.length === 0) return first;
  const left = rows.length - MOST_ROWS - rest.length;
  return html`${first}${fold(
    `${pageFormat.count(rest.length)} more classes`,
    html`${build(rest, 'More classes')}${left > 0 ? html`<p class="muted">${pageFormat.count(left)} more are in the output of --json.</p>` : ''}`,
  )}`;
}

function shareCell(share: ShareEstimate): Markup {
  if (share.value === null) return rightCell('—');
  return html`<td class="r">${pageFormat.percent(share.value)} <span class="ci">[${pageFormat.percent(share.low)}, ${pageFormat.percent(share.high)}]</span></td>`;
}

function categoryTable({ perCategory }: SetEvaluation): Content {
  if (!perCategory) return '';
  const shown = [...perCategory].sort((a, b) => a.rows - b.rows).slice(0, MOST_FOLDED);
  return table({
    caption: 'Each category',
    note: 'Those with the fewest rows first.',
    head: [
      { text: 'category' },
      { text: 'rows', right: true },
      { text: 'coverage', right: true },
      { text: 'labels a set', right: true },
    ],
    rows: shown.map((one) =>
      row(
        html`${rowHead(one.category === null ? html`<span class="empty-name">(missing)</span>` : dataName(one.category))}${rightCell(pageFormat.count(one.rows))}${shareCell(one)}${numberCell(one.meanSize, 2)}`,
      ),
    ),
  });
}

function moreFigures(evaluation: SetEvaluation): Markup {
  const { criteria, observedCriteria } = evaluation;
  const line = (name: string, value: string, what: string) =>
    html`<dt>${name}</dt><dd>${value} <span class="muted">${what}</span></dd>`;
  return fold(
    'More figures of validity and efficiency',
    html`<dl class="facts">
${line('Mean of class coverages', pageFormat.percent(evaluation.macroCoverage), 'every class counts alike')}
${line('Coverage gap', pageFormat.percent(evaluation.coverageGap), 'mean distance of class coverages from what was asked')}
${line('Under-coverage gap', pageFormat.percent(evaluation.underCoverageGap), 'the same, counting only shortfalls')}
${line('Classes below what was asked', pageFormat.count(evaluation.violatingClasses), 'by however little')}
${line('Classes covered less than half', pageFormat.percent(evaluation.fractionBelowHalf), 'share of the classes')}
${line('Sets of one label that are right', pageFormat.percent(evaluation.singletonHitRatio), 'share of those sets')}
${line('Size-stratified coverage', pageFormat.percent(evaluation.sizeStratifiedCoverage), 'lowest among sets of one size')}
${line('Size-stratified violation', pageFormat.percent(evaluation.sizeStratifiedViolation), 'largest distance from what was asked among bands of size')}
${line('Difficulty violation', pageFormat.percent(evaluation.difficultyViolation), 'the same among bands of the true class\u2019s rank')}
${criteria ? line('Sum of p-values (S)', pageFormat.number(criteria.sum), 'mean over rows; smaller is better, as below') : ''}
${criteria ? line('Fuzziness (F), unconfidence (U)', `${pageFormat.number(criteria.fuzziness)}, ${pageFormat.number(criteria.unconfidence)}`, 'sum without the largest; second largest p-value') : ''}
${observedCriteria ? line('Observed fuzziness, unconfidence', `${pageFormat.number(observedCriteria.fuzziness)}, ${pageFormat.number(observedCriteria.unconfidence)}`, 'sum and largest of the false labels') : ''}
</dl>`,
  );
}

/** How much the sets say. */
export function sizeSection(document: ConformalDocument, evaluation: SetEvaluation): Section {
  const rare = byRarity(document, evaluation).filter(({ rows }) => rows > 0);
  const lines = [
    { name: 'all rows', sizes: evaluation.sizes },
    ...rare.slice(0, MOST_DRAWN).map((one) => ({ name: one.class, sizes: one.sizes })),
  ];
  const bands = sizeBands(lines);
  return {
    id: 'sizes',
    heading: 'How much do the sets say?',
    short: 'Sizes',
    body: html`<p>A set of one label is a decision; a set of several says which classes cannot be told apart; a set without labels says that no class
fits the row as well as its own rows do. ${pageFormat.number(evaluation.meanSize, 2)} labels a set on average.</p>
${figure({
  title: 'Labels in the sets, overall and by true class, rarest first',
  legend: html`<ul class="legend">${bands.map(({ label }, i) => html`<li><svg viewBox="0 0 30 12" aria-hidden="true"><rect x="4" y="1" width="22" height="10" fill="${SIZE_COLOURS[i]!}"/></svg>${label}</li>`)}</ul>`,
  charts: html`${sizeChart(lines, 'wide', 'sizes')}${sizeChart(lines, 'narrow', 'sizes')}`,
  caption:
    rare.length > MOST_DRAWN ? `The ${MOST_DRAWN} rarest of ${pageFormat.count(rare.length)} classes.` : undefined,
})}
${confusionTable(evaluation)}`,
  };
}

function confusionTable({ confusion, perClass }: SetEvaluation): Content {
  if (!confusion) {
    return html`<p class="muted">With ${pageFormat.count(perClass.length)} classes a table of which label comes into whose sets is left out.</p>`;
  }
  const order = perClass
    .map((one, code) => ({ one, code }))
    .filter(({ one }) => one.rows > 0)
    .sort((a, b) => b.one.rows - a.one.rows);
  if (order.length > MOST_MATRIX) return commonestPairs(order, confusion);
  return html`<div class="scroll" tabindex="0"><table class="matrix">
<caption>Which labels come into whose sets<span class="note">True class in rows, label in columns: share of the rows of the class whose set has the label. On the diagonal it is coverage; beside it, what a class is confused with</span></caption>
<thead><tr><th scope="col">truth</th>${order.map(({ one }) => html`<th scope="col">${dataName(one.class, 18)}</th>`)}</tr></thead>
<tbody>
${order.map(
  ({ one, code }) => html`<tr><th scope="row">${dataName(one.class, 24)}</th>${order.map((other) => {
    const share = (confusion[code]?.[other.code] ?? 0) / one.rows;
    return html`<td class="shade-${Math.round(share * 10)}${other.code === code ? ' diagonal' : ''}">${pageFormat.percent(share)}</td>`;
  })}</tr>
`,
)}</tbody></table></div>`;
}

type Placed = { readonly one: SetEvaluation['perClass'][number]; readonly code: number };

function commonestPairs(order: readonly Placed[], confusion: readonly (readonly number[])[]): Markup {
  const pairs = order
    .flatMap((truth) =>
      order
        .filter((label) => label.code !== truth.code)
        .map((label) => ({ truth, label, share: (confusion[truth.code]?.[label.code] ?? 0) / truth.one.rows })),
    )
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_ROWS);
  return table({
    caption: 'Which false labels come most into the sets of a class',
    head: [{ text: 'true class' }, { text: 'label' }, { text: 'share of its rows', right: true }],
    rows: pairs.map(({ truth, label, share }) =>
      row(
        html`${rowHead(dataName(truth.one.class))}${wrapCell(dataName(label.one.class))}${rightCell(pageFormat.percent(share))}`,
      ),
    ),
  });
}

/** P-values of the true class, which should be spread evenly. */
export function pValueSection(document: ConformalDocument, evaluation: SetEvaluation): Section | null {
  const { pValues } = evaluation;
  if (!pValues) return null;
  const { alpha, guarantee } = document.settings;
  const panels = byRarity(document, evaluation)
    .filter((one) => one.rows >= 20 && one.pValues !== null)
    .slice(0, MOST_PANELS);
  const top = Math.max(1.5, ...panels.map((one) => largestBin(one.pValues!)));
  const byClass = guarantee === 'class' || guarantee === 'class-and-category';
  return {
    id: 'p-values',
    heading: 'Are the p-values spread evenly?',
    short: 'P-values',
    body: html`<p>The p-value of a row's true class says what share of calibration rows were at least as strange. If the rows are like the calibration rows, these values are
spread evenly, and as many lie below any level as it says. ${byClass ? 'With a guarantee for each class they are so within each class.' : 'This method promises it for all rows together; within a class they may be heaped up.'}</p>
<div class="split"><div>${figure({
      title: 'All rows',
      charts: pValueChart({
        bins: pValues.bins,
        alpha,
        id: 'p-all',
        title: 'P-values of the true class',
        small: false,
      }),
      caption: html`Kolmogorov-Smirnov distance ${pageFormat.number(pValues.statistic)}${
        evaluation.design === 'new-rows' ? html`, p ${pageFormat.pValue(pValues.pValue)}` : ''
      }. Bars up to alpha, in the other colour, are rows whose sets miss the class${document.settings.smoothed ? '' : ' (smoothed p-values, the sets going by their conservative kin)'}. Dashed: an even spread.`,
    })}</div></div>
${
  panels.length < 2
    ? ''
    : figure({
        title: 'By true class, rarest first',
        charts: html`<div class="multiples">${panels.map(
          (one, i) =>
            html`<div><p>${dataName(one.class, 30)}</p>${pValueChart({
              bins: one.pValues!,
              alpha,
              id: `p-${i}`,
              title: 'P-values of the true class',
              small: true,
              top,
            })}</div>`,
        )}</div>`,
        caption:
          'Classes with at least 20 rows. Bars heaped up at the left: a class that is missed more often than asked; at the right: one that is covered more than need be.',
      })
}`,
  };
}
