import type { Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { classMeans } from './class-measure.ts';
import type { DifficultyInput } from './difficulty-input.ts';
import { enemyCounts, type FindNeighbours, findNeighbourhoods, type Neighbourhoods } from './neighbourhoods.ts';

export type RowType = 'safe' | 'borderline' | 'rare' | 'outlier';

/** From the easiest to the hardest; `perRow` holds indices into it. */
export const rowTypes: readonly RowType[] = Object.freeze(['safe', 'borderline', 'rare', 'outlier']);

const [SAFE, BORDERLINE, RARE, OUTLIER] = [0, 1, 2, 3];

/**
 * What is asked of a row with a single neighbour of its class before it is called rare. `napierala-stefanowski`: that it
 * stands alone or in a pair, which is to say that this neighbour has no neighbour of the class, or the row alone; else it is
 * borderline. `counts`: nothing, as in most implementations.
 */
export type PairRule = 'napierala-stefanowski' | 'counts';

export type TypeShares = Readonly<Record<RowType, number>>;

export interface NeighbourhoodTypes {
  /** Index into `rowTypes` of each row looked at. */
  readonly perRow: Uint8Array;
  /** Shares of the types; they add up to 1. */
  readonly shares: TypeShares;
  /** In the order of the classes; null for classes of which no row was looked at. */
  readonly perClass: readonly (TypeShares | null)[];
}

/**
 * Safe, borderline, rare rows and outliers (Napierala and Stefanowski 2016), by the share s of neighbours of the row's own
 * class: safe above 0.7, borderline above 0.3, rare above 0.1, else outlier; with k = 5 that is 5 to 4, 3 to 2, 1 and 0.
 *
 * Their distance is HVDM; here it is whatever `around` was found with. Where the pair rule needs neighbours of rows that were
 * not looked at, `find` is asked for them.
 */
export async function neighbourhoodTypes(
  data: DifficultyInput,
  around: Neighbourhoods,
  request: { readonly find: FindNeighbours; readonly pairRule?: PairRule | undefined },
  options?: RunOptions,
): Promise<NeighbourhoodTypes> {
  const rule = request.pairRule ?? 'napierala-stefanowski';
  if (rule !== 'napierala-stefanowski' && rule !== 'counts') {
    throw new CounterweightError('bad-option', 'pairRule must be napierala-stefanowski or counts');
  }
  const enemies = enemyCounts(around);
  const perRow = Uint8Array.from(enemies, (count) => typeByCount(around.k - count, around.k));
  if (rule === 'napierala-stefanowski') await relieveBorderline(data, around, enemies, perRow, request.find, options);
  return Object.freeze({ perRow, ...sharesOf(data.y, around.rows, perRow) });
}

function typeByCount(own: number, k: number): number {
  // Integers on both sides: 7 of 10 is not above 0.7.
  if (10 * own > 7 * k) return SAFE!;
  if (10 * own > 3 * k) return BORDERLINE!;
  return 10 * own > k ? RARE! : OUTLIER!;
}

/** Turns rare rows whose sole companion has company of its own into borderline ones. */
async function relieveBorderline(
  data: DifficultyInput,
  around: Neighbourhoods,
  enemies: Int32Array,
  perRow: Uint8Array,
  find: FindNeighbours,
  options: RunOptions | undefined,
): Promise<void> {
  const { k, indices, rows, codes } = around;
  const companions = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) {
    if (perRow[i] !== RARE || enemies[i] !== k - 1) continue;
    const own = codes[rows[i]!];
    for (let j = i * k; j < (i + 1) * k; j++) if (codes[indices[j]!] === own) companions.set(i, indices[j]!);
  }
  const lists = await listsOf(data, around, new Set(companions.values()), find, options);
  for (const [i, companion] of companions) {
    const own = lists(companion).filter((row) => codes[row] === codes[rows[i]!]);
    if (!(own.length === 0 || (own.length === 1 && own[0] === rows[i]))) perRow[i] = BORDERLINE!;
  }
}

/** Looks up neighbours, having found those of rows not looked at before. */
async function listsOf(
  data: DifficultyInput,
  around: Neighbourhoods,
  wanted: ReadonlySet<number>,
  find: FindNeighbours,
  options: RunOptions | undefined,
): Promise<(row: number) => Int32Array> {
  const { k } = around;
  const known = positionsOf(around);
  const missing = Int32Array.from([...wanted].filter((row) => !known.has(row)));
  const more = missing.length > 0 ? await findNeighbourhoods(data, { find, k, rows: missing }, options) : null;
  const extra = more ? positionsOf(more) : null;
  return (row) => {
    const at = known.get(row);
    if (at !== undefined) return around.indices.subarray(at * k, (at + 1) * k);
    const place = extra!.get(row)!;
    return more!.indices.subarray(place * k, (place + 1) * k);
  };
}

function positionsOf({ rows }: Neighbourhoods): Map<number, number> {
  const positions = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) positions.set(rows[i]!, i);
  return positions;
}

function sharesOf(y: Labels, rows: Int32Array, perRow: Uint8Array) {
  const measures = rowTypes.map((_, type) =>
    classMeans(
      y,
      rows,
      perRow.map((found) => (found === type ? 1 : 0)),
    ),
  );
  const named = (of: (type: number) => number): TypeShares =>
    Object.freeze({ safe: of(0), borderline: of(1), rare: of(2), outlier: of(3) });
  return {
    shares: named((type) => measures[type]!.value),
    perClass: y.classes.map((_, code) =>
      measures[0]!.perClass[code] === null ? null : named((type) => measures[type]!.perClass[code]!),
    ),
  };
}
