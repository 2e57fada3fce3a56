import type { TrainingRows } from '../learn/logistic-data.ts';
import type { RandomStream } from '../runtime/random.ts';

/** A view of the training rows: those inside, ascending, with their weights. */
export interface Bag {
  readonly rows: Int32Array;
  readonly weights: Float64Array;
}

/** What a draw draws: rows, a row of whole weight as so many. Rows are places among the training rows. */
export interface RowUnits {
  /** Places of the classes by their first row, so that draws do not depend on what classes are called. */
  readonly order: readonly number[];
  /** For each class present, the row of each unit. */
  readonly ofClass: readonly Int32Array[];
  /** What a row counts each time that it is drawn. */
  weightOf(row: number): number;
}

/**
 * Units there may be: so many in all, or on average so many a row where that is more. Draws list every unit, so that time and
 * memory grow with them: whole weights of a larger sum, such as amounts of money, count as weights of any kind, a unit a row.
 */
const MOST_UNITS = 2 ** 20;
const MOST_UNITS_A_ROW = 16;

/** Parts the training rows into units, by class; of weights that are no whole numbers or too large a row is a unit. */
export function rowUnits({ labels, weights, present }: TrainingRows): RowUnits {
  let total = 0;
  for (const weight of weights) total += weight;
  const few = total <= Math.max(MOST_UNITS, MOST_UNITS_A_ROW * weights.length);
  const whole = few && weights.every((weight) => Number.isInteger(weight));
  const sizes = new Int32Array(present.length);
  const order: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    const place = labels[i]!;
    if (sizes[place] === 0) order.push(place);
    sizes[place]! += whole ? weights[i]! : 1;
  }
  const ofClass = [...sizes].map((size) => new Int32Array(size));
  const next = new Int32Array(present.length);
  for (let i = 0; i < labels.length; i++) {
    const place = labels[i]!;
    const copies = whole ? weights[i]! : 1;
    for (let c = 0; c < copies; c++) ofClass[place]![next[place]!++] = i;
  }
  return Object.freeze({ order, ofClass, weightOf: whole ? () => 1 : (row: number) => weights[row]! });
}

/** Number of units of the rarest class. */
export function rarest({ ofClass }: RowUnits): number {
  return Math.min(...ofClass.map((units) => units.length));
}

/** `count` units of the list, drawn one by one, each from all. */
export function drawWith(stream: RandomStream, units: Int32Array, count: number): Int32Array {
  const drawn = new Int32Array(count);
  for (let i = 0; i < count; i++) drawn[i] = units[stream.integer(units.length)]!;
  return drawn;
}

/** `count` different units of the list, every set as likely (Floyd's algorithm). */
export function drawWithout(stream: RandomStream, units: Int32Array, count: number): Int32Array {
  const size = units.length;
  if (count >= size) return units.slice();
  const taken = new Uint8Array(size);
  const drawn = new Int32Array(count);
  for (let i = 0, j = size - count; j < size; j++, i++) {
    const wanted = stream.integer(j + 1);
    const place = taken[wanted] ? j : wanted;
    taken[place] = 1;
    drawn[i] = units[place]!;
  }
  return drawn;
}

/** The bag of rows drawn, those drawn more than once with as much more weight. */
export function bagOf(drawn: readonly Int32Array[], { weightOf }: Pick<RowUnits, 'weightOf'>): Bag {
  let total = 0;
  for (const part of drawn) total += part.length;
  const all = new Int32Array(total);
  let at = 0;
  for (const part of drawn) {
    all.set(part, at);
    at += part.length;
  }
  all.sort();
  const rows = new Int32Array(total);
  const weights = new Float64Array(total);
  let count = 0;
  for (let i = 0; i < total; i++) {
    if (i === 0 || all[i] !== all[i - 1]) rows[count++] = all[i]!;
    weights[count - 1]! += weightOf(all[i]!);
  }
  return { rows: rows.slice(0, count), weights: weights.slice(0, count) };
}
