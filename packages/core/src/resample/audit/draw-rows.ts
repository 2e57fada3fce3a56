import { randomStream } from '../../runtime/random.ts';
import { largestRemainder } from '../allocate.ts';

/** At most `most` of the synthetic rows, `members` being the original rows by class; every class has its share. Ascending. */
export function sampleOf(
  synthetic: readonly Int32Array[],
  most: number,
  seed: number,
  members: readonly Int32Array[],
): Int32Array {
  const total = synthetic.reduce((sum, rows) => sum + rows.length, 0);
  const quotas = total <= most ? synthetic.map((rows) => rows.length) : sharesOf(synthetic, most);
  const picked: number[] = [];
  for (const [code, rows] of synthetic.entries()) {
    for (const row of drawn(rows, quotas[code]!, seed, 'synthetic', members[code]![0])) picked.push(row);
  }
  return Int32Array.from(picked).sort();
}

/** Every class with new rows has one at least, where there is room. */
function sharesOf(synthetic: readonly Int32Array[], most: number): number[] {
  const sizes = synthetic.map((rows) => rows.length);
  const floor = sizes.map((size) => Math.min(1, size));
  const room = most - floor.reduce((sum, one) => sum + one, 0);
  if (room < 0) return largestRemainder(most, sizes);
  const rest = sizes.map((size, code) => size - floor[code]!);
  return largestRemainder(room, rest).map((share, code) => share + floor[code]!);
}

/** At most `most` of the rows, drawn from a stream named by the class's first row. */
export function drawn(rows: Int32Array, most: number, seed: number, what: string, first = rows[0]): Int32Array {
  if (rows.length <= most) return rows;
  const order = randomStream(seed, 'audit', what, first ?? -1).permutation(rows.length);
  return order
    .subarray(0, most)
    .map((i) => rows[i]!)
    .sort();
}
