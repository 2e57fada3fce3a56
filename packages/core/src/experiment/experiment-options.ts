import type { ClassLabel } from '../data/labels.ts';
import type { Table } from '../data/table.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** What is asked of an experiment. Defaults stand beside each option. */
export interface ExperimentOptions {
  /** Column that holds the class. */
  readonly target: string;
  /** Class that scores speak of; with more than two classes the task becomes this class against the rest. Default: the rarer of two. */
  readonly positive?: ClassLabel | undefined;
  /** Metric by which strategies are compared. Default: `averagePrecision`, or `expectedCost` where costs are given. */
  readonly metric?: string | undefined;
  /** Cost of predicting the first class when the second is true. */
  readonly costs?: CostsByLabel | undefined;
  /** Held-out rows of their own, with the same columns; then nothing is split off. */
  readonly test?: Table | undefined;
  /** What messages call that table. */
  readonly testSource?: string | undefined;
  /** Share of rows held out, default 0.25. */
  readonly testSize?: number | undefined;
  /** Column whose equal values stay together in every split. */
  readonly group?: string | undefined;
  /** Column by which rows are ordered in time: the latest are held out, and folds look forward. */
  readonly time?: string | undefined;
  /** Folds of the comparison, default 5; fewer where a class has fewer rows. */
  readonly folds?: number | undefined;
  /** Repeats of the folds; default 3 up to 2,000 training rows, 2 up to 10,000, else 1. */
  readonly repeats?: number | undefined;
  /** Folds inside each training part on which thresholds are tuned; 1 holds a third out. Default 1 with 2,000 rows of each class, else 3. */
  readonly innerFolds?: number | undefined;
  /** Names of treatments, default all. Doing nothing is always among them and first. */
  readonly treatments?: readonly string[] | undefined;
  /** Names of learners, default `defaultLearners`; the first is the one to beat. */
  readonly learners?: readonly string[] | undefined;
  /** Show the held-out rows to every strategy, not only to the chosen one and to doing nothing. */
  readonly testAll?: boolean | undefined;
  /** Columns that the models must not see. */
  readonly ignore?: readonly string[] | undefined;
  /** Columns that the models see although they look like leaks or identifiers. */
  readonly keep?: readonly string[] | undefined;
  /** Leave classes of fewer than three rows out instead of refusing the data. */
  readonly dropRareClasses?: boolean | undefined;
  /** Share of the rows of each class whose label set may miss it, default 0.1. */
  readonly alpha?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Bootstrap replicates of the held-out intervals, default 1,000. */
  readonly replicates?: number | undefined;
  /** Seconds after which no further fold is begun; at least two are always done. */
  readonly timeLimit?: number | undefined;
  /** Name of the data for the report. */
  readonly source?: string | undefined;
}

/** Costs of a binary task, or one cost for each pair of predicted and true class. */
export type CostsByLabel =
  | { readonly falsePositive: number; readonly falseNegative: number }
  | { readonly matrix: readonly (readonly number[])[]; readonly classes: readonly ClassLabel[] };

/**
 * Keeps finished units of work so that an interrupted experiment can go on. Keys are short and fit for file names;
 * values are plain JSON. What was saved must come back unchanged.
 */
export interface Checkpoint {
  load(key: string): Promise<unknown>;
  save(key: string, value: unknown): Promise<void>;
}

export interface ExperimentRunOptions extends RunOptions {
  readonly checkpoint?: Checkpoint | undefined;
}
