import { countUnits, type GradientRecords } from './gradient-records.ts';
import type { SplitRules } from './split-search.ts';

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

/** What follows from a node's sums. */
export interface LeafSums {
  /** Counted rows. */
  covered(sums: Sums): number;
  /** The Newton step, within its bounds, times the learning rate. */
  valueOf(sums: Sums, bounds: Bounds): number;
  /** Whether both sides of a split could hold what the rules ask. */
  splittable(sums: Sums, depth: number): boolean;
  /** Bounds of two children: the middle of their values parts them for good where the split is monotone. */
  childBounds(parent: Bounds, monotone: number, left: Sums, right: Sums): { left: Bounds; right: Bounds };
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

export function leafSums(
  records: GradientRecords,
  rules: SplitRules & { readonly maxDepth: number },
  scale: number,
): LeafSums {
  const leastUnits = 2 * countUnits(rules.minRows, records);
  const { countUnit } = records;

  const step = ({ gradient, hessian }: Sums, { low, high }: Bounds) => {
    const shrunk = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - rules.l1);
    const value = -shrunk / (hessian + rules.l2);
    const bounded = Math.min(Math.max(Number.isFinite(value) ? value : 0, -rules.maxStep), rules.maxStep);
    return Math.min(Math.max(bounded, low), high);
  };

  const childBounds = (parent: Bounds, monotone: number, left: Sums, right: Sums) => {
    if (monotone === 0) return { left: parent, right: parent };
    const { low, high } = parent;
    const middle = (step(left, parent) + step(right, parent)) / 2;
    const below = { low, high: middle };
    const above = { low: middle, high };
    return monotone > 0 ? { left: below, right: above } : { left: above, right: below };
  };

  return Object.freeze({
    covered: ({ units }: Sums) => units * countUnit,
    valueOf: (sums: Sums, bounds: Bounds) => step(sums, bounds) * scale,
    splittable: ({ units, hessian }: Sums, depth: number) =>
      depth < rules.maxDepth && units >= leastUnits && hessian >= 2 * rules.minHessian,
    childBounds,
  });
}
