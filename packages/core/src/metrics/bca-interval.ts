import { normalCdf, normalQuantile } from './distributions.ts';
import type { Interval } from './intervals.ts';

/** Beyond so many rows a class they are left out in groups of a random split. */
const mostUnits = 500;

/**
 * Ends of the bias-corrected and accelerated bootstrap interval (Efron, 1987): quantiles of the replicates moved by
 * z0 = Φ⁻¹(share of replicates below the value, ties half) and the acceleration a.
 *
 * `replicates` ascending and without NaN; `acceleration` as `accelerationOf` gives it. Where all replicates lie on
 * one side of the value, half a replicate is taken to lie on the other. NaN without replicates.
 */
export function bcaInterval(options: {
  readonly value: number;
  readonly replicates: Float64Array;
  readonly acceleration: number;
  readonly level?: number;
}): Interval {
  const { value, replicates, acceleration, level = 0.95 } = options;
  if (replicates.length === 0) return { low: Number.NaN, high: Number.NaN };
  const shift = normalQuantile(shareBelow(replicates, value));
  const moved = (tail: number) => {
    const z = shift + normalQuantile(tail);
    return normalCdf(shift + z / (1 - acceleration * z));
  };
  return {
    low: sortedQuantile(replicates, moved((1 - level) / 2)),
    high: sortedQuantile(replicates, moved((1 + level) / 2)),
  };
}

/** Linear between order statistics (type 7 of Hyndman and Fan); NaN of nothing. */
export function sortedQuantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/**
 * What each unit of a stratified sample contributes to a statistic: (G - 1) / G × (mean of the statistics with one unit
 * left out - the one without this unit), G units a stratum (Davison and Hinkley, 1997, section 3.2). Units are the rows
 * of a class, or groups of a random split where there are more than 500. NaN statistics contribute 0.
 *
 * `leaveOut(rows)` gives the statistics without the given rows; `split` shuffles in place.
 */
export async function jackknifeInfluences<Name extends string>(options: {
  readonly strata: readonly Int32Array[];
  readonly names: readonly Name[];
  readonly leaveOut: (rows: Int32Array) => Promise<Readonly<Record<Name, number>>>;
  readonly split: (rows: Int32Array, stratum: number) => Int32Array;
}): Promise<Record<Name, number[]>> {
  const { strata, names, leaveOut, split } = options;
  const influences = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const [stratum, rows] of strata.entries()) {
    if (rows.length < 2) continue;
    const statistics: Readonly<Record<Name, number>>[] = [];
    for (const unit of unitsOf(rows.length > mostUnits ? split(Int32Array.from(rows), stratum) : rows)) {
      statistics.push(await leaveOut(unit));
    }
    for (const name of names) influences[name].push(...centred(statistics.map((one) => one[name])));
  }
  return influences;
}

function unitsOf(rows: Int32Array): Int32Array[] {
  const count = Math.min(mostUnits, rows.length);
  return Array.from({ length: count }, (_, unit) =>
    rows.subarray(Math.floor((unit * rows.length) / count), Math.floor(((unit + 1) * rows.length) / count)),
  );
}

function centred(values: readonly number[]): number[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const factor = (values.length - 1) / values.length;
  return values.map((value) => (Number.isNaN(value) ? 0 : factor * (mean - value)));
}

/** Σ l³ / (6 (Σ l²)^1.5) over the influences; `times` says how often each occurs, default once. */
export function accelerationOf(influences: ArrayLike<number>, times?: ArrayLike<number>): number {
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < influences.length; i++) {
    const value = influences[i]!;
    const count = times ? times[i]! : 1;
    squares += count * value * value;
    cubes += count * value * value * value;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function shareBelow(sorted: Float64Array, value: number): number {
  let below = 0;
  let equal = 0;
  for (const replicate of sorted) {
    if (replicate < value) below++;
    else if (replicate === value) equal++;
  }
  const share = (below + equal / 2) / sorted.length;
  const least = 0.5 / sorted.length;
  return Math.min(1 - least, Math.max(least, share));
}
