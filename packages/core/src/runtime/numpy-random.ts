import { mersenne } from 'pure-rand/generator/mersenne';
import { CounterweightError } from './errors.ts';

/**
 * The draws of numpy's legacy `RandomState(seed)`, for everything that promises imbalanced-learn's rows.
 *
 * Integers, uniforms, choices and permutations are numpy's bit for bit. `randn` and `beta` take a logarithm, which C
 * libraries and JavaScript engines round differently in the last bit: they agree with numpy to a few units in the last
 * place. New algorithms take `randomStream`, whose streams split; this one exists for agreement only.
 */
export interface NumpyRandom {
  /** 32 random bits as an unsigned integer. */
  uint32(): number;
  /** Uniform integer in `low .. high - 1`; draws nothing from the stream when only one value is possible. */
  randint(low: number, high: number): number;
  /** `size` draws of `randint`. */
  randints(low: number, high: number, size: number): Float64Array;
  /** Uniform in [low, high), 53 bits; [0, 1) when the bounds are left out. */
  uniform(low?: number, high?: number): number;
  /** `size` draws of `uniform`. */
  uniforms(size: number, low?: number, high?: number): Float64Array;
  /** `size` of 0 .. n - 1: with replacement, or the head of a permutation. */
  choice(n: number, size: number, replace: boolean): Int32Array;
  /** 0 .. n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** Fisher-Yates in place from the end; returns its argument. */
  shuffle<T extends Int32Array | unknown[]>(values: T): T;
  /** Standard normal by the polar method; every second draw comes from the cache. */
  randn(): number;
  /** Beta(a, b) for a > 1 and b > 1, as a ratio of Marsaglia-Tsang gammas. */
  beta(a: number, b: number): number;
}

/**
 * Starts the stream of `numpy.random.RandomState(seed)`: MT19937 seeded by `init_genrand`, not by `init_by_array`.
 * Throws `bad-option` unless the seed is an integer from 0 to 2^32 - 1, numpy's own range.
 */
export function numpyRandom(seed: number): NumpyRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed > 4294967295) {
    throw new CounterweightError(
      'bad-option',
      `the seed must be an integer from 0 to 2^32 - 1 to follow numpy, got ${seed}`,
    );
  }
  const generator = mersenne(seed);
  let cached = Number.NaN;

  const uint32 = () => generator.next() >>> 0;
  const unit = () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;

  /** 0 .. range, by masked rejection; one word a try, two words (high first) beyond 32 bits. */
  const bounded = (range: number): number => {
    if (range === 0) return 0;
    if (range <= 4294967295) {
      const mask = maskOf(range);
      for (;;) {
        const value = (uint32() & mask) >>> 0;
        if (value <= range) return value;
      }
    }
    const highMask = maskOf(Math.floor(range / 4294967296));
    for (;;) {
      const high = (uint32() & highMask) >>> 0;
      const value = high * 4294967296 + uint32();
      if (value <= range) return value;
    }
  };

  const randint = (low: number, high: number) => {
    checkInterval(low, high);
    return low + bounded(high - 1 - low);
  };

  const shuffle = <T extends Int32Array | unknown[]>(values: T): T => {
    for (let i = values.length - 1; i > 0; i--) {
      const j = bounded(i);
      const held = values[i] as never;
      values[i] = values[j] as never;
      values[j] = held;
    }
    return values;
  };

  const permutation = (n: number) => {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    return shuffle(order);
  };

  const randn = (): number => {
    if (!Number.isNaN(cached)) {
      const value = cached;
      cached = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * unit() - 1;
      const y = 2 * unit() - 1;
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
      cached = factor * x;
      return factor * y;
    }
  };

  /** Marsaglia and Tsang (2000), for a shape above 1. */
  const gamma = (shape: number): number => {
    const b = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * b);
    for (;;) {
      const x = randn();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = unit();
      if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
      if (Math.log(u) < 0.5 * x * x + b * (1 - v + Math.log(v))) return b * v;
    }
  };

  const uniform = (low = 0, high = 1) => low + (high - low) * unit();

  return Object.freeze({
    uint32,
    randint,
    randints: (low: number, high: number, size: number) => {
      if (size > 0) checkInterval(low, high);
      const values = new Float64Array(size);
      for (let i = 0; i < size; i++) values[i] = low + bounded(high - 1 - low);
      return values;
    },
    uniform,
    uniforms: (size: number, low = 0, high = 1) => {
      const values = new Float64Array(size);
      for (let i = 0; i < size; i++) values[i] = uniform(low, high);
      return values;
    },
    choice: (n: number, size: number, replace: boolean) => {
      if (!replace) {
        if (size > n) throw new CounterweightError('bad-option', `cannot choose ${size} of ${n} without replacement`);
        return permutation(n).slice(0, size);
      }
      const chosen = new Int32Array(size);
      if (size > 0) checkInterval(0, n);
      for (let i = 0; i < size; i++) chosen[i] = bounded(n - 1);
      return chosen;
    },
    permutation,
    shuffle,
    randn,
    beta: (a: number, b: number) => {
      if (!(a > 1) || !(b > 1)) {
        throw new CounterweightError('bad-option', `beta needs both shapes above 1, got ${a} and ${b}`);
      }
      const x = gamma(a);
      return x / (x + gamma(b));
    },
  });
}

function checkInterval(low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low) {
    throw new CounterweightError(
      'bad-option',
      `integers are drawn from low up to high - 1, got low ${low}, high ${high}`,
    );
  }
}

/** The smallest 2^m - 1 that is at least `value`. */
function maskOf(value: number): number {
  return value === 0 ? 0 : -1 >>> Math.clz32(value);
}
