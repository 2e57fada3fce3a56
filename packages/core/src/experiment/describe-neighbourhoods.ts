import { classCounts, type Labels } from '../data/index.ts';
import {
  type ClassDisjuncts,
  type ClassMeasure,
  type NearDuplicates,
  type NeighbourhoodTypes,
  type NoiseSuspect,
  rowTypes,
} from '../measure/index.ts';
import { wilsonInterval } from '../metrics/index.ts';
import type { Estimate } from './estimate.ts';
import type {
  ClassNeighbourhood,
  DisjunctSummary,
  DuplicateSummary,
  NeighbourhoodSummary,
  NoiseSummary,
  TypeEstimates,
} from './neighbourhood-summary.ts';

/** Pairs and suspects that are listed one by one. */
const MOST_LISTED = 200;
const MOST_CLUSTERS = 10;

/** What was found around some rows. Rows are those of `y`. */
export interface FoundNeighbourhoods {
  readonly k: number;
  readonly rows: Int32Array;
  readonly types: NeighbourhoodTypes;
  readonly smallDisjuncts: readonly (ClassDisjuncts | null)[];
  readonly noiseSuspects: readonly NoiseSuspect[];
  readonly duplicates: NearDuplicates;
}

/** How many rows were looked at, and for how many an estimate of the whole set counts. */
export interface LookedAt {
  readonly perClass: Int32Array;
  /**
   * Kish's effective number: classes looked at in other shares than they have in the set make the whole less certain than
   * so many rows of a plain sample would.
   */
  readonly effective: number;
}

/** The rows looked at, by class. */
export function lookedAtRows(y: Labels, rows: Int32Array): LookedAt {
  const perClass = new Int32Array(y.classes.length);
  for (const row of rows) perClass[y.codes[row]!]!++;
  const counts = classCounts(y);
  let covered = 0;
  let squares = 0;
  for (const [code, seen] of perClass.entries()) {
    if (seen === 0) continue;
    covered += counts[code]!;
    squares += counts[code]! ** 2 / seen;
  }
  return { perClass, effective: squares > 0 ? covered ** 2 / squares : 0 };
}

/**
 * Shares of rows with Wilson's intervals of 95 %. They take rows for independent draws from a larger population; rows share
 * neighbours, so the true uncertainty is somewhat larger. For a mean of values from 0 to 1 (kDN) they are on the wide side.
 */
export function shareEstimates(measure: ClassMeasure, lookedAt: LookedAt) {
  return {
    estimate: shareEstimate(measure.value, lookedAt.effective),
    perClass: measure.perClass.map((share, code) =>
      share === null ? null : shareEstimate(share, lookedAt.perClass[code]!),
    ),
  };
}

function shareEstimate(share: number, rows: number): Estimate {
  if (!(rows > 0)) return { value: share, low: null, high: null };
  // A weighted mean of ones may exceed 1 by a rounding.
  const { low, high } = wilsonInterval(Math.min(rows, share * rows), rows);
  return { value: share, low: Math.min(low, share), high: Math.max(high, share) };
}

/** The neighbourhoods as plain data; row i of `y` is row `inputRow[i]` of the input. */
export function describeNeighbourhoods(request: {
  readonly found: FoundNeighbourhoods;
  readonly y: Labels;
  readonly inputRow: Int32Array;
  readonly features: number;
}): NeighbourhoodSummary {
  const { found, y, inputRow, features } = request;
  const lookedAt = lookedAtRows(y, found.rows);
  const counts = classCounts(y);
  const typeMeasures = rowTypes.map((type) =>
    shareEstimates(
      {
        value: found.types.shares[type],
        perClass: found.types.perClass.map((shares) => (shares === null ? null : shares[type])),
      },
      lookedAt,
    ),
  );
  const typesOf = (of: (type: number) => Estimate): TypeEstimates => ({
    safe: of(0),
    borderline: of(1),
    rare: of(2),
    outlier: of(3),
  });
  const classes = y.classes.map(
    (label, code): ClassNeighbourhood => ({
      label,
      rows: counts[code]!,
      lookedAt: lookedAt.perClass[code]!,
      types: lookedAt.perClass[code] === 0 ? null : typesOf((type) => typeMeasures[type]!.perClass[code]!),
      disjuncts: describeDisjuncts(found.smallDisjuncts[code] ?? null, found.k),
    }),
  );
  return {
    k: found.k,
    rows: y.codes.length,
    features,
    lookedAt: found.rows.length,
    types: typesOf((type) => typeMeasures[type]!.estimate),
    classes,
    noiseSuspects: describeSuspects(found.noiseSuspects, y, inputRow),
    nearDuplicates: describeDuplicates(found.duplicates, y, inputRow),
  };
}

function describeDisjuncts(disjuncts: ClassDisjuncts | null, k: number): DisjunctSummary | null {
  if (!disjuncts) return null;
  const { sizes, largestShare, smallShare } = disjuncts;
  return {
    clusters: sizes.length,
    largest: sizes.slice(0, MOST_CLUSTERS),
    largeClusters: sizes.filter((size) => size > k).length,
    largestShare,
    smallShare,
  };
}

function describeSuspects(suspects: readonly NoiseSuspect[], y: Labels, inputRow: Int32Array): NoiseSummary {
  const perClass = y.classes.map(() => 0);
  for (const { code } of suspects) perClass[code]!++;
  return {
    rows: suspects.length,
    wrongLabel: suspects.filter(({ verdict }) => verdict === 'wrong-label').length,
    perClass,
    listed: suspects.slice(0, MOST_LISTED).map(({ row, code, surroundedBy, surprise, verdict }) => ({
      row: inputRow[row]!,
      class: y.classes[code]!,
      surroundedBy: y.classes[surroundedBy]!,
      surprise,
      verdict,
    })),
  };
}

function describeDuplicates({ pairs, tolerance }: NearDuplicates, y: Labels, inputRow: Int32Array): DuplicateSummary {
  const perClass = y.classes.map(() => 0);
  for (const { row } of pairs) perClass[y.codes[row]!]!++;
  return {
    tolerance,
    rows: pairs.length,
    exactRows: pairs.filter(({ distance }) => distance === 0).length,
    perClass,
    listed: pairs.slice(0, MOST_LISTED).map(({ row, other, distance }) => ({
      row: inputRow[row]!,
      other: inputRow[other]!,
      distance,
      class: y.classes[y.codes[row]!]!,
      otherClass: y.classes[y.codes[other]!]!,
    })),
  };
}
