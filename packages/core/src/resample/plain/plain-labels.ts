import { byCodeUnit } from '../../data/by-code-unit.ts';
import { described } from '../../data/described.ts';
import type { ClassLabel, Labels } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';

export type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** Labels as people hold them: all numbers, all strings or all truth values. */
export type PlainLabels = readonly (string | number | boolean)[] | TypedArray;

/** What labels became, and the way back. */
export interface ReadLabels<Y extends PlainLabels = PlainLabels> {
  readonly labels: Labels;
  /** The labels of given codes, in the kind of array that came in. */
  restore(codes: Int32Array): Y;
}

/** Reads labels. Throws `bad-labels` for what is no array, `missing-label` and `mixed-labels` with the row. */
export function readLabels<Y extends PlainLabels>(y: Y): ReadLabels<Y> {
  if (!Array.isArray(y) && !ArrayBuffer.isView(y)) {
    throw new CounterweightError(
      'bad-labels',
      `labels must be an array of numbers, strings or truth values, one a row, got ${described(y)}`,
    );
  }
  const first: unknown = y[0];
  const codeOf = new Map<unknown, number>();
  const found = new Int32Array(y.length);
  for (let row = 0; row < y.length; row++) {
    const label: unknown = Object.is(y[row], -0) ? 0 : y[row];
    checkLabel(label, first, row);
    let code = codeOf.get(label);
    if (code === undefined) codeOf.set(label, (code = codeOf.size));
    found[row] = code;
  }
  const values = [...codeOf.keys()] as (string | number | boolean)[];
  const order = [...values.keys()].sort((a, b) => compareLabels(values[a]!, values[b]!));
  const rank = new Int32Array(order.length);
  order.forEach((from, to) => {
    rank[from] = to;
  });
  const sorted = order.map((from) => values[from]!);
  const classes: ClassLabel[] = sorted.map((label) => (typeof label === 'boolean' ? String(label) : label));
  const restore = (codes: Int32Array): Y => {
    const labels = Array.from(codes, (code) => sorted[code]!);
    if (Array.isArray(y)) return labels as unknown as Y;
    return new (y.constructor as new (values: number[]) => TypedArray)(labels as number[]) as unknown as Y;
  };
  return { labels: { codes: found.map((code) => rank[code]!), classes }, restore };
}

function compareLabels(a: string | number | boolean, b: string | number | boolean): number {
  return typeof a === 'string' ? byCodeUnit(a, b as string) : Number(a) - Number(b);
}

function checkLabel(label: unknown, first: unknown, row: number): void {
  if (label === null || label === undefined || Number.isNaN(label)) {
    throw new CounterweightError('missing-label', `row ${row} has no label; leave such rows out first`, { row });
  }
  const known = typeof label === 'string' || typeof label === 'boolean' || Number.isFinite(label);
  if (known && typeof label === typeof first) return;
  const message = known
    ? `labels must be all numbers, all strings or all truth values: row 0 has ${JSON.stringify(first)}, row ${row} ${JSON.stringify(label)}`
    : `labels must be numbers, strings or truth values: row ${row} has ${String(label)}`;
  throw new CounterweightError('mixed-labels', message, { row });
}
