import type { RandomStream } from '../runtime/random.ts';
import { binomialDraw } from './binomial.ts';

/**
 * How many rows of each class a plain sample of as many rows holds: a multinomial draw as a chain of binomials. A class that
 * has rows keeps one at least, so that every metric is defined; the largest class gives what that takes.
 */
export function redrawnSizes(sizes: ArrayLike<number>, stream: RandomStream): Float64Array {
  const drawn = new Float64Array(sizes.length);
  let rows = 0;
  let largest = 0;
  for (let label = 0; label < sizes.length; label++) {
    rows += sizes[label]!;
    if (sizes[label]! > sizes[largest]!) largest = label;
  }
  let left = rows;
  for (let label = 0; label < sizes.length && rows > 0; label++) {
    drawn[label] = sizes[label] === rows ? left : binomialDraw(left, sizes[label]! / rows, stream);
    left -= drawn[label]!;
    rows -= sizes[label]!;
  }
  for (let label = 0; label < sizes.length; label++) {
    if (drawn[label]! > 0 || !(sizes[label]! > 0)) continue;
    const giver =
      drawn[largest]! > 1 ? largest : drawn.indexOf(drawn.reduce((most, count) => Math.max(most, count), 0));
    drawn[giver] = drawn[giver]! - 1;
    drawn[label] = 1;
  }
  return drawn;
}
