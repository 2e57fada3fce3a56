import { redrawnSizes } from '../metrics/redrawn-sizes.ts';
import { randomStream } from '../runtime/random.ts';
import type { Stratum } from './evaluate-draws.ts';

/**
 * What the weights of each class are multiplied by in one replicate, so that the shares of the classes vary as in a plain
 * sample of rows, while which rows stand for a class is drawn within it. A bootstrap that kept the number of rows of each
 * class would take the shares for known, and make precision, losses and above all calibration look far surer than they are;
 * what is conditional on the class (recall, specificity, ROC) does not notice the factors.
 */
export function shareFactors(seed: number, replicate: number, strata: readonly Pick<Stratum, 'size'>[]): Float64Array {
  const sizes = Float64Array.from(strata, ({ size }) => size);
  const drawn = redrawnSizes(sizes, randomStream(seed, 'evaluate shares', replicate));
  return drawn.map((count, i) => (sizes[i]! > 0 ? count / sizes[i]! : 1));
}
