import { correctedInterval } from '../metrics/index.ts';
import { withinRange } from './metric-range.ts';
import type { Estimate } from './result.ts';

/** One strategy's values of the chosen metric, fold by fold in the same order for all. NaN where undefined. */
export interface FoldScores {
  readonly id: string;
  readonly scores: readonly number[];
}

export interface Comparison {
  readonly id: string;
  readonly mean: Estimate;
  /** Against the first, doing nothing; positive = better whatever the metric's direction. Null for doing nothing itself. */
  readonly difference: (Estimate & { readonly pValue: number | null }) | null;
}

export interface Comparisons {
  readonly all: readonly Comparison[];
  /** Those that may be chosen in place of doing nothing. */
  readonly rivals: readonly Comparison[];
  /** Best mean among doing nothing and its rivals; the earlier of equals, so that doing nothing wins ties. */
  readonly best: string;
  /** Better than doing nothing by more than chance and by more than `margin`. */
  readonly isBetter: boolean;
  /** Smallest difference that is worth having. */
  readonly margin: number;
  /** Doing nothing's p-value limit after Bonferroni's correction for the number of its rivals. */
  readonly pValueLimit: number;
}

/**
 * Differences below this are not worth a more complicated model: one hundredth of a metric that runs from 0 to 1, or
 * two hundredths of what doing nothing costs where the metric is a loss.
 */
const worthHaving = { absolute: 0.01, relative: 0.02 } as const;

export interface CompareOptions {
  /** Those that may be the best, default all but the first; the others are compared for the reader alone. */
  readonly rivals?: readonly string[] | undefined;
  /** What the metric can be; intervals of means end there. Default: anything. */
  readonly range?: readonly [number, number] | undefined;
}

/**
 * Compares strategies with doing nothing by the corrected resampled t-test on paired folds (Nadeau and Bengio 2003):
 * folds share training rows, so their variance is enlarged by validation rows / training rows. Because the best of
 * several is looked at, it counts as better only if its p-value stays below 0.05 / rivals.
 *
 */
export function compareStrategies(
  strategies: readonly FoldScores[],
  foldRows: { readonly train: number; readonly validate: number },
  greaterIsBetter: boolean,
  { rivals = strategies.slice(1).map(({ id }) => id), range = [-Infinity, Infinity] }: CompareOptions = {},
): Comparisons {
  const sign = greaterIsBetter ? 1 : -1;
  const baseline = strategies[0]!;
  const all = strategies.map(({ id, scores }): Comparison => {
    const mean = withinRange(foldEstimate(scores, foldRows), range);
    if (id === baseline.id) return { id, mean, difference: null };
    const differences = scores.map((score, fold) => sign * (score - baseline.scores[fold]!));
    const difference = interval(differences, foldRows);
    return { id, mean, difference: isCoarse(baseline.scores) && isCoarse(scores) ? openEnds(difference) : difference };
  });
  const baselineMean = all[0]!.mean.value ?? 0;
  const margin = greaterIsBetter ? worthHaving.absolute : worthHaving.relative * Math.abs(baselineMean);
  const compared = all.filter(({ id }) => rivals.includes(id));
  const pValueLimit = 0.05 / Math.max(1, compared.length);
  const best = [all[0]!, ...compared].reduce((a, b) =>
    sign * (b.mean.value ?? -Infinity * sign) > sign * (a.mean.value ?? -Infinity * sign) ? b : a,
  );
  const { difference } = best;
  const isBetter =
    difference !== null &&
    (difference.value ?? 0) >= margin &&
    difference.pValue !== null &&
    difference.pValue < pValueLimit;
  return { all, rivals: compared, best: best.id, isBetter, margin, pValueLimit };
}

/** Whether every fold shows the same value: then the folds are too coarse to tell one strategy from another. */
function isCoarse(scores: readonly number[]): boolean {
  const defined = scores.filter((score) => !Number.isNaN(score));
  return defined.every((score) => score === defined[0]);
}

const openEnds = <T extends Estimate>(estimate: T): T & { low: null; high: null; pValue: null } => ({
  ...estimate,
  low: null,
  high: null,
  pValue: null,
});

/** Mean and corrected 95 % interval of the folds where the value exists. */
function interval(
  values: readonly number[],
  foldRows: { readonly train: number; readonly validate: number },
): Estimate & { pValue: number | null } {
  const defined = values.filter((value) => !Number.isNaN(value));
  if (defined.length === 0) return { value: null, low: null, high: null, pValue: null };
  // Equal values in every fold say that the folds are too coarse to show a spread, not that there is none.
  const first = defined[0]!;
  if (first !== 0 && defined.every((value) => value === first)) {
    return { value: first, low: null, high: null, pValue: null };
  }
  const { mean, low, high, pValue } = correctedInterval({
    differences: defined,
    trainRows: foldRows.train,
    testRows: foldRows.validate,
  });
  return { value: mean, low: orNull(low), high: orNull(high), pValue: orNull(pValue) };
}

/** Mean and interval of any metric over folds, as a comparison states it. */
export function foldEstimate(
  values: readonly number[],
  foldRows: { readonly train: number; readonly validate: number },
): Estimate {
  const { value, low, high } = interval(values, foldRows);
  return { value, low, high };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
