import { splitDigits } from './tree-bundles';
import { findSplits } from './tree-split';

/** The best split of a node over its features. */

/** Bytes of a found split, as `findSplits` has it. */
const SPLIT_BYTES: usize = 80;
/** Bytes of the best split of a node: see `bestSplits`. */
const BEST_BYTES: usize = 160;

/**
 * The best split of each of `nodeCount` nodes among those found of its features; of equal ones that of the feature listed
 * first. Writes to `best`, 160 bytes a node: gain (f64, 0 where there is none); last bin left, first bin right, missing left,
 * whether rows miss the value, place in the list of features (i32 from 8 on); sums of the left side at 32 and of the right one
 * at 48 (two i64 each); gradient, Hessian and count units of either side as f64 at 64 and 88; at 112 the bin set.
 */
export function bestSplits(
  nodes: usize,
  nodeCount: i32,
  chosenCount: i32,
  parameters: usize,
  splits: usize,
  best: usize,
): void {
  for (let n: i32 = 0; n < nodeCount; n++) {
    const first = splits + <usize>(n * chosenCount) * SPLIT_BYTES;
    const target = best + <usize>n * BEST_BYTES;
    let most: f64 = 0;
    let found: i32 = -1;
    for (let i: i32 = 0; i < chosenCount; i++) {
      const gain = load<f64>(first + <usize>i * SPLIT_BYTES);
      if (gain > most) {
        most = gain;
        found = i;
      }
    }
    store<f64>(target, most);
    if (found < 0) continue;
    const split = first + <usize>found * SPLIT_BYTES;
    memory.copy(target + 8, split + 8, 16);
    store<i32>(target, found, 24);
    const sum = v128.load(split, 24);
    v128.store(target, sum, 32);
    v128.store(target, i64x2.sub(v128.load(nodes + ((<usize>n) << 6), 16), sum), 48);
    decode(target + 32, parameters, target + 64);
    decode(target + 48, parameters, target + 88);
    memory.copy(target + 112, split + 48, 32);
  }
}

/** Gradient, Hessian and count units of sums. */
function decode(sums: usize, parameters: usize, target: usize): void {
  const countShift = <i64>load<f64>(parameters, 16);
  const h = load<i64>(sums, 8);
  store<f64>(target, <f64>load<i64>(sums) * load<f64>(parameters));
  store<f64>(target, <f64>(h & (((<i64>1) << countShift) - 1)) * load<f64>(parameters, 8), 8);
  store<f64>(target, <f64>(h >> countShift), 16);
}

/** All of the search on the caller's thread. Arguments are those of `splitDigits`, `findSplits` and `bestSplits`. */
export function searchNodes(
  nodes: usize,
  nodeCount: i32,
  joined: usize,
  joinedCount: i32,
  chosen: usize,
  chosenCount: i32,
  features: usize,
  parameters: usize,
  splits: usize,
  scratch: usize,
  best: usize,
): void {
  for (let task: i32 = 0; task < nodeCount * joinedCount; task++) {
    splitDigits(task, 0, nodes, joined, joinedCount, scratch);
  }
  const pairs = nodeCount * chosenCount;
  findSplits(0, 0, nodes, chosen, chosenCount, features, parameters, splits, scratch, pairs, pairs);
  bestSplits(nodes, nodeCount, chosenCount, parameters, splits, best);
}
