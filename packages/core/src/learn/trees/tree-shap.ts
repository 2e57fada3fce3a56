import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { goesLeft } from './goes-left.ts';
import { checkTreeRows, stageRows } from './predict-trees.ts';
import { depthOf, type Tree } from './tree.ts';
import { type TreesModel, treesOfModel } from './trees-of-model.ts';

/** What each column adds to each output of a model of trees. */
export interface ShapValues {
  /** One matrix an output, `rows × columns`: a row's values and the base add up to the model's output for it. */
  readonly values: readonly Matrix[];
  /** Mean output over the training rows, one an output. */
  readonly base: Float64Array;
}

const BREATH_ROWS = 64;

/**
 * Exact Shapley values of trees (Lundberg, Erion, Lee 2018, algorithm 2): a column that is not known is averaged over by the
 * training rows that went either way. Outputs of boosting are scores (of two classes the log-odds of the second, else one a
 * class of `present`), of `gradientBoostingRegression` the number, those of forests and trees the shares of the classes of `present`.
 * Ensembles of trees are forests, too; of boosted ones (AdaBoost, EasyEnsemble, RUSBoost and so on) outputs are log-odds.
 *
 * Takes time in proportion to rows × leaves × depth². Throws `no-trees`, `bad-rows`, `column-mismatch`, `not-finite`, `aborted`.
 */
export async function treeShap(model: TreesModel, X: NumericRows, options?: RunOptions): Promise<ShapValues> {
  const { trees, outputs, initial, share, columns } = treesOfModel(model);
  checkTreeRows(X, columns);
  const base = initial.slice();
  for (const { tree, output } of trees) addMeans(tree, output, share, base);
  const cells = Array.from({ length: outputs }, () => new Float64Array(X.rows * X.columns));
  const walkers = trees.map(({ tree, output }) => ({ walk: shapWalker(tree), width: tree.outputs, output }));
  const found = new Float64Array(X.columns * Math.max(1, ...walkers.map(({ width }) => width)));
  const row = new Float64Array(X.columns);
  for (let i = 0; i < X.rows; i++) {
    stageRows(row, X, i, 1);
    for (const { walk, width, output } of walkers) {
      found.fill(0);
      walk(row, found);
      for (let k = 0; k < width; k++) {
        const target = cells[output + k]!;
        for (let j = 0; j < X.columns; j++) target[i * X.columns + j]! += found[j * width + k]! * share;
      }
    }
    if ((i + 1) % BREATH_ROWS !== 0) continue;
    options?.onProgress?.({ task: 'tree-shap', done: i + 1, total: X.rows });
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(options?.signal);
  }
  return Object.freeze({ values: Object.freeze(cells.map((data) => matrix(data, X.rows, X.columns))), base });
}

function addMeans(tree: Tree, output: number, share: number, base: Float64Array): void {
  tree.feature.forEach((feature, node) => {
    if (feature >= 0) return;
    const part = (tree.cover[node]! / tree.cover[0]!) * share;
    for (let k = 0; k < tree.outputs; k++) base[output + k]! += part * tree.value[node * tree.outputs + k]!;
  });
}

/**
 * Adds a row's Shapley values to `found` (`columns × outputs`). The path to a node lists the columns that were asked with
 * the share of rows that would pass without knowing the column (`zero`), whether the row passes (`one`), and the weights of
 * the subsets by size. Each level has its own copy of the path.
 */
function shapWalker(tree: Tree): (row: Float64Array, found: Float64Array) => void {
  const levels = depthOf(tree) + 2;
  const columnAt = new Int32Array(levels * levels);
  const zeroAt = new Float64Array(levels * levels);
  const oneAt = new Float64Array(levels * levels);
  const weightAt = new Float64Array(levels * levels);
  const { outputs } = tree;

  const extend = (path: number, length: number, zero: number, one: number, column: number) => {
    columnAt[path + length] = column;
    zeroAt[path + length] = zero;
    oneAt[path + length] = one;
    weightAt[path + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      weightAt[path + i + 1]! += (one * weightAt[path + i]! * (i + 1)) / (length + 1);
      weightAt[path + i] = (zero * weightAt[path + i]! * (length - i)) / (length + 1);
    }
  };

  /** Takes the entry at `index` off a path whose last entry is at `last`. */
  const unwind = (path: number, last: number, index: number) => {
    const one = oneAt[path + index]!;
    const zero = zeroAt[path + index]!;
    let next = weightAt[path + last]!;
    for (let i = last - 1; i >= 0; i--) {
      if (one !== 0) {
        const held = weightAt[path + i]!;
        weightAt[path + i] = (next * (last + 1)) / ((i + 1) * one);
        next = held - (weightAt[path + i]! * zero * (last - i)) / (last + 1);
      } else weightAt[path + i] = (weightAt[path + i]! * (last + 1)) / (zero * (last - i));
    }
    for (let i = index; i < last; i++) {
      columnAt[path + i] = columnAt[path + i + 1]!;
      zeroAt[path + i] = zeroAt[path + i + 1]!;
      oneAt[path + i] = oneAt[path + i + 1]!;
    }
  };

  /** Sum of the weights that `unwind` would leave. */
  const unwoundSum = (path: number, last: number, index: number) => {
    const one = oneAt[path + index]!;
    const zero = zeroAt[path + index]!;
    let next = weightAt[path + last]!;
    let total = 0;
    for (let i = last - 1; i >= 0; i--) {
      if (one !== 0) {
        const weight = (next * (last + 1)) / ((i + 1) * one);
        total += weight;
        next = weightAt[path + i]! - (weight * zero * (last - i)) / (last + 1);
      } else total += (weightAt[path + i]! * (last + 1)) / (zero * (last - i));
    }
    return total;
  };

  return (row, found) => {
    const visit = (node: number, level: number, length: number, zero: number, one: number, column: number) => {
      const path = level * levels;
      if (level > 0) {
        for (const of of [columnAt, zeroAt, oneAt, weightAt])
          of.copyWithin(path, path - levels, path - levels + length);
      }
      extend(path, length, zero, one, column);
      let last = length;
      const asked = tree.feature[node]!;
      if (asked < 0) {
        for (let i = 1; i <= last; i++) {
          const part = unwoundSum(path, last, i) * (oneAt[path + i]! - zeroAt[path + i]!);
          const at = columnAt[path + i]! * outputs;
          for (let k = 0; k < outputs; k++) found[at + k]! += part * tree.value[node * outputs + k]!;
        }
        return;
      }
      let zeroBefore = 1;
      let oneBefore = 1;
      for (let i = 1; i <= last; i++) {
        if (columnAt[path + i] !== asked) continue;
        zeroBefore = zeroAt[path + i]!;
        oneBefore = oneAt[path + i]!;
        unwind(path, last, i);
        last--;
        break;
      }
      const left = tree.left[node]!;
      const right = tree.right[node]!;
      const [hot, cold] = goesLeft(tree, node, row[asked]!) ? [left, right] : [right, left];
      const cover = tree.cover[node]!;
      visit(hot, level + 1, last + 1, (zeroBefore * tree.cover[hot]!) / cover, oneBefore, asked);
      visit(cold, level + 1, last + 1, (zeroBefore * tree.cover[cold]!) / cover, 0, asked);
    };
    visit(0, 0, 0, 1, 1, -1);
  };
}
