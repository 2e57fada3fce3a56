import {
  type ConformalModel,
  CounterweightError,
  type Matrix,
  type Notice,
  type PredictionSets,
  setsFromPValues,
} from '@counterweight/core';
import { rowNumbers } from './row-numbers.ts';

/** How sets are asked of a model. */
export interface JudgeSettings {
  readonly alpha: number;
  /** Sets from smoothed p-values. */
  readonly smoothed: boolean;
  /** Sets whose bound is drawn between two ranks. */
  readonly exactCoverage: boolean;
  readonly seed: number;
}

export interface Judged {
  readonly sets: PredictionSets;
  /** Those that the sets follow from; null where the method has none. */
  readonly pValues: Matrix | null;
  readonly notices: readonly Notice[];
}

/**
 * Sets and p-values that agree with each other: the labels in a set are those with p above alpha, except for drawn bounds.
 * `first` is the place of the first row in its file, which the random numbers follow from; `stream` tells uses apart.
 */
export function judge(
  model: ConformalModel,
  probabilities: Matrix,
  settings: JudgeSettings,
  rows: { readonly first: number; readonly stream: string; readonly categories?: Int32Array | undefined },
): Judged {
  const { alpha, smoothed, exactCoverage, seed } = settings;
  const { categories } = rows;
  const numbers = (name: string) => rowNumbers(seed, `${rows.stream} ${name}`, rows.first, probabilities.rows);
  if (smoothed) {
    if (!model.pValues) {
      throw new CounterweightError('bad-option', `${model.name} sets have no p-values that could be smoothed`);
    }
    const pValues = model.pValues(probabilities, { smoothed, ties: numbers('ties'), alpha, categories });
    const sets = setsFromPValues(pValues, model.classes, alpha);
    return { sets, pValues, notices: [...model.notices] };
  }
  const exact = exactCoverage ? numbers('exact') : undefined;
  const sets = model.sets(probabilities, { alpha, categories, ...(exact && { exact }) });
  const pValues = model.pValues?.(probabilities, { alpha, categories }) ?? null;
  return { sets, pValues, notices: [...model.notices, ...sets.notices] };
}
