import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { GradientRecords } from './gradient-records.ts';
import { type GrowthRules, treeGrower } from './grow-tree.ts';

/** Why nothing was split: an option that stood in the way, or that no split gains anything. */
export type SplitBar = 'minHessianLeaf' | 'minSamplesLeaf' | 'minGain' | 'gain';

const none = { minHessian: 0, minRows: 1, minGain: 0 };
const bars = [
  ['minHessianLeaf', { minHessian: 0 }],
  ['minSamplesLeaf', { minRows: 1 }],
  ['minHessianLeaf', { minHessian: 0, minRows: 1 }],
] as const;

/** Of gradients by which no node was split: the option without which one would be. */
export function splitBar(work: Work, rows: BinnedRows, rules: GrowthRules, records: GradientRecords): SplitBar {
  const splits = (without: Partial<GrowthRules>) => {
    const grower = treeGrower(work, rows, { ...rules, ...without, maxLeaves: 2, maxDepth: 1 });
    return grower.grow(records, undefined, 1).tree.feature.length > 1;
  };
  if (!splits(none)) return 'gain';
  return bars.find(([, without]) => splits(without))?.[0] ?? 'minGain';
}
