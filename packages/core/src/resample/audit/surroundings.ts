import type { Matrix } from '../../data/matrix.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { neighbourIndex } from '../../neighbors/neighbour-index.ts';
import type { Neighbours } from '../../neighbors/row-search.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { denseRows } from '../dense-rows.ts';

/** An index turns rows to their principal axes, which takes longer than it saves for rows wider than this. */
const WIDE = 128;

/** Indices into `syntheticKinds`. */
export const SAFE = 0;
export const BORDERLINE = 1;
export const INTRUDING = 2;

/** What stands around some rows; one entry a row. */
export interface Surroundings {
  readonly kinds: Uint8Array;
  /** Neighbours of other classes. */
  readonly others: Int32Array;
  /** Class with most of the neighbours where the kind is intruding, else -1. */
  readonly intrudes: Int32Array;
  readonly nearest: Int32Array;
  readonly distance: Float64Array;
  /** The nearest row of the row's own class; -1 and infinity where there is no other. */
  readonly nearestOwn: Int32Array;
  readonly distanceOwn: Float64Array;
}

export function emptySurroundings(rows: number): Surroundings {
  return Object.freeze({
    kinds: new Uint8Array(rows),
    others: new Int32Array(rows),
    intrudes: new Int32Array(rows).fill(-1),
    nearest: new Int32Array(rows).fill(-1),
    distance: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
    nearestOwn: new Int32Array(rows).fill(-1),
    distanceOwn: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
  });
}

/** Original rows that rows are looked up among, with an index of each class made when it is needed. */
export interface OriginalRows {
  /** Neighbours of rows of the given classes; indices name original rows, which leave themselves out. */
  around(queries: Matrix | Int32Array, classes: Int32Array, k: number, run: RunOptions): Promise<Surroundings>;
  dispose(): void;
}

/** Prepares the rows, which must be finite and on the scale of the distances. `members` are the rows of each class. */
export async function originalRows(
  rows: Matrix,
  codes: Int32Array,
  members: readonly Int32Array[],
  run: RunOptions,
): Promise<OriginalRows> {
  const index = await searchable(rows, run);
  const ofClass = new Map<number, Searchable>();
  const place = new Int32Array(rows.rows);
  for (const own of members) for (let i = 0; i < own.length; i++) place[own[i]!] = i;

  const indexOf = async (code: number) => {
    const known = ofClass.get(code);
    if (known) return known;
    const made = await searchable(denseRows(rows, members[code]!), run);
    ofClass.set(code, made);
    return made;
  };

  /** Looks within the class for what the k nearest rows have not shown. */
  const completeOwn = async (
    queries: Matrix | Int32Array,
    classes: Int32Array,
    found: Surroundings,
    own: RunOptions,
  ) => {
    for (const [code, list] of missingByClass(classes, found)) {
      const selves = queries instanceof Int32Array;
      if (members[code]!.length < (selves ? 2 : 1)) continue;
      const asked = selves ? list.map((i) => place[queries[i]!]!) : denseRows(queries, list);
      const { indices, distances } = await (await indexOf(code)).nearest({ queries: asked, k: 1 }, own);
      for (let i = 0; i < list.length; i++) {
        found.nearestOwn[list[i]!] = members[code]![indices[i]!]!;
        found.distanceOwn[list[i]!] = finite(distances[i]!);
      }
    }
  };

  return Object.freeze({
    async around(queries: Matrix | Int32Array, classes: Int32Array, k: number, own: RunOptions) {
      const found = judge(await index.nearest({ queries, k }, own), codes, classes);
      await completeOwn(queries, classes, found, own);
      return found;
    },
    dispose() {
      index.dispose();
      for (const one of ofClass.values()) one.dispose();
    },
  });
}

/** Rows to search many times. */
interface Searchable {
  nearest(request: { readonly queries: Matrix | Int32Array; readonly k: number }, run: RunOptions): Promise<Neighbours>;
  dispose(): void;
}

async function searchable(rows: Matrix, run: RunOptions): Promise<Searchable> {
  if (rows.columns <= WIDE) return neighbourIndex({ rows }, run);
  return { nearest: (request, own) => nearestNeighbours({ reference: rows, ...request }, own), dispose: () => {} };
}

/** Queries for which no row of their class has been found, by class. */
function missingByClass(classes: Int32Array, { nearestOwn }: Surroundings): Map<number, Int32Array> {
  const lists = new Map<number, number[]>();
  for (let i = 0; i < classes.length; i++) {
    if (nearestOwn[i]! >= 0) continue;
    const list = lists.get(classes[i]!);
    if (list) list.push(i);
    else lists.set(classes[i]!, [i]);
  }
  return new Map([...lists].map(([code, list]) => [code, Int32Array.from(list)]));
}

function judge({ k, indices, distances }: Neighbours, codes: Int32Array, classes: Int32Array): Surroundings {
  const found = emptySurroundings(classes.length);
  const votes = new Map<number, number>();
  for (let i = 0; i < classes.length; i++) {
    const own = classes[i]!;
    let others = 0;
    for (let n = (i + 1) * k - 1; n >= i * k; n--) {
      if (codes[indices[n]!] !== own) others++;
      else {
        found.nearestOwn[i] = indices[n]!;
        found.distanceOwn[i] = finite(distances[n]!);
      }
    }
    found.others[i] = others;
    found.kinds[i] = kindOf(others, k);
    found.nearest[i] = indices[i * k]!;
    found.distance[i] = finite(distances[i * k]!);
    if (found.kinds[i] === INTRUDING)
      found.intrudes[i] = mostVotes(indices.subarray(i * k, (i + 1) * k), codes, own, votes);
  }
  return found;
}

/** Integers on both sides: 7 of 10 is not above 0.7. */
function kindOf(others: number, k: number): number {
  if (10 * (k - others) > 7 * k) return SAFE;
  return 2 * others > k ? INTRUDING : BORDERLINE;
}

/** The other class with most of the neighbours; of equals the one that comes first, which is the nearest. */
function mostVotes(neighbours: Int32Array, codes: Int32Array, own: number, votes: Map<number, number>): number {
  votes.clear();
  for (const row of neighbours) if (codes[row] !== own) votes.set(codes[row]!, (votes.get(codes[row]!) ?? 0) + 1);
  let best = -1;
  for (const [code, count] of votes) if (best < 0 || count > votes.get(best)!) best = code;
  return best;
}

function finite(distance: number): number {
  if (distance < Number.POSITIVE_INFINITY) return distance;
  throw new CounterweightError(
    'distance-overflow',
    'the distances between rows are too large for a number; scale the features first',
  );
}
