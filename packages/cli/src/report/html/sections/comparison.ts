import { decimalsFor, differenceDecimals, pageFormat } from '../../format.ts';
import { decisionLabel, learnerLabel, metricLabel, orderMetrics, strategyLabel } from '../../names.ts';
import type { DecisionReport, MetricSet, RunReport, StrategyReport } from '../../run-report.ts';
import { differenceChart, validationChart } from '../charts/comparison.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { cell, estimateCell, exact, fold, rightCell, row, rowHead, table } from '../tables.ts';
import { figure, type Section } from './section.ts';

const MOST_DRAWN = 30;
const MOST_ROWS = 24;

/** Which strategies were compared, how, and how they fared. */
export function comparisonSection(context: ReportContext): Section {
  const { report } = context;
  return {
    id: 'comparison',
    heading: 'What was compared',
    short: 'Comparison',
    body: html`<p>${designSentence(report)}</p>
${learnerTable(report)}
<p>${report.choice.reason}</p>
${comparisonFigure(context)}
${strategyTable(context)}
${decisionTable(context)}
${metricTable(context)}`,
  };
}

function designSentence({ validation, strategies, metric }: RunReport): string {
  const { split, splitColumn, folds, repeats } = validation;
  const share = pageFormat.percent(validation.testRows / (validation.testRows + validation.trainRows || 1));
  const by = {
    stratified: 'drawn so that every class keeps its share',
    group: `by whole groups of ${splitColumn ?? 'a column'}`,
    time: `the latest by ${splitColumn ?? 'time'}`,
    file: 'given in a file of their own',
  }[split];
  const count = strategies.length === 1 ? 'One strategy was' : `${pageFormat.count(strategies.length)} strategies were`;
  const repeated = repeats > 1 ? `, repeated ${pageFormat.count(repeats)} times` : '';
  return (
    `${count} judged by ${metric.label} in ${pageFormat.count(folds)}-fold cross-validation${repeated}, on the same folds, ` +
    `over ${pageFormat.count(validation.trainRows)} rows. ${pageFormat.count(validation.testRows)} rows (${share}; ${by}) were held out ` +
    'and used once, at the end, to check what was chosen.'
  );
}

/** Learners on the rows as they are: a question of its own, settled first. */
function learnerTable({ learners, metric }: RunReport): Content {
  if (learners === null) return '';
  const means = learners.compared.map(({ mean }) => mean.value);
  const decimals = decimalsFor(means);
  const digits = differenceDecimals(
    means,
    learners.compared.map(({ difference }) => difference?.value),
  );
  const first = learners.compared[0]?.learner ?? '';
  return html`<p>The learner was settled first, doing nothing about the imbalance, so that a better learner is not taken for a better treatment.
Treatments were then compared with doing nothing with ${dataName(learnerLabel(learners.chosen), 60)}.</p>
${table({
  caption: `Learners by ${metric.label}, doing nothing`,
  note: 'In cross-validation, with 95\u202f% intervals, in the order asked for. The first that comes within one standard error of the best, or within what is worth having, is kept.',
  head: [
    { text: 'learner' },
    { text: 'cross-validation', right: true },
    { text: `difference to ${learnerLabel(first)}`, right: true },
    { text: 'p', right: true },
  ],
  rows: learners.compared.map(({ learner, mean, difference }) =>
    row(
      html`${rowHead(html`${dataName(learnerLabel(learner), 60)}${learner === learners.chosen ? html` <span class="tag">kept</span>` : ''}`)}${estimateCell(mean, decimals)}${estimateCell(difference, digits, true)}${rightCell(difference ? pageFormat.pValue(difference.pValue) : '—')}`,
      learner === learners.chosen ? 'chosen' : '',
    ),
  ),
})}`;
}

