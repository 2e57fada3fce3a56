import type { ClassLabel } from '../data/labels.ts';
import type { Comparison, Comparisons } from './compare-strategies.ts';
import type { Choice, DecisionReport, Estimate, MetricChoice, StrategyReport, Verdict } from './result.ts';

/** A number as a reader wants it: three decimals, more where it is small, a true minus sign. */
export function plain(value: number | null): string {
  if (value === null) return 'not defined';
  const size = Math.abs(value);
  const text = size !== 0 && size < 0.01 ? size.toPrecision(2) : size >= 1000 ? size.toFixed(0) : size.toFixed(3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const signed = (value: number | null): string => (value !== null && value > 0 ? `+${plain(value)}` : plain(value));

/** " (95 % interval 0.1 to 0.2)", or nothing where there is no interval. */
function interval({ low, high }: Estimate, write = plain, from = ''): string {
  return low === null && high === null ? '' : ` (95 % interval ${write(low)} to ${write(high)}${from})`;
}

export interface VerdictTask {
  readonly comparisons: Comparisons;
  readonly metric: MetricChoice;
  /** For people, by strategy id. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Chooses the best strategy if it is shown to be better than doing nothing, and doing nothing otherwise. */
export function choose({ comparisons, metric, labels }: VerdictTask): Choice {
  const { all, best, isBetter } = comparisons;
  const nothing = all[0]!.id;
  const chosen = isBetter ? best : nothing;
  const label = labels.get(best)!;
  const reason = isBetter
    ? `The best ${metric.label} of the treatments is that of ${label}: better than doing nothing by more than chance and by more than ${plain(comparisons.margin)}.`
    : best === nothing
      ? `No treatment has a better ${metric.label} than doing nothing.`
      : `The best ${metric.label} of the treatments is that of ${label}, but not by enough to be told from chance or to be worth a more complicated model.`;
  return { best, chosen, reason };
}

/** The verdict as a sentence with its numbers. */
export function verdictOf({ comparisons, metric, labels }: VerdictTask): Pick<Verdict, 'kind' | 'sentence'> {
  const { all, rivals, best, isBetter } = comparisons;
  const nothing = all[0]!;
  if (rivals.length === 0) {
    return {
      kind: 'nothing-compared',
      sentence: `Doing nothing: ${metric.label} ${plain(nothing.mean.value)}${interval(nothing.mean)}; no other strategy was asked for.`,
    };
  }
  const top = all.find(({ id }) => id === best)!;
  if (isBetter) {
    return {
      kind: 'better',
      sentence: `Better than doing nothing: ${labels.get(best)!}, with ${metric.label} ${plain(top.mean.value)} against ${plain(nothing.mean.value)}, ${gain(top, metric)}.`,
    };
  }
  const rival = best === nothing.id ? runnerUp(rivals, metric) : top;
  const isOpen = mayBeWorthIt(rival, comparisons);
  return {
    kind: isOpen ? 'not-shown' : 'no-difference',
    sentence: `${isOpen ? 'Nothing was shown to be better than doing nothing' : 'Doing nothing is enough'}: the best alternative, ${labels.get(rival.id)!}, has ${metric.label} ${plain(rival.mean.value)} against ${plain(nothing.mean.value)}, ${gain(rival, metric)} – ${whyNotWorthIt(rival, comparisons)}.`,
  };
}

/** A gain that would be worth having was seen, and these rows can neither show it nor rule it out. */
function mayBeWorthIt({ difference }: Comparison, { margin }: Comparisons): boolean {
  const { value, high } = difference!;
  return value !== null && value >= margin && (high === null || high >= margin);
}

/**
 * An interval that reaches past the margin does not show that nothing is to be had, only that these rows cannot show it;
 * and one that leaves out 0 is less than it seems when the gain is small or belongs to the best of several.
 */
function whyNotWorthIt({ difference }: Comparison, { margin, rivals }: Comparisons): string {
  const { value, low, high } = difference!;
  if (high !== null && high < margin) return 'no difference worth having';
  if (low === null || low <= 0) return 'no difference that can be told from chance on these rows';
  if (value !== null && value < margin) return 'a gain, but one too small to be worth a more complicated model';
  return `not enough to stand out as the best of ${rivals.length}`;
}

export function gain({ difference }: Comparison, metric: MetricChoice): string {
  const { value } = difference!;
  const folds = ' from paired folds';
  if (metric.greaterIsBetter) return `a difference of ${signed(value)}${interval(difference!, signed, folds)}`;
  if (value === null || value >= 0) return `a saving of ${signed(value)}${interval(difference!, signed, folds)}`;
  return `worse by ${plain(-value)}${interval(difference!, signed, ` of the saving,${folds}`)}`;
}

export function runnerUp(rivals: readonly Comparison[], { greaterIsBetter }: MetricChoice): Comparison {
  const sign = greaterIsBetter ? 1 : -1;
  return rivals.reduce((a, b) => (sign * ((b.mean.value ?? 0) - (a.mean.value ?? 0)) > 0 ? b : a));
}

export interface DetailsTask {
  readonly metric: MetricChoice;
  readonly chosen: StrategyReport;
  readonly nothing: StrategyReport;
  readonly labels: ReadonlyMap<string, string>;
  readonly positive: ClassLabel | null;
  /** Counts on the held-out rows at the operating point; null with more than two classes. */
  readonly counts: { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number } | null;
  /** Held-out difference of the best strategy to doing nothing by paired bootstrap; null where there is none. */
  readonly heldOutDifference: { readonly id: string; readonly difference: Estimate } | null;
}

/** Further plain sentences: the held-out check, what the threshold gives, and what 0.5 would have given. */
export function verdictDetails(task: DetailsTask): string[] {
  const { metric, chosen, labels, positive, counts, heldOutDifference } = task;
  const details: string[] = [];
  const held = chosen.test?.[metric.name];
  if (held) {
    details.push(
      `On the held-out rows, which took no part in any choice, ${labels.get(chosen.id)!} has ${metric.label} ${plain(held.value)}${interval(held)}.`,
    );
  }
  if (heldOutDifference) {
    const { id, difference } = heldOutDifference;
    details.push(
      `There the difference of ${labels.get(id)!} to doing nothing is ${signed(difference.value)}${interval(difference, signed, ' by paired bootstrap')}; positive is better.`,
    );
  }
  const operating = chosen.decisions.find(({ name }) => name === chosen.operatingPoint)!;
  if (counts && operating.threshold !== null) details.push(thresholdSentence(operating.threshold, counts, positive!));
  const half = chosen.decisions.find(({ name }) => name === 'half');
  if (half && operating !== half && half.test && operating.test) details.push(halfSentence(half, operating, positive));
  return details;
}

function thresholdSentence(
  threshold: number,
  counts: NonNullable<DetailsTask['counts']>,
  positive: ClassLabel,
): string {
  const flagged = counts.tp + counts.fp;
  const positives = counts.tp + counts.fn;
  if (flagged === 0) {
    return `At the threshold ${plain(threshold)} no held-out row is flagged as ${positive}, though ${grouped(positives)} ${positives === 1 ? 'is' : 'are'}.`;
  }
  return `Flagging rows with a probability of ${plain(threshold)} or more flags ${grouped(flagged)} of ${grouped(flagged + counts.fn + counts.tn)} held-out rows; ${grouped(counts.tp)} of them (${percent(counts.tp, flagged)}) are ${positive}, which is ${percent(counts.tp, positives)} of the ${grouped(positives)} there are.`;
}

function halfSentence(half: DecisionReport, operating: DecisionReport, positive: ClassLabel | null): string {
  const of = (decision: DecisionReport, name: string) => plain(decision.test![name]?.value ?? null);
  const what = positive === null ? 'Taking the most probable class instead' : 'The customary 0.5';
  const mean = positive === null ? 'macro-averaged ' : '';
  if (half.test!['expectedCost']) {
    return `${what} would have cost ${of(half, 'expectedCost')} a row against ${of(operating, 'expectedCost')} at the operating point.`;
  }
  return `${what} would have had ${mean}recall ${of(half, 'recall')} and precision ${of(half, 'precision')} (F1 ${of(half, 'f1')} against ${of(operating, 'f1')} at the operating point).`;
}

/** Thousands set apart by commas. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

const percent = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(part === whole ? 0 : 1)} %`;
