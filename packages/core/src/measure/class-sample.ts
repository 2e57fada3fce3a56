import type { Labels } from '../data/labels.ts';
import { randomStream } from '../runtime/random.ts';
import { rowsByClass } from './difficulty-input.ts';

/** Below this a class's own value in a sample would be little more than a draw of lots. */
const ROWS_A_CLASS = 10;

/**
 * About `size` rows in which each class has its share, but at least ten rows where it has them (fewer where there are so
 * many classes that these would not fit). All rows if there are no more. Ascending.
 */
export function proportionalSample(y: Labels, size: number, seed: number): Int32Array {
  if (y.codes.length <= size) return Int32Array.from(y.codes.keys());
  const classes = rowsByClass(y);
  const present = classes.filter((rows) => rows.length > 0).length;
  const floor = Math.max(2, Math.min(ROWS_A_CLASS, Math.floor(size / present)));
  const quotas = classes.map((rows) =>
    Math.min(rows.length, Math.max(floor, Math.round((size * rows.length) / y.codes.length))),
  );
  return drawRows(classes, quotas, seed, 'proportional-sample');
}

/** At most `size` rows in which rare classes are whole: what each may have at most is the same for all. Ascending. */
export function levelledSample(y: Labels, size: number, seed: number): Int32Array {
  if (y.codes.length <= size) return Int32Array.from(y.codes.keys());
  const classes = rowsByClass(y);
  const sizes = classes.map((rows) => rows.length).filter((rows) => rows > 0);
  let left = size;
  let level = 0;
  for (const [i, rows] of sizes.sort((a, b) => a - b).entries()) {
    level = Math.max(1, Math.floor(left / (sizes.length - i)));
    if (rows > level) break;
    left -= rows;
  }
  const quotas = classes.map((rows) => Math.min(rows.length, level));
  return drawRows(classes, quotas, seed, 'levelled-sample');
}

/** The stream of a class hangs on its first row, so it stays the same when classes are renamed. */
function drawRows(classes: readonly Int32Array[], quotas: readonly number[], seed: number, name: string): Int32Array {
  const drawn: number[] = [];
  for (const [code, rows] of classes.entries()) {
    if (quotas[code]! === rows.length) {
      for (const row of rows) drawn.push(row);
      continue;
    }
    const order = randomStream(seed, name, rows[0]!).permutation(rows.length);
    for (let i = 0; i < quotas[code]!; i++) drawn.push(rows[order[i]!]!);
  }
  return Int32Array.from(drawn).sort();
}
