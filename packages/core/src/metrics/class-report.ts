import { accuracy, balancedAccuracy } from './agreement.ts';
import { averageScores, type ClassScores, type ReportOptions, scoresOfCounts } from './class-scores.ts';
import { type BinaryCounts, type Confusion, margins } from './confusion.ts';

/** One line of a report. */
export interface ClassReportLine extends ClassScores {
  /** Class code, or number of the label. */
  readonly class: number;
  /** Weight of the rows that truly have it. */
  readonly support: number;
  /** Weight of the rows for which it was predicted. */
  readonly predicted: number;
}

export interface ClassReport {
  /** The classes that occur in the truth or in the predictions. */
  readonly classes: readonly ClassReportLine[];
  readonly micro: ClassScores;
  readonly macro: ClassScores;
  readonly weighted: ClassScores;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
}

/**
 * Scores of each class against the rest, with micro, macro and weighted averages. See `averageScores` for what
 * undefined scores do to an average.
 */
export function classReport(confusion: Confusion, options: ReportOptions = {}): ClassReport {
  const occurring = oneVsRestCounts(confusion).filter(({ counts: { tp, fp, fn } }) => tp + fp + fn > 0);
  const counts = occurring.map((one) => one.counts);
  return Object.freeze({
    classes: occurring.map((one) => reportLine(one.class, one.counts, options)),
    micro: averageScores(counts, 'micro', options),
    macro: averageScores(counts, 'macro', options),
    weighted: averageScores(counts, 'weighted', options),
    accuracy: accuracy(confusion, options),
    balancedAccuracy: balancedAccuracy(confusion, options),
  });
}

/** One line from the counts of a class. */
export function reportLine(label: number, counts: BinaryCounts, options: ReportOptions): ClassReportLine {
  const { tp, fp, fn } = counts;
  return { class: label, support: tp + fn, predicted: tp + fp, ...scoresOfCounts(counts, options) };
}

function oneVsRestCounts(confusion: Confusion): { class: number; counts: BinaryCounts }[] {
  const { truth, predicted, total } = margins(confusion);
  return Array.from(truth, (rows, label) => {
    const tp = confusion.counts[label * confusion.classes + label]!;
    const fp = predicted[label]! - tp;
    const fn = rows - tp;
    return { class: label, counts: { tp, fp, fn, tn: total - tp - fp - fn } };
  });
}
