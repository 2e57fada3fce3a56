import { type RandomStream, randomStream } from '../runtime/random.ts';

/**
 * A class's own stream, named by the first row of the class. So what is drawn for a class depends neither on the other
 * classes' draws nor on any class's name or place in the order: renaming classes changes no row.
 */
export function classStream(seed: number, method: string, rows: Int32Array): RandomStream {
  return randomStream(seed, method, 'class', rows[0] ?? -1);
}
