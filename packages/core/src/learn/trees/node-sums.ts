import type { GradientRecords } from './gradient-records.ts';

/** Sums of a node's records. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  /** Count, in units. */
  readonly units: number;
  /** The sums themselves, two 64-bit whole numbers: gradient, and Hessian with the count above it. Low words first. */
  readonly words: readonly number[];
}

/** Bounds that monotone splits further up put on a node's value. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Reads sums in fixed point. */
export function readSums(g: bigint, h: bigint, { countShift, unitG, unitH }: GradientRecords): Sums {
  const shift = BigInt(countShift);
  const word = (sum: bigint, from: number) => Number(BigInt.asIntN(32, sum >> BigInt(from)));
  return {
    gradient: Number(g) * unitG,
    hessian: Number(h & ((1n << shift) - 1n)) * unitH,
    units: Number(h >> shift),
    words: [word(g, 0), word(g, 32), word(h, 0), word(h, 32)],
  };
}
