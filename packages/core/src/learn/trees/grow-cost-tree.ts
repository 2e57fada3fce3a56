import { placedNumbers } from '../../runtime/placed-numbers.ts';
import type { RandomStream } from '../../runtime/random.ts';
import type { Work } from '../../runtime/work.ts';
import type { TrainingRows } from '../logistic-data.ts';
import type { BinnedRows } from './binned-rows.ts';
import { classTreeSettings, featureTable, readNodes, SETTING_COUNT, seedSlot, treeSlots } from './class-tree-memory.ts';
import { fixWeights } from './fix-weights.ts';
import { labelCodes } from './label-codes.ts';
import type { Tree } from './tree.ts';

/** What a split takes down; see `costSensitiveTree`. */
export type CostCriterion = 'direct-cost' | 'pi-cost' | 'gini-cost' | 'entropy-cost';

/** In the order of the kernel's numbers. */
export const costCriteria: readonly CostCriterion[] = ['direct-cost', 'pi-cost', 'gini-cost', 'entropy-cost'];

/** The kernel's numbers 0 and 1 are Gini impurity and entropy. */
const FIRST_COST_CRITERION = 2;

export interface CostTreeRules {
  readonly criterion: CostCriterion;
  readonly maxDepth: number;
  /** Least sum of weights of a leaf; 0 for any. */
  readonly minWeight: number;
  /** Features looked at for each split. */
  readonly maxFeatures: number;
  /** Least gain of a split as a share of its node's cost. */
  readonly minGain: number;
}

/** A tree whose values are to be filled, with the sums of its nodes. */
export interface GrownCostTree {
  readonly tree: Tree;
  /** Weight of each class, `nodes × classes`. */
  readonly weights: Float64Array;
  /** What each decision for all rows of the node costs, `nodes × classes`. */
  readonly costs: Float64Array;
}

/** Bits of the sum of all costs in fixed point; sums in float64 are exact up to 53. */
const COST_BITS = 51;

/** Grows one tree on all rows; `regrets` are `rows × classes`, per unit of weight. */
export function growCostTree(
  work: Work,
  rows: BinnedRows,
  { labels, weights, present }: TrainingRows,
  regrets: Float64Array,
  rules: CostTreeRules,
  stream: RandomStream,
): GrownCostTree {
  const { memory } = work;
  const classes = present.length;
  const sums = 2 * classes;
  const count = rows.rows;
  const fixed = fixWeights(weights);
  const costs = fixedCosts(weights, regrets, classes, fixed.whole);
  const maxNodes = Math.min(2 * count, 2 ** Math.min(30, rules.maxDepth + 1));
  const features = rows.features.length;
  const sizes = treeSlots({ rows: count, mostRows: count, maxNodes, sums, features, kept: classes });
  const slot = memory.bytes(sizes.slotBytes);
  const scratch = memory.bytes(sizes.scratchBytes * work.threads, 'zero');
  const codes = labelCodes(memory, labels, classes);
  const bag = placedNumbers(memory, fixed.fixed);
  const rowCosts = placedNumbers(memory, costs.values);
  const settings = memory.float64(SETTING_COUNT);
  settings.view().set(
    classTreeSettings({
      rows: count,
      classes,
      features,
      maxFeatures: rules.maxFeatures,
      draws: 0,
      criterion: FIRST_COST_CRITERION + costCriteria.indexOf(rules.criterion),
      maxDepth: rules.maxDepth,
      least: rules.minWeight * fixed.scale,
      maxNodes,
      costs: rowCosts.address,
      minGain: rules.minGain,
    }),
  );
  seedSlot(slot, 0, stream);
  const places = [codes.address, bag.address, scratch.address, sizes.scratchBytes];
  memory.run('growClassTree', 0, 1, [
    slot.address,
    sizes.slotBytes,
    settings.address,
    featureTable(work, rows),
    ...places,
  ]);
  const nodes = readNodes(slot, slot.address, maxNodes, sums);
  const tree = nodes.treeOf(classes, fixed.scale, rows);
  const found = { weights: new Float64Array(nodes.count * classes), costs: new Float64Array(nodes.count * classes) };
  for (let node = 0; node < nodes.count; node++) {
    tree.gain[node]! *= fixed.scale / costs.scale;
    for (let k = 0; k < classes; k++) {
      found.weights[node * classes + k] = nodes.sums[node * sums + k]! / fixed.scale;
      found.costs[node * classes + k] = nodes.sums[node * sums + classes + k]! / costs.scale;
    }
  }
  return { tree, ...found };
}

/** Costs times weights as whole numbers whose sums are exact; of whole weights so many times those of one row. */
function fixedCosts(weights: Float64Array, regrets: Float64Array, classes: number, whole: boolean) {
  let total = 0;
  for (let at = 0; at < regrets.length; at++) total += regrets[at]! * weights[Math.floor(at / classes)]!;
  const scale = 2 ** (COST_BITS - Math.ceil(Math.log2(total)));
  const values = regrets.map((regret, at) => {
    const weight = weights[Math.floor(at / classes)]!;
    return whole ? Math.round(regret * scale) * weight : Math.round(regret * weight * scale);
  });
  return { values, scale };
}
