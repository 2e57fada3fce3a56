import { CounterweightError } from '../runtime/errors.ts';
import { requireUniform } from './row-randomness.ts';

export interface SimpleJumperOptions {
  /** Share J of the capital that is spread anew over the bets at each step; 0.01 unless told. */
  readonly jump?: number | undefined;
  /** State that an earlier part of the stream ended with. */
  readonly state?: MartingaleState | undefined;
}

/** Capital on each of the three bets, ε = -1, 0 and 1, as numbers whose product with 2^`exponent` it is. */
export interface MartingaleState {
  readonly capital: readonly [number, number, number];
  readonly exponent: number;
  /** Natural logarithm of the largest value so far. */
  readonly logLargest: number;
}

export interface MartingalePath {
  /** Value after each p-value; infinite or 0 where it leaves the range of numbers, `logValues` stays finite. */
  readonly values: Float64Array;
  readonly logValues: Float64Array;
  /** To go on from with the next p-values. */
  readonly state: MartingaleState;
}

const START: MartingaleState = { capital: [1 / 3, 1 / 3, 1 / 3], exponent: 0, logLargest: 0 };
const SCALE = 2 ** 300;

/**
 * The Simple Jumper (Vovk, Petej, Nouretdinov 2021): a third of the capital on each bet 1 + ε (p - 1/2), ε in -1, 0, 1,
 * a share J spread anew each time. On uniform p-values its mean stays 1, and it ever reaches c with a chance of at most
 * 1 / c (Ville); growth says that the rows are not exchangeable. Throws `bad-option` for p outside 0 .. 1.
 */
export function simpleJumper(pValues: Float64Array, options: SimpleJumperOptions = {}): MartingalePath {
  const { jump = 0.01, state = START } = options;
  if (!(jump >= 0 && jump <= 1)) throw new CounterweightError('bad-option', `jump must lie in 0 to 1, got ${jump}`);
  requireUniform('pValues', pValues, pValues.length);
  let [low, flat, high] = state.capital;
  let { exponent, logLargest } = state;
  const values = new Float64Array(pValues.length);
  const logValues = new Float64Array(pValues.length);
  for (let i = 0; i < pValues.length; i++) {
    const shared = (jump / 3) * (low + flat + high);
    const edge = pValues[i]! - 0.5;
    low = ((1 - jump) * low + shared) * (1 - edge);
    flat = (1 - jump) * flat + shared;
    high = ((1 - jump) * high + shared) * (1 + edge);
    let total = low + flat + high;
    // Powers of two change no digit, so the path is the same with and without them.
    while (total > SCALE || (total < 1 / SCALE && total > 0)) {
      const factor = total > SCALE ? 1 / SCALE : SCALE;
      exponent += total > SCALE ? 300 : -300;
      low *= factor;
      flat *= factor;
      high *= factor;
      total = low + flat + high;
    }
    values[i] = exponent === 0 ? total : total * 2 ** exponent;
    logValues[i] = Math.log(total) + exponent * Math.LN2;
    logLargest = Math.max(logLargest, logValues[i]!);
  }
  const end: MartingaleState = Object.freeze({
    capital: Object.freeze([low, flat, high] as const),
    exponent,
    logLargest,
  });
  return Object.freeze({ values, logValues, state: end });
}
