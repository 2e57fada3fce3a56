import type { RandomStream } from '../../runtime/random.ts';

/**
 * Draws from the rows round after round, each round in an order of its own, so that all are used equally often, give or take
 * one. Where a round ends inside a draw, the next begins with rows that the draw has not had, if there are any.
 */
export function evenRows(
  rows: Int32Array,
  stream: RandomStream,
): (count: number, into: Int32Array, at: number) => void {
  const order = rows.slice();
  let next = order.length;
  return (count, into, at) => {
    for (let i = 0; i < count; i++) {
      if (next === order.length) {
        stream.shuffle(order);
        next = 0;
        postpone(order, into.subarray(at + Math.max(0, i - order.length + 1), at + i), count - i);
      }
      into[at + i] = order[next++]!;
    }
  };
}

/** Moves the rows that were had behind the first `wanted` places, as far as other rows are there to take those. */
function postpone(order: Int32Array, had: Int32Array, wanted: number): void {
  if (had.length === 0) return;
  const seen = new Set(had);
  let later = order.length - 1;
  for (let i = 0; i < Math.min(wanted, order.length); i++) {
    if (!seen.has(order[i]!)) continue;
    while (later > i && seen.has(order[later]!)) later--;
    if (later <= i) return;
    const row = order[i]!;
    order[i] = order[later]!;
    order[later--] = row;
  }
}
