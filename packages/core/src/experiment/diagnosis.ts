import type { ClassLabel } from '../data/index.ts';
import type { Imbalance } from '../measure/index.ts';
import type { Notice } from '../runtime/notices.ts';
import type { Advice } from './advice.ts';
import type { Estimate } from './estimate.ts';
import type { NeighbourhoodSummary } from './neighbourhood-summary.ts';
import type { DataSummary } from './result.ts';

/** What can be said of a data set before anything is learned from it, as plain data. Rows are 0-based rows of the input. */
export interface Diagnosis {
  readonly format: 'counterweight-diagnosis';
  readonly formatVersion: 1;
  readonly data: DataSummary;
  readonly imbalance: Imbalance;
  readonly conflicts: Conflicts;
  /** Null where it was not asked for or cannot be measured; a notice says which. */
  readonly difficulty: DifficultySummary | null;
  /** What to try, with reasons, the most pressing first. */
  readonly advice: readonly Advice[];
  readonly notices: readonly Notice[];
}

/** Rows that are equal in every used column and yet of different classes. */
export interface Conflicts {
  readonly rows: number;
  /** On so many rows at least any model errs, even on the rows that it learned from: in each group all but the commonest class. */
  readonly leastErrors: number;
  /** Errors of each class if every group goes to its commonest class (the first of equals), in the order of the classes. */
  readonly perClass: readonly number[];
}

/** How hard the classes are to tell apart. */
export interface DifficultySummary extends NeighbourhoodSummary {
  readonly measures: readonly MeasureSummary[];
  /** BI3 of the rarest class. */
  readonly bayesImpact: { readonly class: ClassLabel; readonly rows: number } & Estimate;
}

export type MeasureName =
  | 'kdn'
  | 'commonMisclassification'
  | 'degreeOfOverlap'
  | 'n3'
  | 'rValue'
  | 'augmentedRValue'
  | 'd3'
  | 'n1'
  | 'n2'
  | 'n4'
  | 't1'
  | 'lsc'
  | 'f1'
  | 'f1v'
  | 'f2'
  | 'f3'
  | 'f4'
  | 'l1'
  | 'l2'
  | 'l3'
  | 't2'
  | 't3'
  | 't4';

export interface MeasureSummary {
  readonly name: MeasureName;
  readonly group: 'neighbourhood' | 'border' | 'overlap' | 'linearity' | 'dimensionality';
  /** `share`: from 0 (easy) to 1 (hard). `count` and `ratio` have no upper end. */
  readonly scale: 'share' | 'count' | 'ratio';
  /** Ends are null where no interval is given: only shares of rows have one, and means of a row's shares. */
  readonly estimate: Estimate;
  /** In the order of the classes; null for a class of which nothing can be said. */
  readonly perClass: readonly (Estimate | null)[];
  /** Rows that it was taken on. */
  readonly rows: number;
}
