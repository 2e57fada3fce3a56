import { type Confusion, margins } from './confusion.ts';
import { ratio, type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Share of rows predicted right. */
export function accuracy(confusion: Confusion, options?: UndefinedOption): number {
  const { correct, total } = margins(confusion);
  return ratio(correct, total, options);
}

/** Mean recall over the classes that have rows. */
export function balancedAccuracy(confusion: Confusion, options?: UndefinedOption): number {
  const recalls = recallsOfPresent(confusion);
  return recalls.length === 0
    ? undefinedValue(options)
    : recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
}

/**
 * Geometric mean of the recalls of the classes that have rows: (Π recall)^(1/K); Kubat and Matwin, 1997.
 *
 * A class that was predicted but has no rows does not count (imbalanced-learn gives it the recall 0, and with it the
 * whole mean). `correction` stands in for recalls of 0, so that one missed class does not hide the others.
 */
export function geometricMean(
  confusion: Confusion,
  options?: UndefinedOption & { readonly correction?: number },
): number {
  const recalls = recallsOfPresent(confusion);
  if (options?.correction !== undefined) {
    for (let i = 0; i < recalls.length; i++) recalls[i] ||= options.correction;
  }
  if (recalls.length === 0) return undefinedValue(options);
  if (recalls.length === 2) return Math.sqrt(recalls[0]! * recalls[1]!);
  // Through logarithms: the product of hundreds of recalls would underflow.
  let logarithms = 0;
  for (const value of recalls) logarithms += Math.log(value);
  return Math.exp(logarithms / recalls.length);
}

/**
 * Matthews' correlation, for any number of classes by Gorodkin (2004): (c n - Σ p t) / sqrt((n² - Σ p²)(n² - Σ t²)).
 *
 * 0 where the predictions or the truth are constant, its usual convention; undefined only without rows.
 */
export function matthewsCorrcoef(confusion: Confusion, options?: UndefinedOption): number {
  const { truth, predicted, correct, total } = margins(confusion);
  if (total === 0) return undefinedValue(options);
  let cross = 0;
  let truthSquares = 0;
  let predictedSquares = 0;
  for (let label = 0; label < confusion.classes; label++) {
    cross += truth[label]! * predicted[label]!;
    truthSquares += truth[label]! * truth[label]!;
    predictedSquares += predicted[label]! * predicted[label]!;
  }
  const spread = (total * total - predictedSquares) * (total * total - truthSquares);
  return spread <= 0 ? 0 : (correct * total - cross) / Math.sqrt(spread);
}

/**
 * Cohen's kappa (1960): agreement beyond what the margins give by chance, 1 - observed / expected disagreement.
 *
 * Undefined where truth and predictions hold one and the same class only.
 */
export function cohenKappa(confusion: Confusion, options?: UndefinedOption): number {
  const { truth, predicted, correct, total } = margins(confusion);
  let chance = 0;
  for (let label = 0; label < confusion.classes; label++) chance += truth[label]! * predicted[label]!;
  const expected = total * total - chance;
  return total === 0 || expected <= 0 ? undefinedValue(options) : 1 - ((total - correct) * total) / expected;
}

function recallsOfPresent(confusion: Confusion): number[] {
  const { classes, counts } = confusion;
  const { truth } = margins(confusion);
  const recalls: number[] = [];
  for (let label = 0; label < classes; label++) {
    if (truth[label]! > 0) recalls.push(counts[label * classes + label]! / truth[label]!);
  }
  return recalls;
}
