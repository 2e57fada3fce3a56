import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { CounterweightError } from './errors.ts';

/**
 * Seeded random streams that can be split.
 *
 * Every class, fold, tree and task takes a child stream named by what it is, so results do not depend on the order or
 * the thread in which tasks run, nor on how many numbers a neighbour drew. The generator is xoroshiro128+ (Blackman and
 * Vigna); its lowest bits are its weakest, so only high bits decide here.
 */
export interface RandomStream {
  /** 32 random bits as an unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in 0 .. n - 1 without bias; n from 1 to 2^32. */
  integer(n: number): number;
  /** Standard normal, by the polar method. */
  normal(): number;
  /** Fills both arrays, of one length, as `ranks[i] = integer(n)` and `gaps[i] = uniform()` in turn would, in less time. */
  ranksAndGaps(n: number, ranks: Int32Array, gaps: Float64Array): void;
  /** Fisher-Yates in place; returns its argument. */
  shuffle<T extends Int32Array | unknown[]>(values: T): T;
  /** 0 .. n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** An independent stream that depends on this one's name only, not on what was drawn from it. */
  child(...names: readonly (string | number)[]): RandomStream;
}

/** Throws `bad-option` unless the seed is an integer from 0 to 2^53 - 1. */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new CounterweightError('bad-option', `seed must be an integer from 0 to 2^53 - 1, got ${seed}`);
  }
  return namedStream([seed, ...names]);
}

function namedStream(path: readonly (string | number)[]): RandomStream {
  let generator = xoroshiro128plusFromState(stateOf(path));
  let spare = Number.NaN;

  const uint32 = () => generator.next() >>> 0;
  const uniform = () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;

  // Lemire's multiply-and-reject: the high half of a 32 x 32 bit product decides. What is rejected lies below 2^32 mod n, so
  // the division is needed only where the low half is below n itself.
  const integer = (n: number) => {
    for (;;) {
      const bits = uint32();
      const low = Math.imul(bits, n) >>> 0;
      if (low >= n || low >= 4294967296 % n) return highHalf(bits, n);
    }
  };

  const normal = () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const squared = x * x + y * y;
      if (squared > 0 && squared < 1) {
        const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
        spare = x * factor;
        return y * factor;
      }
    }
  };

  const shuffle = <T extends Int32Array | unknown[]>(values: T): T => {
    for (let i = values.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const held = values[i] as never;
      values[i] = values[j] as never;
      values[j] = held;
    }
    return values;
  };

  const ranksAndGaps = (n: number, ranks: Int32Array, gaps: Float64Array) => {
    const state = Int32Array.from(generator.getState());
    drawRanksAndGaps(state, n, ranks, gaps);
    generator = xoroshiro128plusFromState([...state]);
  };

  return Object.freeze({
    uint32,
    uniform,
    integer,
    normal,
    ranksAndGaps,
    shuffle,
    permutation: (n: number) => shuffle(Int32Array.from({ length: n }, (_, i) => i)),
    child: (...names: readonly (string | number)[]) => namedStream([...path, ...names]),
  });
}

/**
 * One loop with the whole generator in it: what runs once, and not long, is mostly run before it is compiled, when calls cost
 * most. `state` holds the halves of two words of 64 bits, high before low.
 */
function drawRanksAndGaps(state: Int32Array, n: number, ranks: Int32Array, gaps: Float64Array): void {
  let h0 = state[0]!;
  let l0 = state[1]!;
  let h1 = state[2]!;
  let l1 = state[3]!;
  const reject = 4294967296 % n;
  for (let i = 0, drawn = 0, upper = 0; i < ranks.length; ) {
    const bits = (l0 + l1) >>> 0;
    const h = h1 ^ h0;
    const l = l1 ^ l0;
    const low = (l0 << 24) ^ (h0 >>> 8) ^ l ^ (l << 16);
    h0 = (h0 << 24) ^ (l0 >>> 8) ^ h ^ ((h << 16) | (l >>> 16));
    l0 = low;
    l1 = (h << 5) ^ (l >>> 27);
    h1 = (l << 5) ^ (h >>> 27);
    if (drawn === 0) {
      if (Math.imul(bits, n) >>> 0 < reject) continue;
      ranks[i] = highHalf(bits, n);
      drawn = 1;
    } else if (drawn === 1) {
      upper = bits >>> 5;
      drawn = 2;
    } else {
      gaps[i++] = (upper * 67108864 + (bits >>> 6)) / 9007199254740992;
      drawn = 0;
    }
  }
  state.set([h0, l0, h1, l1]);
}

/** The high half of an exact 32 x 32 bit product. */
function highHalf(a: number, b: number): number {
  if (b <= 2097152) return Math.floor((a * b) / 4294967296);
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}

/**
 * 128 bits from a path of names. Each part is tagged with its type and length before it is hashed, so ("1") and (1),
 * ("ab", "c") and ("a", "bc") differ. Four FNV-like lanes, each finished by MurmurHash3's mixer.
 */
function stateOf(path: readonly (string | number)[]): readonly number[] {
  const text = path.map((part) => `${typeof part === 'number' ? 'n' : 's'}${String(part).length}:${part};`).join('');
  const lanes = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  const primes = [0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1];
  for (let i = 0; i < text.length; i++) {
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] = Math.imul(lanes[lane]! ^ text.charCodeAt(i) ^ (lanes[(lane + 1) & 3]! >>> 15), primes[lane]!);
    }
  }
  const state = lanes.map((lane, index) => {
    let mixed = lane ^ (text.length + index);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  });
  return state.some((word) => word !== 0) ? state : [1, 0, 0, 0];
}