function comparisonFigure(context: ReportContext): Content {
  const { report, ranked, baseline, chosen } = context;
  const drawn = ranked.length <= MOST_DRAWN ? ranked : keep(ranked, MOST_DRAWN, [baseline, chosen]);
  const input = { strategies: drawn, metric: report.metric, chosen: report.choice.chosen, baseline };
  const left = ranked.length - drawn.length;
  return figure({
    title: `${capital(report.metric.label)} in cross-validation, and the difference to ${rivalName(context)}`,
    charts: html`<div class="split">
<div>${validationChart({ ...input, width: 'wide' })}${validationChart({ ...input, width: 'narrow' })}</div>
<div>${differenceChart({ ...input, width: 'wide' })}${differenceChart({ ...input, width: 'narrow' })}</div>
</div>`,
    caption: html`Large dots are means over folds with 95\u202f% intervals, small dots single folds; ● is the chosen strategy, the dashed line doing
nothing. Folds differ more among themselves than strategies do, so judge by the differences, which are paired by fold: grey where the interval
includes zero.${left > 0 ? html` ${pageFormat.count(left)} strategies that fared worse are left out here and stand in the table.` : ''}`,
  });
}

/** What differences are to; where learners were compared too, doing nothing is ambiguous. */
const rivalName = ({ report, baseline }: ReportContext) => (report.learners === null ? 'doing nothing' : baseline.id);

/** The first `most` of a ranking, with those that must be there in place of the last. */
function keep(ranked: readonly StrategyReport[], most: number, needed: readonly StrategyReport[]): StrategyReport[] {
  const kept = new Set(needed);
  for (const strategy of ranked) {
    if (kept.size >= most) break;
    kept.add(strategy);
  }
  return ranked.filter((strategy) => kept.has(strategy));
}

function strategyTable(context: ReportContext): Markup {
  const { report, ranked } = context;
  const { metric } = report;
  const decimals = decimalsFor(ranked.map(({ validation }) => validation[metric.name]?.value));
  const digits = differenceDecimals(
    ranked.map(({ validation }) => validation[metric.name]?.value),
    ranked.map(({ difference }) => difference?.value),
  );
  return table({
    caption: `Strategies by ${metric.label}`,
    note: 'Best first, with 95\u202f% intervals. Held-out rows were shown only to strategies that have a value there; they had no part in the choice. Class shares seen: what the learner was shown, as multiples of the true shares, in the order of the classes.',
    head: [
      { text: 'strategy' },
      { text: 'cross-validation', right: true },
      { text: 'held-out rows', right: true },
      { text: `difference to ${rivalName(context)}`, right: true },
      { text: 'p', right: true },
      { text: 'class shares seen' },
    ],
    rows: ranked.map((strategy) =>
      row(
        html`${rowHead(strategyName(context, strategy))}${estimateCell(strategy.validation[metric.name], decimals)}${estimateCell(strategy.test?.[metric.name], decimals)}${estimateCell(strategy.difference, digits, true)}${rightCell(strategy.difference ? pageFormat.pValue(strategy.difference.pValue) : '—')}${cell(shiftText(strategy))}`,
        strategy === context.chosen ? 'chosen' : '',
      ),
    ),
  });
}

function strategyName({ chosen, baseline, report }: ReportContext, strategy: StrategyReport): Markup {
  return html`${dataName(strategy.id, 60)}${strategy === chosen ? html` <span class="tag">chosen</span>` : ''}${
    strategy.id === report.choice.best && strategy !== chosen ? html` <span class="tag">best treatment</span>` : ''
  }${strategy === baseline ? html` <span class="tag quiet">doing nothing</span>` : ''}<br><span class="muted">${dataName(strategyLabel(strategy), 60)}</span>`;
}

function shiftText({ priorShift }: StrategyReport): string {
  if (priorShift.every((times) => Math.abs(times - 1) < 1e-9)) return 'unchanged';
  const most = 4;
  const shown = priorShift.slice(0, most).map((times) => `× ${pageFormat.number(times, times >= 10 ? 1 : 2)}`);
  return shown.join(', ') + (priorShift.length > most ? ', …' : '');
}

