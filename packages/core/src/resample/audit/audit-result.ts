import type { ClassLabel } from '../../data/labels.ts';
import type { Notice } from '../../runtime/notices.ts';

/**
 * Where a new row fell, by its k nearest original rows. `intruding`: more than half of them are of other classes. `safe`: more
 * than 0.7 of them are of its own, as in the types of Napierala and Stefanowski (with k = 5: at most one other).
 * `borderline`: what is between (with k = 5: two others).
 */
export type SyntheticKind = 'safe' | 'borderline' | 'intruding';

/** From the safest to the worst. */
export const syntheticKinds: readonly SyntheticKind[] = Object.freeze(['safe', 'borderline', 'intruding']);

/**
 * What can be said of a new row, in the order in which flags are listed:
 * `copies-own-class`, `copies-other-class`: equals an original row in every column; the latter is a label conflict.
 * `repeats-new-row`: equals an earlier new row of its class. `clashes-with-new-row`: equals a new row of another class.
 * `near-copy`: nearer to a real row of its class than the 5th percentile of the class's real rows are to theirs.
 * `far-from-class`: farther from its class than any real row of it. `outside-class-range`, `outside-data-range`: beyond
 * what the class, or the whole data, has in some column. `not-whole`: a fraction in a column of whole numbers.
 * `unseen-value`: a value that a column of few distinct values never had. `outside-hull`: outside the convex hull of its
 * class (only on rows that were tested or lie outside its ranges).
 */
export type SyntheticFlag =
  | 'copies-own-class'
  | 'copies-other-class'
  | 'repeats-new-row'
  | 'clashes-with-new-row'
  | 'near-copy'
  | 'far-from-class'
  | 'outside-class-range'
  | 'outside-data-range'
  | 'not-whole'
  | 'unseen-value'
  | 'outside-hull';

/** All flags, in their order. */
export const syntheticFlags: readonly SyntheticFlag[] = Object.freeze([
  'copies-own-class',
  'copies-other-class',
  'repeats-new-row',
  'clashes-with-new-row',
  'near-copy',
  'far-from-class',
  'outside-class-range',
  'outside-data-range',
  'not-whole',
  'unseen-value',
  'outside-hull',
]);

export type KindCounts = Readonly<Record<SyntheticKind, number>>;

/** Quantiles of distances, linear between order statistics (type 7 of Hyndman and Fan). */
export interface DistanceQuantiles {
  readonly min: number;
  readonly p5: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p95: number;
  readonly max: number;
}

/** Distance to the closest real row of the class, of new rows and of the class's real rows (each but to itself). */
export interface ClosestReal {
  readonly synthetic: DistanceQuantiles | null;
  /** Real rows looked at. */
  readonly realRows: number;
  /** Null for classes of a single row. */
  readonly real: DistanceQuantiles | null;
  /**
   * New rows nearer than the class's own 5th percentile among real rows: 5 % would be, were they like real rows; rows between
   * neighbours are more often. Null where real rows have no such distance.
   */
  readonly nearCopies: number | null;
  /** New rows farther than the largest such distance among the class's own real rows. */
  readonly far: number | null;
}

/** How many entries of a column, or how many rows with one at least, break each rule. */
export interface CellCounts<T> {
  /** Outside what the row's class has in the column. */
  readonly outsideClass: T;
  /** Outside what the whole data has. */
  readonly outsideData: T;
  /** A fraction in a column of whole numbers. */
  readonly notWhole: T;
  /** Another value than the few of the column. */
  readonly unseen: T;
}

/** Whether new rows lie in the convex hull of their class's original rows. The six counts add up to the rows looked at. */
export interface HullCounts {
  /** Verified to lie on the segment between two original rows of the class, or to equal one. */
  readonly byConstruction: number;
  /** Outside the range of the class in some column, hence outside the hull. */
  readonly outsideRange: number;
  /** Tested and found inside, to 1e-6 of the class's ranges. */
  readonly inside: number;
  /** Tested: a hyperplane parts them from the class. */
  readonly outside: number;
  /** Tested, and given up on within the work allowed. */
  readonly undecided: number;
  /** Left out of the sample that was tested. */
  readonly untested: number;
}

