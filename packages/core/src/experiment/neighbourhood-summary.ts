import type { ClassLabel } from '../data/index.ts';
import type { NearDuplicate, NoiseSuspect, RowType } from '../measure/index.ts';
import type { Estimate } from './estimate.ts';

/** Shares of the neighbourhood types; they add up to 1. */
export type TypeEstimates = Readonly<Record<RowType, Estimate>>;

/** What stands around the rows of one class. */
export interface ClassNeighbourhood {
  readonly label: ClassLabel;
  readonly rows: number;
  /** Rows whose neighbourhoods were looked at. */
  readonly lookedAt: number;
  /** Null where none was. */
  readonly types: TypeEstimates | null;
  /** Null where not all rows of the class were looked at. */
  readonly disjuncts: DisjunctSummary | null;
}

export interface DisjunctSummary {
  readonly clusters: number;
  /** Rows of the ten largest clusters, descending. */
  readonly largest: readonly number[];
  /** Clusters of more than k rows. */
  readonly largeClusters: number;
  /** Share of the class's rows in its largest cluster. */
  readonly largestShare: number;
  /** Share of its rows in clusters of at most k rows. */
  readonly smallShare: number;
}

/** Label-noise suspects among the rows looked at. */
export interface NoiseSummary {
  readonly rows: number;
  readonly wrongLabel: number;
  /** In the order of the classes. */
  readonly perClass: readonly number[];
  /** The most surprising, at most 200. */
  readonly listed: readonly (Omit<NoiseSuspect, 'code' | 'surroundedBy'> & {
    readonly class: ClassLabel;
    readonly surroundedBy: ClassLabel;
  })[];
}

/** Rows that another class has (almost) as well, among the rows looked at. */
export interface DuplicateSummary {
  /** Distance up to which rows count as near-duplicates. */
  readonly tolerance: number;
  readonly rows: number;
  /** Of these, rows that equal a row of another class in every used column. */
  readonly exactRows: number;
  readonly perClass: readonly number[];
  /** The nearest pairs, at most 200. */
  readonly listed: readonly (NearDuplicate & { readonly class: ClassLabel; readonly otherClass: ClassLabel })[];
}

/** What stands around the rows: the part of a diagnosis that an experiment tells as well. */
export interface NeighbourhoodSummary {
  /** Neighbours a row. */
  readonly k: number;
  readonly rows: number;
  /** Numbers that a row is encoded as, in which distances are taken. */
  readonly features: number;
  readonly lookedAt: number;
  readonly types: TypeEstimates;
  readonly classes: readonly ClassNeighbourhood[];
  readonly noiseSuspects: NoiseSummary;
  readonly nearDuplicates: DuplicateSummary;
}
