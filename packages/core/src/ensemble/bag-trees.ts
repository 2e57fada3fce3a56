import type { TrainingRows } from '../learn/logistic-data.ts';
import type { BinnedRows } from '../learn/trees/binned-rows.ts';
import {
  classTreeSettings,
  featureTable,
  nodeNumbers,
  readNodes,
  readTree,
  SETTING_COUNT,
  seedSlot,
  treeSlots,
} from '../learn/trees/class-tree-memory.ts';
import { fixedWeight, type WeightScale, weightScale } from '../learn/trees/fix-weights.ts';
import { labelCodes } from '../learn/trees/label-codes.ts';
import type { Tree } from '../learn/trees/tree.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { Work } from '../runtime/work.ts';
import type { Bag } from './row-units.ts';

export interface TreeRules {
  readonly criterion: 'gini' | 'entropy';
  readonly maxDepth: number;
  /** Least sum of weights of a leaf; 0 for any. */
  readonly minWeight: number;
  /** Features looked at for each split. */
  readonly maxFeatures: number;
  /** Columns along which the second of two classes may only rise (1) or fall (-1). */
  readonly monotone: ReadonlyMap<number, number>;
}

/** A tree as it stands in kernel memory, until the next ones are grown. */
export interface GrownBagTree {
  readonly tree: Tree;
  /** Shares of the classes at the leaf of each row of the bag, in the order of its rows, `rows × present classes`. */
  bagShares(): Float64Array;
  /** Leaf of each row of the bag, or of all rows, as its place among the tree's nodes; good until the next call. */
  leaves(which: 'bag' | 'all'): Int32Array;
  /** Adds the shares at each row's leaf, for the rows outside the bag or for all, and counts the rows. */
  addShares(which: 'outside' | 'all', sums: Float64Array, counts: Int32Array): void;
}

export interface BagTrees {
  /**
   * Grows a tree on each bag, side by side; `take` is called with each in order. What a tree becomes depends on its bag and
   * its stream alone.
   */
  grow(
    bags: readonly Bag[],
    streams: readonly RandomStream[],
    take: (grown: GrownBagTree, t: number) => void,
  ): Promise<void>;
}

const BLOCK_ROWS = 4096;
const MOST_IN_FLIGHT = 268435456;

/**
 * Memory to grow classification trees on bags of the same binned rows: a bag is a list of rows with weights, never a copy.
 * `mostRows` is the largest bag there will be.
 */
