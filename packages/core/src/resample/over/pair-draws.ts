import { numpyRandom } from '../../runtime/numpy-random.ts';
import type { RandomStream } from '../../runtime/random.ts';

/** For every new row: its base (a position), which of the base's neighbours, and the gap. */
export interface PairDraws {
  readonly base: Int32Array;
  readonly rank: Int32Array;
  readonly gap: Float64Array;
}

/** Bases in turn, what is left over drawn without replacement (or, not `evenBase`, all drawn); ranks below k and gaps in [0, 1). */
export function drawPairs(stream: RandomStream, bases: number, k: number, count: number, evenBase: boolean): PairDraws {
  const base = new Int32Array(count);
  const rank = new Int32Array(count);
  const gap = new Float64Array(count);
  if (evenBase) {
    const whole = count - (count % bases);
    for (let i = 0; i < whole; i++) base[i] = i % bases;
    base.set(
      stream
        .permutation(bases)
        .subarray(0, count - whole)
        .sort(),
      whole,
    );
  } else {
    for (let i = 0; i < count; i++) base[i] = stream.integer(bases);
  }
  stream.ranksAndGaps(k, rank, gap);
  return { base, rank, gap };
}

/** imbalanced-learn's order: all pairs in one draw, then all gaps, from a stream that starts anew at every call. */
export function drawPairsAsNumpy(seed: number, bases: number, k: number, count: number): PairDraws {
  const stream = numpyRandom(seed);
  const base = new Int32Array(count);
  const rank = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const pair = stream.randint(0, bases * k);
    base[i] = Math.floor(pair / k);
    rank[i] = pair % k;
  }
  return { base, rank, gap: stream.uniforms(count) };
}
