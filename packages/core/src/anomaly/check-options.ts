import { checkOptions } from '../resample/options.ts';
import { randomStream } from '../runtime/random.ts';

/** Throws `bad-option` for an option that the detector has not, and for a seed out of range. */
export function checkKnown(name: string, options: object, known: readonly string[]): void {
  checkOptions(name, options as { seed?: number }, known);
  if ('seed' in options && options.seed !== undefined) randomStream(options.seed as number);
}
