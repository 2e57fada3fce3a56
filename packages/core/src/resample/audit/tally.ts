import type { AuditedColumn, HullCounts, KindCounts, SyntheticCounts } from './audit-result.ts';
import { type CellRules, mapCounts } from './cell-rules.ts';
import { distanceQuantiles } from './distance-quantiles.ts';
import { type ExaminedRows, flagBit } from './examine-rows.ts';
import { INSIDE, ON_SEGMENT, OUT_OF_RANGE, OUTSIDE, type RealHull, UNDECIDED, UNTESTED } from './hull-check.ts';
import { BORDERLINE, INTRUDING, SAFE, type Surroundings } from './surroundings.ts';

/** One class: its new rows in the result, those looked at (places among all of them), and what surrounds its real rows. */
export interface ClassPart {
  readonly code: number;
  readonly rows: number;
  readonly places: Int32Array;
  readonly real: Surroundings;
  readonly realHull: RealHull;
}

/** Flags the rows that are nearer to, or farther from, their class than its own rows are, where these have a distance. */
export function flagDistances(examined: ExaminedRows, { places, real }: Pick<ClassPart, 'places' | 'real'>): void {
  const limits = distanceQuantiles(real.distanceOwn);
  if (!limits) return;
  for (const place of places) {
    const distance = examined.around.distanceOwn[place]!;
    if (distance < limits.p5) examined.flags[place]! |= flagBit('near-copy');
    if (distance > limits.max) examined.flags[place]! |= flagBit('far-from-class');
  }
}

/** Flags the rows that lie outside the hull of their class. */
export function flagHulls({ hull, flags }: ExaminedRows): void {
  for (let i = 0; i < hull.length; i++) {
    if (hull[i] === OUTSIDE || hull[i] === OUT_OF_RANGE) flags[i]! |= flagBit('outside-hull');
  }
}

/** What is said of the new rows of some classes together. */
export function tally(
  examined: ExaminedRows,
  parts: readonly ClassPart[],
  rules: CellRules | undefined,
  columns: readonly AuditedColumn[],
): SyntheticCounts {
  const places = joined(Int32Array, parts, (part) => part.places);
  const flagged = (flag: Parameters<typeof flagBit>[0]) => {
    const bit = flagBit(flag);
    let count = 0;
    for (const place of places) if ((examined.flags[place]! & bit) !== 0) count++;
    return count;
  };
  const realKinds = joined(Uint8Array, parts, (part) => part.real.kinds);
  const realDistances = joined(Float64Array, parts, (part) => part.real.distanceOwn);
  const comparable = realDistances.length > 0;
  const distances = Float64Array.from(places, (place) => examined.around.distanceOwn[place]!);
  return {
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    examined: places.length,
    neighbourhood: kindCounts(Uint8Array.from(places, (place) => examined.around.kinds[place]!)),
    realNeighbourhood: { rows: realKinds.length, ...kindCounts(realKinds) },
    duplicates: {
      ofOwnClass: flagged('copies-own-class'),
      ofOtherClass: flagged('copies-other-class'),
      repeated: flagged('repeats-new-row'),
      clashing: flagged('clashes-with-new-row'),
    },
    closest: {
      synthetic: distanceQuantiles(distances),
      realRows: realDistances.length,
      real: distanceQuantiles(realDistances),
      nearCopies: comparable ? flagged('near-copy') : null,
      far: comparable ? flagged('far-from-class') : null,
    },
    rowsWith: {
      outsideClass: flagged('outside-class-range'),
      outsideData: flagged('outside-data-range'),
      notWhole: flagged('not-whole'),
      unseen: flagged('unseen-value'),
    },
    cells: mapCounts((rule) =>
      columns.map((_, j) => parts.reduce((sum, { code }) => sum + (rules?.counts(code)[rule][j] ?? 0), 0)),
    ),
    hull: hullCounts(places, examined.hull),
    realHull: {
      rows: parts.reduce((sum, part) => sum + part.realHull.rows, 0),
      outside: parts.reduce((sum, part) => sum + part.realHull.outside, 0),
    },
  };
}

function joined<A extends Int32Array | Float64Array | Uint8Array>(
  kind: new (length: number) => A,
  parts: readonly ClassPart[],
  of: (part: ClassPart) => A,
): A {
  const all = new kind(parts.reduce((sum, part) => sum + of(part).length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(of(part), end);
    end += of(part).length;
  }
  return all;
}

function kindCounts(kinds: Uint8Array): KindCounts {
  const counts = [0, 0, 0];
  for (const kind of kinds) counts[kind]!++;
  return { safe: counts[SAFE]!, borderline: counts[BORDERLINE]!, intruding: counts[INTRUDING]! };
}

function hullCounts(places: Int32Array, hull: Uint8Array): HullCounts {
  const counts = [0, 0, 0, 0, 0, 0];
  for (const place of places) counts[hull[place]!]!++;
  return {
    byConstruction: counts[ON_SEGMENT]!,
    outsideRange: counts[OUT_OF_RANGE]!,
    inside: counts[INSIDE]!,
    outside: counts[OUTSIDE]!,
    undecided: counts[UNDECIDED]!,
    untested: counts[UNTESTED]!,
  };
}
