import { decimalsFor, pageFormat } from '../../format.ts';
import { decisionLabel, metricLabel } from '../../names.ts';
import type { ReportContext } from '../context.ts';
import { COUNT_METRICS, type Counts, outcomeCosts, totalCost } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';
import { exact, numberCell, rightCell, row, rowHead, table } from '../tables.ts';
import { multiClassDecisions } from './multi-class-decisions.ts';
import type { Section } from './section.ts';
import { thresholdExplorer } from './threshold-explorer.ts';

/** What the chosen model decides on the held-out rows, and what other thresholds would give. */
export function decisionsSection(context: ReportContext): Section {
  return {
    id: 'decisions',
    heading: 'What the decisions look like',
    short: 'Decisions',
    body: context.counts ? binaryDecisions(context, context.counts) : multiClassDecisions(context),
  };
}

function binaryDecisions(context: ReportContext, counts: Counts): Markup {
  const { report } = context;
  const { threshold } = report.heldOut;
  return html`<p>${dataName(context.chosen.id, 60)} on the held-out rows${
    threshold === null
      ? ''
      : html`: a row is flagged when its probability is at least ${pageFormat.probability(threshold)}`
  }. ${costSentence(context)}${spreadSentence(context)}</p>
${thresholdExplorer(context, confusionTable(context, counts))}
${otherThresholds(context)}`;
}

/** How far the tuned threshold moved from fold to fold. */
function spreadSentence({ chosen }: ReportContext): string {
  const tuned = chosen.decisions.find(({ spread }) => spread !== null);
  if (!tuned?.spread) return '';
  const { least, most, folds, mean, standardDeviation } = tuned.spread;
  const p = pageFormat.probability;
  return ` Tuned in each of ${pageFormat.count(folds)} folds by itself, the threshold ran from ${p(least)} to ${p(most)} (mean ${p(mean)}${
    standardDeviation === null ? '' : `, standard deviation ${pageFormat.number(standardDeviation, 3)}`
  }).`;
}

function costSentence({ report }: ReportContext): string {
  const costs = outcomeCosts(report);
  if (!costs) return '';
  const number = (value: number) => pageFormat.number(value, Number.isInteger(value) ? 0 : 2);
  const right =
    costs.tp === 0 && costs.tn === 0
      ? ''
      : ` A rightly flagged row costs ${number(costs.tp)}, one rightly left ${number(costs.tn)}.`;
  return `A missed row costs ${number(costs.fn)}, a false alarm ${number(costs.fp)}.${right}`;
}

/** Truth in rows, prediction in columns, the class that scores speak of first. Cells carry names for the slider's script. */
function confusionTable({ report }: ReportContext, counts: Counts): Markup {
  const positive = report.data.positive ?? '';
  const other = report.heldOut.classes.find((label) => String(label) !== String(positive)) ?? '';
  const cellOf = (name: keyof Counts, of: number, what: string) => {
    const count = counts[name];
    const share = of === 0 ? null : count / of;
    return html`<td data-cell="${name}" class="shade-${Math.round((share ?? 0) * 10)}"><span class="cell-count">${pageFormat.count(count)}</span><span class="cell-share"><span data-share>${share === null ? '—' : pageFormat.percent(share)}</span> ${what}</span></td>`;
  };
  const { tp, fp, fn, tn } = counts;
  return html`<div class="scroll" tabindex="0"><table class="confusion" id="confusion">
<caption>Confusion matrix<span class="note">Held-out rows <span id="confusion-at">at the chosen threshold</span>; shares are of the true class</span></caption>
<thead><tr><th scope="col">truth</th><th scope="col">flagged as ${dataName(positive, 24)}</th><th scope="col">not flagged (${dataName(other, 24)})</th></tr></thead>
<tbody>
<tr><th scope="row">${dataName(positive, 24)}</th>${cellOf('tp', tp + fn, 'found')}${cellOf('fn', tp + fn, 'missed')}</tr>
<tr><th scope="row">${dataName(other, 24)}</th>${cellOf('fp', fp + tn, 'false alarms')}${cellOf('tn', fp + tn, 'rightly left')}</tr>
</tbody></table></div>`;
}

/** A few thresholds in a table, so that nothing hangs on the slider: those at which given shares of the class are found. */
function otherThresholds({ report, chosen, counts: atChosen }: ReportContext): Content {
  const { sweep, threshold } = report.heldOut;
  if (sweep.length === 0 || !atChosen) return '';
  const costs = outcomeCosts(report);
  const entries: { label: string; threshold: number | null; counts: Counts; chosen: boolean }[] = [];
  for (const share of [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1]) {
    const point = sweep.find(({ tp, fn }) => tp + fn > 0 && tp / (tp + fn) >= share);
    if (point)
      entries.push({
        label: `finds ${Math.round(share * 100)}\u202f%`,
        threshold: point.threshold,
        counts: point,
        chosen: false,
      });
  }
  const own = chosen.decisions.find(({ name }) => name === chosen.operatingPoint);
  entries.push({
    label: own ? `chosen (${decisionLabel(own.name, true)})` : 'chosen',
    threshold,
    counts: atChosen,
    chosen: true,
  });
  entries.sort((a, b) => (b.threshold ?? 0) - (a.threshold ?? 0));
  const costOf = entries.map(({ counts }) => (costs ? totalCost(costs, counts) : null));
  const shown = ['precision', 'recall', 'f1', 'specificity'] as const;
  return table({
    caption: 'What other thresholds would give',
    note: 'On the held-out rows. To choose among them after seeing these numbers is to choose on the held-out rows: then check on fresh ones.',
    head: [
      { text: 'point' },
      { text: 'threshold', right: true },
      { text: 'flagged', right: true },
      { text: 'right', right: true },
      { text: 'false alarms', right: true },
      { text: 'missed', right: true },
      ...shown.map((key) => ({ text: metricLabel(key), right: true })),
      ...(costs ? [{ text: 'cost', right: true }] : []),
    ],
    rows: entries.map(({ label, threshold: at, counts, chosen: isChosen }, i) =>
      row(
        html`${rowHead(label)}${rightCell(exact(at, pageFormat.probability(at)))}${[counts.tp + counts.fp, counts.tp, counts.fp, counts.fn].map((n) => rightCell(pageFormat.count(n)))}${shown.map((key) => numberCell(COUNT_METRICS[key]?.(counts) ?? null))}${costs ? numberCell(costOf[i] ?? null, decimalsFor(costOf)) : ''}`,
        isChosen ? 'chosen' : '',
      ),
    ),
  });
}