/** What is said of the new rows of one class, or of all. */
export interface SyntheticCounts {
  /** New rows in the result. */
  readonly rows: number;
  /** New rows looked at, of which all else speaks; fewer than `rows` only if `maxRows` says so. */
  readonly examined: number;
  readonly neighbourhood: KindCounts;
  /** The same for real rows of the class(es), a row not being its own neighbour: what overlap there is anyway. */
  readonly realNeighbourhood: KindCounts & { readonly rows: number };
  readonly duplicates: {
    /** Equal to an original row of the class. */
    readonly ofOwnClass: number;
    /** Equal to an original row of another class. */
    readonly ofOtherClass: number;
    /** Equal to an earlier new row of the class. */
    readonly repeated: number;
    /** Equal to a new row of another class. */
    readonly clashing: number;
  };
  readonly closest: ClosestReal;
  /** Rows with at least one such entry. */
  readonly rowsWith: CellCounts<number>;
  /** Entries a column. */
  readonly cells: CellCounts<readonly number[]>;
  readonly hull: HullCounts;
  /**
   * Real rows tested against the hull of the other real rows of their class, where new rows were tested: of few rows in many columns
   * all are outside.
   */
  readonly realHull: { readonly rows: number; readonly outside: number };
}

export interface ClassAudit extends SyntheticCounts {
  readonly class: ClassLabel;
}

/** A column of the original data. */
export interface AuditedColumn {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** All original values are whole numbers. */
  readonly whole: boolean;
  /** The distinct values, ascending, where there are at most ten, each there twice or more on average; else null. */
  readonly values: readonly number[] | null;
}

/** What is said row by row: one entry a new row looked at, in the order of the output. */
export interface SyntheticRows {
  /** Row of the output. */
  readonly row: readonly number[];
  readonly kind: readonly SyntheticKind[];
  /** How many of the k nearest original rows are of other classes. */
  readonly others: readonly number[];
  /** The class intruded into: that with most of the k nearest rows, of equals the nearer. Null if not intruding. */
  readonly intrudes: readonly (ClassLabel | null)[];
  /** The nearest original row, of whatever class. */
  readonly nearest: readonly number[];
  readonly distance: readonly number[];
  /** The nearest original row of the new row's class. */
  readonly nearestOwn: readonly number[];
  readonly distanceOwn: readonly number[];
  readonly flags: readonly (readonly SyntheticFlag[])[];
}

/** What an audit says. Plain data: survives JSON unchanged. */
export interface SyntheticAudit {
  /** Neighbours looked at; fewer than asked for with too few original rows, which `findings` says. */
  readonly k: number;
  /** `given`: by the divisors of the options. */
  readonly scale: 'none' | 'standard' | 'robust' | 'given';
  readonly seed: number;
  /** What the output consists of. */
  readonly output: {
    readonly rows: number;
    /** Rows that are input rows. */
    readonly copies: number;
    /** Copies of a row that an earlier output row is a copy of. */
    readonly repeatedCopies: number;
    /** New rows. */
    readonly synthetic: number;
    /** Input rows that do not occur. */
    readonly dropped: number;
  };
  /** Classes with new rows, in the order of the labels. */
  readonly classes: readonly ClassAudit[];
  readonly total: SyntheticCounts;
  /** All classes of the data: the order of the rows and columns of `intrusions`. */
  readonly labels: readonly ClassLabel[];
  /** `classes × classes`: new rows of the first that intrude into the second. */
  readonly intrusions: readonly (readonly number[])[];
  /** Empty where there are no new rows. */
  readonly columns: readonly AuditedColumn[];
  readonly rows: SyntheticRows;
  /** The audit in plain sentences, by `auditThresholds`; and what it could not do as asked. */
  readonly findings: readonly Notice[];
}