export function bagTrees(
  work: Work,
  rows: BinnedRows,
  { labels, present }: TrainingRows,
  rules: TreeRules,
  mostRows: number,
): BagTrees {
  const { memory, threads } = work;
  const classes = present.length;
  const count = rows.rows;
  const maxNodes = Math.min(2 * mostRows, 2 ** Math.min(30, rules.maxDepth + 1));
  const bounded = rules.monotone.size > 0;
  const width = nodeNumbers(classes, bounded);
  const sizes = { rows: count, mostRows, maxNodes, sums: width, features: rows.features.length };
  const { slotBytes, scratchBytes, listBytes, even } = treeSlots(sizes);
  const size = Math.max(threads, Math.min(8 * threads, Math.floor(MOST_IN_FLIGHT / slotBytes)));
  const slots = memory.bytes(size * slotBytes);
  const bagRows = memory.int32(size * mostRows);
  const bagWeights = memory.float64(size * mostRows);
  const entries = memory.int32(size * 4);
  const settings = memory.float64(SETTING_COUNT);
  const features = featureTable(work, rows, rules.monotone);
  const codes = labelCodes(memory, labels, classes);
  const scratch = memory.bytes(scratchBytes * threads, 'zero');
  const sums = memory.float64(count * classes);
  const counts = memory.int32(count);
  const leafOf = memory.int32(count);
  const places = new Int32Array(count);

  const lay = (bags: readonly Bag[], units: WeightScale) => {
    settings.view().set(
      classTreeSettings({
        rows: count,
        classes,
        features: rows.features.length,
        maxFeatures: rules.maxFeatures,
        draws: -1,
        criterion: rules.criterion === 'entropy' ? 1 : 0,
        maxDepth: rules.maxDepth,
        least: rules.minWeight * units.scale,
        drawsOrBags: entries.address,
        maxNodes,
        bounded,
      }),
    );
    bags.forEach((bag, t) => {
      bagRows.view().set(bag.rows, t * mostRows);
      const target = bagWeights.view().subarray(t * mostRows);
      for (let i = 0; i < bag.rows.length; i++) target[i] = fixedWeight(bag.weights[i]!, units);
      const places = [bagRows.address + 4 * t * mostRows, bagWeights.address + 8 * t * mostRows, bag.rows.length];
      entries.view().set(places, 4 * t);
    });
  };

  const grownAt = (t: number, bag: Bag, scale: number): GrownBagTree => {
    const slot = slots.address + t * slotBytes;
    const tree = readTree(slots, slot, maxNodes, classes, scale, rows, bounded);
    const list = slot + listBytes;
    const bagLeaves = (): Int32Array => {
      const listed = new Int32Array(slots.view().buffer, list, bag.rows.length);
      const { rowsOf } = readNodes(slots, slot, maxNodes, width);
      for (let i = 0; i < bag.rows.length; i++) places[bag.rows[i]!] = i;
      const found = new Int32Array(bag.rows.length);
      for (let node = 0; node < tree.feature.length; node++) {
        if (tree.feature[node]! >= 0) continue;
        const [begin, end] = rowsOf(node);
        for (let i = begin; i < end; i++) found[places[listed[i]!]!] = node;
      }
      return found;
    };
    const leaves = (which: 'bag' | 'all'): Int32Array => {
      if (which === 'bag') return bagLeaves();
      memory.run('findLeaves', 0, Math.ceil(count / BLOCK_ROWS), [slot, count, features, BLOCK_ROWS, leafOf.address]);
      return leafOf.view();
    };
    const bagShares = (): Float64Array => {
      const found = bagLeaves();
      const shares = new Float64Array(found.length * classes);
      for (let i = 0; i < found.length; i++) {
        for (let k = 0; k < classes; k++) shares[i * classes + k] = tree.value[found[i]! * classes + k]!;
      }
      return shares;
    };
    const addShares = (which: 'outside' | 'all', to: Float64Array, seen: Int32Array) => {
      if (which === 'all') new Float64Array(slots.view().buffer, list + 8 * even, count).fill(0);
      sums.view().set(to);
      counts.view().set(seen);
      const found = [slot, settings.address, features, BLOCK_ROWS, sums.address, counts.address];
      memory.run('addOutOfBag', 0, Math.ceil(count / BLOCK_ROWS), found);
      to.set(sums.view());
      seen.set(counts.view());
    };
    return { tree, bagShares, leaves, addShares };
  };

  const grow: BagTrees['grow'] = async (bags, streams, take) => {
    const units = commonScale(bags);
    for (let first = 0; first < bags.length; first += size) {
      const batch = bags.slice(first, first + size);
      lay(batch, units);
      batch.forEach((_bag, t) => {
        seedSlot(slots, t * slotBytes, streams[first + t]!);
      });
      const rest = [codes.address, 0, scratch.address, scratchBytes];
      memory.run('growClassTree', 0, batch.length, [slots.address, slotBytes, settings.address, features, ...rest]);
      batch.forEach((bag, t) => {
        take(grownAt(t, bag, units.scale), first + t);
      });
      await work.breathe();
    }
  };
  return Object.freeze({ grow });
}

/** One scale for all bags: the settings that they share hold the least weight of a leaf. */
function commonScale(bags: readonly Bag[]): WeightScale {
  let most = 0;
  let whole = true;
  for (const { weights } of bags) {
    let total = 0;
    for (const weight of weights) {
      total += weight;
      whole &&= Number.isInteger(weight);
    }
    most = Math.max(most, total);
  }
  return weightScale(most, whole);
}
