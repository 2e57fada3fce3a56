import type { Labels } from '../data/labels.ts';
import { randomStream } from '../runtime/random.ts';
import { type ClassMeasure, frozenMeasure } from './class-measure.ts';
import { presentClasses, rowsByClass } from './difficulty-input.ts';

/** All pairs of 20 classes; beyond that so many pairs are sampled, each class in equally many. */
const MOST_PAIRS = 190;

export interface ClassPair {
  readonly a: number;
  readonly b: number;
}

/**
 * Pairs of classes that have rows, the lower code first. With more than 20 classes a seeded sample in which every class meets
 * equally many others: neighbours at 1, 2, ... places in a shuffled circle, as many as 190 pairs allow, at least one.
 */
export function classPairs(
  y: Labels,
  seed: number,
): { readonly pairs: readonly ClassPair[]; readonly complete: boolean } {
  const present = presentClasses(y);
  const count = present.length;
  const pairs: ClassPair[] = [];
  if ((count * (count - 1)) / 2 <= MOST_PAIRS) {
    for (const [i, a] of present.entries()) for (const b of present.slice(i + 1)) pairs.push({ a, b });
    return { pairs, complete: true };
  }
  const circle = randomStream(seed, 'class-pairs').shuffle([...present]);
  const reach = Math.max(1, Math.floor(MOST_PAIRS / count));
  for (let step = 1; step <= reach; step++) {
    for (const [i, one] of circle.entries()) {
      const other = circle[(i + step) % count]!;
      pairs.push({ a: Math.min(one, other), b: Math.max(one, other) });
    }
  }
  return { pairs, complete: false };
}

/** What a measure says of one pair: of both together, and of each. */
export interface PairValue {
  readonly value: number;
  readonly a: number;
  readonly b: number;
}

export interface PairOptions {
  /** Draws the pairs where there are more than 20 classes; default 0. */
  readonly seed?: number | undefined;
}

/**
 * One-against-one: the mean over pairs of classes, and for each class the mean over the pairs that it is in.
 * `ofPair` gets the rows of both classes.
 */
export function meanOverPairs(
  y: Labels,
  seed: number | undefined,
  ofPair: (a: Int32Array, b: Int32Array, pair: ClassPair) => PairValue,
): ClassMeasure {
  const rows = rowsByClass(y);
  const { pairs } = classPairs(y, seed ?? 0);
  const values = pairs.map((pair) => ({ pair, value: ofPair(rows[pair.a]!, rows[pair.b]!, pair) }));
  return meanOfPairValues(y, values);
}

export function meanOfPairValues(
  y: Labels,
  values: readonly { readonly pair: ClassPair; readonly value: PairValue }[],
): ClassMeasure {
  const sums = new Float64Array(y.classes.length);
  const seen = new Int32Array(y.classes.length);
  let total = 0;
  for (const { pair, value } of values) {
    total += value.value;
    sums[pair.a]! += value.a;
    sums[pair.b]! += value.b;
    seen[pair.a]!++;
    seen[pair.b]!++;
  }
  const perClass = Array.from(seen, (count, code) => (count > 0 ? sums[code]! / count : null));
  return frozenMeasure(values.length > 0 ? total / values.length : 0, perClass);
}
