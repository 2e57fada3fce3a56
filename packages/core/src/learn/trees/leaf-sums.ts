import { countUnits, type GradientRecords } from './gradient-records.ts';
import type { Bounds, Sums } from './node-sums.ts';
import type { SplitRules } from './split-search.ts';

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
