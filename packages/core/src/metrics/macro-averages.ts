import { type BinaryCounts, type Confusion, margins } from './confusion.ts';
import { fBeta, precision, recall, specificity } from './count-ratios.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/**
 * Unweighted means over classes, each against the rest. Classes that occur neither in the truth nor in the predictions
 * are left out, as scikit-learn does.
 *
 * Where a class has no value of its own (0 / 0): precision counts 0, so that a class never predicted cannot raise the
 * average; recall is left out, because a class without rows cannot be missed. With `undefinedAs` every such class counts
 * that number, which is scikit-learn's `zero_division`; with NaN given or no class left the rest decides.
 */
export function macroPrecision(confusion: Confusion, options?: UndefinedOption): number {
  return macroAverage(confusion, (counts) => precision(counts, { undefinedAs: options?.undefinedAs ?? 0 }), options);
}

/** Mean recall over the classes; see `macroPrecision` for classes without a value. */
export function macroRecall(confusion: Confusion, options?: UndefinedOption): number {
  return macroAverage(confusion, (counts) => recall(counts, options), options);
}

/** Mean specificity over the classes; a class that holds every row has none and is left out. */
export function macroSpecificity(confusion: Confusion, options?: UndefinedOption): number {
  return macroAverage(confusion, (counts) => specificity(counts, options), options);
}

/** Mean F-beta over the classes; every class that occurs has one. */
export function macroFBeta(confusion: Confusion, beta: number, options?: UndefinedOption): number {
  return macroAverage(confusion, (counts) => fBeta(counts, beta, options), options);
}

function macroAverage(
  confusion: Confusion,
  measure: (counts: BinaryCounts) => number,
  options: UndefinedOption | undefined,
): number {
  const { classes, counts } = confusion;
  const { truth, predicted, total } = margins(confusion);
  let sum = 0;
  let valued = 0;
  for (let label = 0; label < classes; label++) {
    if (truth[label]! + predicted[label]! === 0) continue;
    const tp = counts[label * classes + label]!;
    const fp = predicted[label]! - tp;
    const fn = truth[label]! - tp;
    const value = measure({ tp, fp, fn, tn: total - tp - fp - fn });
    if (Number.isNaN(value)) continue;
    sum += value;
    valued++;
  }
  return valued === 0 ? undefinedValue(options) : sum / valued;
}
