import { CounterweightError } from '../runtime/errors.ts';
import type { Work } from '../runtime/work.ts';
import type { Neighbours, OnSlice, RowSearch } from './row-search.ts';

/** Neighbours by class. */
export interface ClassWithin {
  /** Class code of every row of the index. */
  readonly labels: Int32Array;
  /** `same`: of the query's own class; `other`: of any other. */
  readonly seek: 'same' | 'other';
  /** Class code of every query, where queries are not rows of the index. */
  readonly ofQueries?: Int32Array | undefined;
}

/** Throws `bad-option` for a k that is no positive integer, `bad-queries`, and `too-few-rows` if `all` rows are searched. */
export function checkRequest<Q>(search: RowSearch<Q>, asked: Q | Int32Array, k: number, all: boolean): void {
  const own = asked instanceof Int32Array;
  if (own) {
    const wrong = asked.findIndex((row) => row < 0 || row >= search.rows);
    if (wrong >= 0) {
      const message = `query ${wrong} is row ${asked[wrong]}, which the reference has not`;
      throw new CounterweightError('bad-queries', message, { row: asked[wrong]! });
    }
  }
  if (!Number.isInteger(k) || k < 0 || (k === 0 && all)) {
    throw new CounterweightError('bad-option', `k must be a positive integer, got ${k}`);
  }
  if (all) checkAvailable(k, search.rows - (own ? 1 : 0), own ? 'other rows' : 'rows');
}

function checkAvailable(k: number, available: number, what: string): void {
  if (k <= available) return;
  const message = `${k} neighbours were asked for, but there are ${Math.max(0, available)} ${what}`;
  throw new CounterweightError('too-few-rows', message, { k, available });
}

/** The k nearest among some rows of a search. */
export async function nearestAmong<Q extends { readonly rows: number }>(
  work: Work,
  search: RowSearch<Q>,
  asked: Q | Int32Array,
  k: number,
  within: Int32Array | ClassWithin,
  onSlice: OnSlice,
): Promise<Neighbours> {
  if (k < 1) throw new CounterweightError('bad-option', `k must be a positive integer, got ${k}`);
  if (within instanceof Int32Array) return amongRows(work, search, asked, k, checkedRows(within, search.rows), onSlice);
  const count = asked instanceof Int32Array ? asked.length : asked.rows;
  const { labels, seek } = within;
  const classes = asked instanceof Int32Array ? asked.map((row) => labels[row]!) : within.ofQueries;
  if (labels.length !== search.rows || classes?.length !== count) {
    const message = `classes are wanted for each of ${search.rows} rows and ${count} queries`;
    throw new CounterweightError('shape-mismatch', message);
  }
  const indices = new Int32Array(count * k);
  const distances = new Float64Array(count * k);
  for (const label of new Set(classes)) {
    const places = rowsWhere(classes, (code) => code === label);
    const candidates = rowsWhere(labels, seek === 'same' ? (code) => code === label : (code) => code !== label);
    const queries = asked instanceof Int32Array ? places.map((place) => asked[place]!) : takeQueries(asked, places);
    const found = await amongRows(work, search, queries, k, candidates, onSlice);
    for (let i = 0; i < places.length; i++) {
      indices.set(found.indices.subarray(i * k, (i + 1) * k), places[i]! * k);
      distances.set(found.distances.subarray(i * k, (i + 1) * k), places[i]! * k);
    }
  }
  return Object.freeze({ k, indices, distances });

  function takeQueries(queries: Q, places: Int32Array): Q {
    return search.take(queries, places);
  }
}

function rowsWhere(codes: Int32Array, wanted: (code: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < codes.length; i++) if (wanted(codes[i]!)) rows.push(i);
  return Int32Array.from(rows);
}

function checkedRows(rows: Int32Array, count: number): Int32Array {
  const sorted = rows.slice().sort();
  const wrong = sorted.findIndex((row, i) => row < 0 || row >= count || row === sorted[i - 1]);
  if (wrong < 0) return sorted;
  const message = `row ${sorted[wrong]} of \`within\` is given twice or is not in the index`;
  throw new CounterweightError('bad-queries', message, { row: sorted[wrong]! });
}

/** The k nearest among rows that ascend, so that ties keep their order. */
async function amongRows<Q extends { readonly rows: number }>(
  work: Work,
  search: RowSearch<Q>,
  asked: Q | Int32Array,
  k: number,
  rows: Int32Array,
  onSlice: OnSlice,
): Promise<Neighbours> {
  const part = search.among(rows);
  const named = (list: Neighbours) => Object.freeze({ ...list, indices: list.indices.map((row) => rows[row]!) });
  if (!(asked instanceof Int32Array)) {
    checkAvailable(k, rows.length, 'such rows');
    return named(await part.nearest(work, asked, k, onSlice));
  }
  const placeOf = new Int32Array(search.rows).fill(-1);
  for (let i = 0; i < rows.length; i++) placeOf[rows[i]!] = i;
  const places = asked.map((row) => placeOf[row]!);
  const inside = places.some((place) => place >= 0);
  checkAvailable(k, rows.length - (inside ? 1 : 0), inside ? 'other such rows' : 'such rows');
  if (places.every((place) => place >= 0)) return named(await part.nearest(work, places, k, onSlice));
  const length = Math.min(rows.length, inside ? k + 1 : k);
  return withoutSelf(named(await part.nearest(work, search.pick(asked), length, onSlice)), asked, k);
}

/** Leaves each query out of its own list, or else the last of the list. */
function withoutSelf(list: Neighbours, asked: Int32Array, k: number): Neighbours {
  const indices = new Int32Array(asked.length * k);
  const distances = new Float64Array(asked.length * k);
  for (let i = 0, to = 0; i < asked.length; i++) {
    let from = i * list.k;
    for (let n = 0; n < k; n++, from++, to++) {
      if (list.indices[from] === asked[i]) from++;
      indices[to] = list.indices[from]!;
      distances[to] = list.distances[from]!;
    }
  }
  return Object.freeze({ k, indices, distances });
}
