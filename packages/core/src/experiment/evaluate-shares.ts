import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { Replica, StatisticBlock } from './evaluate-statistics.ts';

/** What the weights of each class are multiplied by so that the share of the class varies as in a plain sample of rows. */
export interface ShareFactors {
  readonly negatives: number;
  readonly positives: number;
}

/** The rows as they are. */
export const sameShares: ShareFactors = Object.freeze({ negatives: 1, positives: 1 });

/** Below this mean a count is drawn exactly; above it the normal law is as good. */
const MOST_EXACT = 30;

/**
 * Factors of one replicate: the number of positive rows is binomial. A bootstrap that keeps the number of rows of each class
 * would take the share for known and make probabilities look far more surely too high or too low than the rows tell.
 */
export function shareFactors(seed: number, replicate: number, positives: number, negatives: number): ShareFactors {
  const rows = positives + negatives;
  if (!(positives > 0 && negatives > 0)) return sameShares;
  const stream = randomStream(seed, 'evaluate shares', replicate);
  const rare = Math.min(positives, negatives);
  const drawn = binomial(stream, rows, rare / rows);
  const [own, other] = [drawn / rare, (rows - drawn) / (rows - rare)];
  return positives === rare ? { positives: own, negatives: other } : { positives: other, negatives: own };
}

/** A binomial count; `p` is at most one half. Small means by waiting times, which are geometric. */
function binomial(stream: RandomStream, n: number, p: number): number {
  const mean = n * p;
  if (mean >= MOST_EXACT) {
    return Math.min(n, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - p)) * stream.normal())));
  }
  const scale = Math.log1p(-p);
  let count = -1;
  for (let trial = 0; trial <= n; count++) trial += Math.floor(Math.log(1 - stream.uniform()) / scale) + 1;
  return count;
}

/** A block of numbers that hang on the share of the class, such as calibration, with the share varying. It must not use the ranking. */
export function withVaryingShare({ names, fill }: StatisticBlock): StatisticBlock {
  let positives = new Float64Array(0);
  let negatives = new Float64Array(0);
  return {
    names,
    fill(replica: Replica, out, at) {
      const { shares } = replica;
      if (positives.length !== replica.positives.length) {
        positives = new Float64Array(replica.positives.length);
        negatives = new Float64Array(replica.negatives.length);
      }
      for (let group = 0; group < positives.length; group++) {
        positives[group] = replica.positives[group]! * shares.positives;
        negatives[group] = replica.negatives[group]! * shares.negatives;
      }
      fill({ ...replica, positives, negatives }, out, at);
    },
  };
}
