import { CounterweightError } from '../runtime/errors.ts';
import { type InductiveVennAbers, inductiveVennAbersFromJSON, type VennAbersPairs } from './inductive-venn-abers.ts';
import { requireMerge, type VennAbersMerge } from './merge-venn-abers.ts';
import { modelFields } from './model-fields.ts';

/** Several inductive Venn-Abers predictors, one a fold, as one. */
export interface CrossVennAbers {
  readonly folds: readonly InductiveVennAbers[];
  readonly merge: VennAbersMerge;
  /** The pairs of every fold. `foldScores[k]` are the rows' scores by the model of fold k. Throws `shape-mismatch`. */
  pairs(foldScores: readonly Float64Array[]): readonly VennAbersPairs[];
  /** Merged probability of label 1 and mean width p1 - p0 of the folds, one entry a row. Throws as `pairs`. */
  predict(foldScores: readonly Float64Array[]): { readonly p: Float64Array; readonly width: Float64Array };
  toJSON(): CrossVennAbersJSON;
}

export interface CrossVennAbersJSON {
  readonly kind: 'cross-venn-abers';
  readonly version: 1;
  readonly merge: VennAbersMerge;
  readonly folds: readonly unknown[];
}

/**
 * Cross Venn-Abers (Vovk, Petej and Fedorova, 2015): fold k's predictor was fitted on the rows that fold k's model had
 * not seen. log: GM(p1) / (GM(1 - p0) + GM(p1)) with geometric means over the folds, formed from logarithms; brier: the
 * mean of p1 + p0² / 2 - p1² / 2. Where one model of all rows scores new rows, pass its scores once a fold.
 * Throws `bad-option` without folds or for another merge.
 */
export function crossVennAbers(
  folds: readonly InductiveVennAbers[],
  { merge = 'log' }: { readonly merge?: VennAbersMerge } = {},
): CrossVennAbers {
  requireMerge(merge);
  if (folds.length === 0) throw new CounterweightError('bad-option', 'cross Venn-Abers needs at least one fold');
  const kept = Object.freeze([...folds]);
  const pairs = (foldScores: readonly Float64Array[]) => {
    requireFoldScores(foldScores, kept.length);
    return kept.map((fold, k) => fold.pairs(foldScores[k]!));
  };
  return Object.freeze({
    folds: kept,
    merge,
    pairs,
    predict: (foldScores: readonly Float64Array[]) => {
      const all = pairs(foldScores);
      return {
        p: merge === 'log' ? geometricMerge(all) : meanOverFolds(all, (p0, p1) => p1 + (p0 * p0 - p1 * p1) / 2),
        width: meanOverFolds(all, (p0, p1) => p1 - p0),
      };
    },
    toJSON: (): CrossVennAbersJSON => ({
      kind: 'cross-venn-abers',
      version: 1,
      merge,
      folds: kept.map((fold) => fold.toJSON()),
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function crossVennAbersFromJSON(json: unknown): CrossVennAbers {
  const fields = modelFields(json, 'cross Venn-Abers');
  fields.oneOf('kind', 'cross-venn-abers');
  fields.oneOf('version', 1);
  const folds = fields.list('folds');
  fields.require('folds', folds.length > 0);
  return crossVennAbers(folds.map(inductiveVennAbersFromJSON), { merge: fields.oneOf('merge', 'log', 'brier') });
}

function requireFoldScores(foldScores: readonly Float64Array[], folds: number): void {
  const rows = foldScores[0]?.length;
  if (foldScores.length !== folds || foldScores.some((scores) => scores.length !== rows)) {
    throw new CounterweightError(
      'shape-mismatch',
      `cross Venn-Abers of ${folds} folds needs as many score arrays of one length, got ${foldScores.length}`,
    );
  }
}

/** GM(p1) / (GM(1 - p0) + GM(p1)) = 1 / (1 + exp(mean ln (1 - p0) - mean ln p1)). */
function geometricMerge(all: readonly VennAbersPairs[]): Float64Array {
  const gaps = meanOverFolds(all, (p0, p1) => Math.log(1 - p0) - Math.log(p1));
  return gaps.map((gap) => 1 / (1 + Math.exp(gap)));
}

function meanOverFolds(all: readonly VennAbersPairs[], value: (p0: number, p1: number) => number): Float64Array {
  const means = new Float64Array(all[0]!.p0.length);
  for (const { p0, p1 } of all) {
    for (let row = 0; row < means.length; row++) means[row] = means[row]! + value(p0[row]!, p1[row]!);
  }
  return means.map((sum) => sum / all.length);
}
