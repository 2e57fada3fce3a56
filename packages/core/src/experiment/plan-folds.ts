import { type Fold, type Labels, stratifiedFolds, subsetLabels, timeFolds } from '../data/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import type { PreparedData } from './prepare-data.ts';

export interface FoldPlan {
  /** Rows of `train` and `validate` are rows of the prepared table. */
  readonly folds: readonly Fold[];
  /** Folds a repeat, as they turned out. */
  readonly foldCount: number;
  readonly repeats: number;
  readonly notices: readonly Notice[];
}

/** More repeats where there is little data, because there the folds alone decide what one sees. */
export function defaultRepeats(trainRows: number): number {
  if (trainRows <= 2000) return 3;
  return trainRows <= 10_000 ? 2 : 1;
}

/** Folds of the training rows: stratified, by group, or looking forward in time. */
export function planFolds(data: PreparedData, folds: number, repeats: number, seed: number): FoldPlan {
  const made = foldsOf(data, data.split.train, folds, repeats, randomStream(seed, 'folds').uint32());
  const foldCount = 1 + Math.max(...made.folds.map(({ fold }) => fold));
  return { ...made, foldCount, repeats: data.time ? 1 : repeats };
}

/** Training rows of each class from which a third of a fold's rows tunes thresholds as well as all of them would. */
const PLENTY = 2000;

/** One part held out where every class has plenty of rows, else three folds, so that all rows tune. */
export function defaultInnerFolds(classRows: readonly number[]): number {
  return Math.min(...classRows) >= PLENTY ? 1 : 3;
}

/**
 * Folds inside the training rows of one fold, for tuning its threshold; empty where a class has too few rows for two
 * folds. 1: a third is held out, in time order the latest.
 */
export function innerFoldsOf(
  data: PreparedData,
  train: Int32Array,
  fold: Fold,
  folds: number,
  seed: number,
): readonly Fold[] {
  try {
    const own = randomStream(seed, 'inner folds', fold.repeat, fold.fold).uint32();
    const made = foldsOf(data, train, folds === 1 ? 3 : folds, 1, own).folds;
    return folds === 1 ? made.slice(-1) : made;
  } catch (error) {
    if (error instanceof CounterweightError && error.code.startsWith('too-few')) return [];
    throw error;
  }
}

function foldsOf(
  { labels, groups, time }: Pick<PreparedData, 'labels' | 'groups' | 'time'>,
  rows: Int32Array,
  folds: number,
  repeats: number,
  seed: number,
): { folds: Fold[]; notices: readonly Notice[] } {
  const own: Labels = subsetLabels(labels, rows);
  const made = time
    ? timeFolds({ labels: own, folds, time: Float64Array.from(rows, (row) => time[row]!) })
    : stratifiedFolds({
        labels: own,
        folds,
        repeats,
        seed,
        groups: groups && Int32Array.from(rows, (row) => groups[row]!),
      });
  const inTable = (positions: Int32Array) => positions.map((position) => rows[position]!);
  return {
    folds: made.folds.map((fold) => ({ ...fold, train: inTable(fold.train), validate: inTable(fold.validate) })),
    notices: made.notices,
  };
}
