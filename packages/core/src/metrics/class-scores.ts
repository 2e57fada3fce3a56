import { classGeometricMean } from './class-geometric-mean.ts';
import type { BinaryCounts } from './confusion.ts';
import { fBeta, precision, recall, specificity } from './count-ratios.ts';
import { indexBalancedAccuracy } from './index-balanced-accuracy.ts';
import { jaccard } from './jaccard.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** The scores of one class (or label) against the rest, or an average of them. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly fBeta: number;
  readonly jaccard: number;
  readonly geometricMean: number;
  readonly indexBalancedAccuracy: number;
}

/**
 * `micro`: of the counts summed over classes. `macro`: the mean over classes. `weighted`: that mean weighted by the
 * rows of each class.
 */
export type Averaging = 'micro' | 'macro' | 'weighted';

export interface ReportOptions extends UndefinedOption {
  /** Weight of recall against precision in F-beta, default 1. */
  readonly beta?: number;
}

const scoreNames = [
  'precision',
  'recall',
  'specificity',
  'fBeta',
  'jaccard',
  'geometricMean',
  'indexBalancedAccuracy',
] as const satisfies readonly (keyof ClassScores)[];

/** All scores of one set of counts. */
export function scoresOfCounts(counts: BinaryCounts, options: ReportOptions = {}): ClassScores {
  const undefinedAs = { undefinedAs: options.undefinedAs };
  return {
    precision: precision(counts, undefinedAs),
    recall: recall(counts, undefinedAs),
    specificity: specificity(counts, undefinedAs),
    fBeta: fBeta(counts, options.beta ?? 1, undefinedAs),
    jaccard: jaccard(counts, undefinedAs),
    geometricMean: classGeometricMean(counts, undefinedAs),
    indexBalancedAccuracy: indexBalancedAccuracy(counts, undefinedAs),
  };
}

/**
 * Averages over classes. Scores that are undefined are left out of a mean, with one exception, as in `macroPrecision`:
 * the precision of a class that has rows and was never predicted counts 0. With `undefinedAs` all count as that number.
 */
export function averageScores(
  counts: readonly BinaryCounts[],
  averaging: Averaging,
  options: ReportOptions = {},
): ClassScores {
  if (averaging === 'micro') return scoresOfCounts(summed(counts), options);
  const supports = counts.map(({ tp, fn }) => (averaging === 'macro' ? 1 : tp + fn));
  const scores = counts.map((one) => ({ ...scoresOfCounts(one, options), ...neverPredicted(one, options) }));
  return meanScores(scores, supports, options);
}

/** Weighted mean of each score over the entries where it is defined. */
export function meanScores(
  scores: readonly ClassScores[],
  weights: ArrayLike<number>,
  options?: UndefinedOption,
): ClassScores {
  const entries = scoreNames.map((name) => {
    let sum = 0;
    let total = 0;
    scores.forEach((one, i) => {
      if (Number.isNaN(one[name])) return;
      sum += weights[i]! * one[name];
      total += weights[i]!;
    });
    return [name, total === 0 ? undefinedValue(options) : sum / total] as const;
  });
  return Object.fromEntries(entries) as unknown as ClassScores;
}

function neverPredicted({ tp, fp, fn }: BinaryCounts, options: UndefinedOption): Partial<ClassScores> {
  return tp + fp === 0 && tp + fn > 0 ? { precision: options.undefinedAs ?? 0 } : {};
}

function summed(counts: readonly BinaryCounts[]): BinaryCounts {
  const sum = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { tp, fp, fn, tn } of counts) {
    sum.tp += tp;
    sum.fp += fp;
    sum.fn += fn;
    sum.tn += tn;
  }
  return sum;
}