/** Each strategy at each of its thresholds: metrics of decisions, in cross-validation and on held-out rows. */
function decisionTable(context: ReportContext): Content {
  const { ranked } = context;
  const keys = orderMetrics(
    ranked.flatMap(({ decisions }) => decisions.flatMap(({ validation }) => Object.keys(validation))),
  );
  if (keys.length === 0) return '';
  const all = ranked.flatMap((strategy) =>
    strategy.decisions.map((decision) => decisionRow(context, strategy, decision, keys)),
  );
  const build = (rows: readonly Markup[], caption: string) =>
    table({
      caption,
      note: 'In cross-validation; with 95\u202f% intervals underneath.',
      head: [
        { text: 'strategy' },
        { text: 'decision' },
        { text: context.binary ? 'threshold' : 'class weights', right: true },
        ...keys.map((key) => ({ text: metricLabel(key), right: true })),
      ],
      rows,
    });
  const held = heldOutDecisions(context, keys);
  const inFull =
    all.length <= MOST_ROWS
      ? build(all, 'Decisions')
      : html`${build(all.slice(0, MOST_ROWS), 'Decisions of the best strategies')}${fold(
          `The decisions of the other strategies (${pageFormat.count(all.length - MOST_ROWS)} rows)`,
          build(all.slice(MOST_ROWS, 400), 'Decisions of the other strategies'),
        )}`;
  return html`<h3>Decisions: ${decisionNames(context)}</h3>
<p>A treatment often only moves the threshold. So every strategy is shown ${
    context.binary ? 'both at 0.5 and at a threshold' : 'both with equal class weights and with weights'
  } tuned on rows that it was not fitted to.</p>
${inFull}${held}`;
}

/** "at 0.5 and tuned": the ways of deciding that occur, in their order. */
function decisionNames({ ranked, binary }: ReportContext): string {
  const names = [
    ...new Set(ranked.flatMap(({ decisions }) => decisions.map(({ name }) => decisionLabel(name, binary)))),
  ];
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function decisionRow(
  { binary, chosen }: ReportContext,
  strategy: StrategyReport,
  decision: DecisionReport,
  keys: readonly string[],
): Markup {
  const first = strategy.decisions[0] === decision;
  const picked = strategy === chosen && decision.name === strategy.operatingPoint;
  return row(
    html`${rowHead(dataName(strategy.id, 40))}${cell(html`${decisionLabel(decision.name, binary)}${picked ? html` <span class="tag">chosen</span>` : ''}`)}${rightCell(
      ruleText(decision, binary),
    )}${metricCells(decision.validation, keys)}`,
    `${first ? 'group' : ''}${picked ? ' chosen' : ''}`.trim(),
  );
}

function ruleText(decision: DecisionReport, binary: boolean): Content {
  if (binary) return exact(decision.threshold, pageFormat.probability(decision.threshold));
  if (decision.classWeights === null) return 'equal, model\u2019s own probabilities';
  return decision.classWeights.every((weight) => weight === 1) ? 'equal' : 'tuned, see Decisions';
}

const metricCells = (set: MetricSet, keys: readonly string[]): Markup[] => keys.map((key) => estimateCell(set[key]));

function heldOutDecisions({ ranked, binary }: ReportContext, keys: readonly string[]): Content {
  const rows = ranked.flatMap((strategy) =>
    strategy.decisions.flatMap((decision) =>
      decision.test
        ? [
            row(
              html`${rowHead(dataName(strategy.id, 40))}${cell(decisionLabel(decision.name, binary))}${metricCells(decision.test, keys)}`,
              strategy.decisions[0] === decision ? 'group' : '',
            ),
          ]
        : [],
    ),
  );
  if (rows.length === 0) return '';
  return fold(
    `The same on the held-out rows (${pageFormat.count(rows.length)} rows)`,
    table({
      caption: 'Decisions on the held-out rows',
      head: [
        { text: 'strategy' },
        { text: 'decision' },
        ...keys.map((key) => ({ text: metricLabel(key), right: true })),
      ],
      rows: rows.slice(0, 400),
    }),
  );
}

function metricTable({ ranked }: ReportContext): Content {
  const keys = orderMetrics(ranked.flatMap(({ validation }) => Object.keys(validation)));
  return fold(
    `All metrics of all strategies (${pageFormat.count(keys.length)} metrics)`,
    table({
      caption: 'All metrics in cross-validation',
      note: 'Those of decisions at the operating point of the strategy.',
      head: [{ text: 'strategy' }, ...keys.map((key) => ({ text: metricLabel(key), right: true }))],
      rows: ranked
        .slice(0, 200)
        .map((strategy) =>
          row(
            html`${rowHead(dataName(strategy.id, 40))}${keys.map((key) =>
              estimateCell(
                strategy.validation[key],
                decimalsFor(ranked.map(({ validation }) => validation[key]?.value)),
              ),
            )}`,
          ),
        ),
    }),
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
