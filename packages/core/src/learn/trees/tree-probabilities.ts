import { checkColumnCount } from '../../data/check-dataset.ts';
import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { scoreRows } from './predict-trees.ts';
import type { TreeSum } from './tree-sum.ts';

const TASK_ROWS = 1024;

/**
 * Class probabilities of a sum of trees, `rows × classes`: the sigmoid of its one score, or the softmax of one score a
 * class of `present`; the other classes get 0.
 */
export async function treeProbabilities(
  model: TreeSum,
  present: readonly number[],
  classes: number,
  X: NumericRows,
  options?: RunOptions,
): Promise<Matrix> {
  checkColumnCount(X, model.columns);
  const outputs = model.initial.length;
  const width = Math.max(2, outputs);
  const result = new Float64Array(X.rows * classes);
  await scoreRows(model, X, options, ({ memory }, slab) => {
    const pairs = outputs === 1 ? memory.float64(slab * 2) : undefined;
    return (scores, first, count) => {
      const tasks = Math.ceil(count / TASK_ROWS);
      if (pairs) memory.run('sigmoidRows', 0, tasks, [scores, count, TASK_ROWS, pairs.address]);
      else memory.run('softmaxLines', 0, tasks, [scores, count, outputs, TASK_ROWS]);
      const at = pairs ? pairs.address : scores;
      const found = pairs ? pairs.view() : new Float64Array(memory.bytes(8).view().buffer, at, count * width);
      if (width === classes) {
        result.set(found.subarray(0, count * width), first * classes);
        return;
      }
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < width; k++) result[(first + i) * classes + present[k]!] = found[i * width + k]!;
      }
    };
  });
  return matrix(result, X.rows, classes);
}
