import { countUnits, type GradientRecords } from './gradient-records.ts';
import type { SplitRules } from './split-search.ts';

/** Sums of a node's records in fixed point. */
export interface Sums {
  readonly g: bigint;
  /** Hessian, and the count above it. */
  readonly h: bigint;
}

/** Bounds that monotone splits further up put on a node's value. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What follows from a node's sums. */
export interface LeafSums {
  /** Counted rows. */
  covered(h: bigint): number;
  /** The Newton step, within its bounds, times the learning rate. */
  valueOf(node: Sums & Bounds): number;
  /** Whether both sides of a split could hold what the rules ask. */
  splittable(node: { readonly h: bigint; readonly depth: number }): boolean;
  /** Bounds of two children: the middle of their values parts them for good where the split is monotone. */
  childBounds(parent: Bounds, monotone: number, left: Sums, right: Sums): { left: Bounds; right: Bounds };
}

export function leafSums(
  records: GradientRecords,
  rules: SplitRules & { readonly maxDepth: number },
  scale: number,
): LeafSums {
  const mask = (1n << BigInt(records.countShift)) - 1n;
  const shift = BigInt(records.countShift);
  const hessian = (sum: bigint) => Number(sum & mask) * records.unitH;
  const covered = (sum: bigint) => Number(sum >> shift) * records.countUnit;

  const step = ({ g, h, low, high }: Sums & Bounds) => {
    const gradient = Number(g) * records.unitG;
    const shrunk = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - rules.l1);
    const value = -shrunk / (hessian(h) + rules.l2);
    const bounded = Math.min(Math.max(Number.isFinite(value) ? value : 0, -rules.maxStep), rules.maxStep);
    return Math.min(Math.max(bounded, low), high);
  };

  const childBounds = ({ low, high }: Bounds, monotone: number, left: Sums, right: Sums) => {
    if (monotone === 0) return { left: { low, high }, right: { low, high } };
    const middle = (step({ ...left, low, high }) + step({ ...right, low, high })) / 2;
    const below = { low, high: middle };
    const above = { low: middle, high };
    return monotone > 0 ? { left: below, right: above } : { left: above, right: below };
  };

  return Object.freeze({
    covered,
    valueOf: (node: Sums & Bounds) => step(node) * scale,
    splittable: ({ h, depth }: { readonly h: bigint; readonly depth: number }) =>
      depth < rules.maxDepth &&
      Number(h >> shift) >= 2 * countUnits(rules.minRows, records) &&
      hessian(h) >= 2 * rules.minHessian,
    childBounds,
  });
}
