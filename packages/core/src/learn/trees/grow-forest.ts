import { placedNumbers } from '../../runtime/placed-numbers.ts';
import type { RandomStream } from '../../runtime/random.ts';
import type { Work } from '../../runtime/work.ts';
import type { TrainingRows } from '../logistic-data.ts';
import type { BinnedRows } from './binned-rows.ts';
import {
  classTreeSettings,
  featureTable,
  nodeNumbers,
  readTree,
  SETTING_COUNT,
  seedSlot,
  treeSlots,
} from './class-tree-memory.ts';
import { fixWeights } from './fix-weights.ts';
import { labelCodes } from './label-codes.ts';
import type { Tree } from './tree.ts';

export interface ForestRules {
  readonly trees: number;
  readonly criterion: 'gini' | 'entropy';
  readonly maxDepth: number;
  /** Least sum of weights of a leaf; 0 for any. */
  readonly minWeight: number;
  /** Features looked at for each split. */
  readonly maxFeatures: number;
  readonly bootstrap: boolean;
  /** Whether thresholds are drawn instead of searched. */
  readonly randomThresholds: boolean;
  readonly outOfBag: boolean;
  /** Columns along which the second of two classes may only rise (1) or fall (-1). */
  readonly monotone: ReadonlyMap<number, number>;
}

export interface GrownForest {
  /** Values are the shares of the classes that occur. */
  readonly trees: readonly Tree[];
  /** Sums of the leaves' shares over the trees that did not see the row, `rows × classes`, and their number. */
  readonly outOfBag: { readonly sums: Float64Array; readonly counts: Int32Array } | undefined;
}

const SLOT_BYTES_IN_FLIGHT = 268435456;
const BLOCK_ROWS = 4096;

/** Grows classification trees side by side, each from its own stream `tree, t`. */
export async function growForest(
  work: Work,
  rows: BinnedRows,
  { labels, weights, present }: TrainingRows,
  rules: ForestRules,
  stream: RandomStream,
  onTree: (done: number) => void = () => {},
): Promise<GrownForest> {
  const { memory, threads } = work;
  const classes = present.length;
  const count = rows.rows;
  const bounded = rules.monotone.size > 0;
  const { fixed, scale, whole } = fixWeights(weights);
  const cumulative = whole ? runningSum(weights) : undefined;
  const draws = cumulative ? cumulative[count - 1]! : count;
  const maxNodes = Math.min(2 * count, 2 ** Math.min(30, rules.maxDepth + 1));
  const { slotBytes, scratchBytes } = treeSlots({
    rows: count,
    mostRows: count,
    maxNodes,
    sums: nodeNumbers(classes, bounded),
    features: rows.features.length,
  });
  const inFlight = Math.max(threads, Math.min(2 * threads, Math.floor(SLOT_BYTES_IN_FLIGHT / slotBytes)));
  const size = Math.min(rules.trees, inFlight);
  const slots = memory.bytes(size * slotBytes);
  // Before the settings are written: taking a block may move the memory.
  const counted = cumulative ? placedNumbers(memory, cumulative).address : 0;
  const settings = memory.float64(SETTING_COUNT);
  settings.view().set(
    classTreeSettings({
      rows: count,
      classes,
      features: rows.features.length,
      maxFeatures: rules.maxFeatures,
      draws: rules.bootstrap ? draws : 0,
      criterion: rules.criterion === 'entropy' ? 1 : 0,
      maxDepth: rules.maxDepth,
      least: rules.minWeight * scale,
      randomThresholds: rules.randomThresholds,
      drawsOrBags: counted,
      maxNodes,
      bounded,
    }),
  );
  const features = featureTable(work, rows, rules.monotone);
  const codes = labelCodes(memory, labels, classes);
  const bag = placedNumbers(memory, fixed);
  const scratch = memory.bytes(scratchBytes * threads, 'zero');
  const sums = rules.outOfBag ? memory.float64(count * classes, 'zero') : undefined;
  const counts = rules.outOfBag ? memory.int32(count, 'zero') : undefined;
  const trees: Tree[] = [];
  while (trees.length < rules.trees) {
    const batch = Math.min(size, rules.trees - trees.length);
    for (let t = 0; t < batch; t++) seedSlot(slots, t * slotBytes, stream.child('tree', trees.length + t));
    const rowsAndScratch = [codes.address, bag.address, scratch.address, scratchBytes];
    memory.run('growClassTree', 0, batch, [slots.address, slotBytes, settings.address, features, ...rowsAndScratch]);
    for (let t = 0; t < batch; t++) {
      const slot = slots.address + t * slotBytes;
      trees.push(readTree(slots, slot, maxNodes, classes, scale, rows, bounded));
      if (!sums || !counts) continue;
      const found = [slot, settings.address, features, BLOCK_ROWS, sums.address, counts.address];
      memory.run('addOutOfBag', 0, Math.ceil(count / BLOCK_ROWS), found);
    }
    onTree(trees.length);
    await work.breathe();
  }
  const outOfBag = sums && counts && { sums: sums.view().slice(), counts: counts.view().slice() };
  return { trees, outOfBag };
}

/** The running sum of whole weights, by which rows are drawn; undefined where all are 1, and rows are drawn alike. */
function runningSum(weights: Float64Array): Float64Array | undefined {
  if (weights.every((weight) => weight === 1)) return undefined;
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}
