import type { MetricDifference, ModelComparison, ThresholdEvaluation } from '@counterweight/core';
import { pageFormat } from '../format.ts';
import { dataName, html, type Markup } from '../html/markup.ts';
import type { Section } from '../html/sections/section.ts';
import { estimateCell, fold, row, rowHead, table } from '../html/tables.ts';
import { digitsFor } from './digits.ts';
import type { BinaryEvaluationReport } from './evaluation-report.ts';
import { labelOf, pointLabels, presetLabels } from './labels.ts';

/** Whether the interval of a difference leaves 0 out. */
export const settled = (one: MetricDifference | undefined): boolean =>
  one !== undefined && one.low !== null && one.high !== null && (one.low > 0 || one.high < 0);

const mostPairs = 15;
const mainDifferences = ['averagePrecision', 'brierScore', 'logLoss', 'half.f1', 'given.f1', 'cost.expectedCost'];

/** The models in pairs: differences with their intervals, and which model each speaks for. */
export function comparisonSection({ comparisons }: BinaryEvaluationReport): Section {
  const pairs = comparisons.slice(0, mostPairs);
  const holm = comparisons.length > 1;
  return {
    id: 'comparison',
    heading: 'Which model is better?',
    short: 'Comparison',
    body: html`<p>Both models of a pair see the same draws of rows, so what the rows have in common cancels. An interval without 0 speaks for a difference${
      holm ? `; p-values are corrected by Holm over the ${comparisons.length} pairs` : ''
    }.</p>
${pairs.map((pair) => differenceTable(pair, mainDifferences))}
${fold('All differences', html`${pairs.map((pair) => differenceTable(pair, Object.keys(pair.differences)))}`)}
${comparisons.length > mostPairs ? html`<p class="muted">${mostPairs} of ${comparisons.length} pairs; the JSON document has all.</p>` : ''}`,
  };
}

function differenceTable({ first, second, differences, deLong }: ModelComparison, keys: readonly string[]): Markup {
  return table({
    caption: html`${dataName(first, 40)} less ${dataName(second, 40)}`,
    head: [
      { text: 'metric' },
      { text: 'difference', right: true },
      { text: 'p-value', right: true },
      { text: 'speaks for' },
    ],
    rows: [
      ...(deLong ? [differenceRow('ROC-AUC (DeLong)', deLong, first, second)] : []),
      ...keys.flatMap((key) => {
        const one = differences[key];
        return one && one.value !== null ? [differenceRow(differenceLabel(key), one, first, second)] : [];
      }),
    ],
  });
}

function differenceLabel(key: string): string {
  const [place = '', metric] = key.split('.');
  if (metric === undefined) return labelOf(key);
  if (Object.hasOwn(pointLabels, place))
    return `${labelOf(metric)} ${pointLabels[place as ThresholdEvaluation['name']]}`;
  if (Object.hasOwn(presetLabels, place)) {
    return `${metric === 'expected' ? 'ECE' : 'largest gap'}, ${presetLabels[place as keyof typeof presetLabels]}`;
  }
  return `${metric} in the first ${pageFormat.count(Number(place.slice(3)))}`;
}

function differenceRow(label: string, one: MetricDifference, first: string, second: string): Markup {
  const decimals = Math.max(3, digitsFor([one.value]));
  const winner =
    settled(one) && one.greaterIsBetter !== null
      ? (one.value ?? 0) > 0 === one.greaterIsBetter
        ? first
        : second
      : null;
  return row(
    html`${rowHead(label)}${estimateCell(one, decimals, true)}<td class="r">${pageFormat.pValue(one.adjustedPValue)}</td><td>${winner === null ? html`<span class="muted">neither</span>` : dataName(winner, 24)}</td>`,
  );
}
