import { checkColumnCount } from '../../data/check-dataset.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { NumericRows } from '../../data/dataset.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type Work, withKernels } from '../../runtime/work.ts';
import { fitBatches, loadBatches } from './tree-batches.ts';
import type { TreeSum } from './tree-sum.ts';

const TASK_ROWS = 256;
const STAGED_VALUES = 524288;
const NODE_BYTES = 24;
/** Rows from which the tables of batches pay for their making. */
const BATCH_ROWS = 4096;

/** Trees in the kernels' memory. */
export interface LoadedTrees {
  readonly trees: number;
  readonly nodes: number;
  readonly sets: number;
  readonly count: number;
  readonly blocks: readonly KernelArray<unknown>[];
}

/** Copies trees to where kernels find them; leaves with their values, or with their places among all nodes. */
export function loadTrees(
  { memory }: Pick<Work, 'memory'>,
  trees: TreeSum['trees'],
  leaves: 'values' | 'places' = 'values',
): LoadedTrees {
  let total = 0;
  let setCount = 0;
  for (const { tree } of trees) {
    total += tree.feature.length;
    setCount += tree.categories.size;
  }
  const heads = memory.int32(Math.max(1, trees.length) * 2);
  const nodes = memory.bytes(Math.max(1, total) * NODE_BYTES);
  const sets = memory.int32(Math.max(1, setCount) * 8, 'zero');
  const { buffer } = nodes.view();
  const words = new Int32Array(buffer, nodes.address, total * (NODE_BYTES / 4));
  const values = new Float64Array(buffer, nodes.address, total * (NODE_BYTES / 8));
  const masks = sets.view();
  let first = 0;
  let set = 0;
  trees.forEach(({ tree, output }, t) => {
    heads.view().set([first, output], 2 * t);
    const some = tree.categories.size > 0;
    for (let node = 0; node < tree.feature.length; node++) {
      const leaf = tree.feature[node]! < 0;
      const at = first + node;
      const categories = some ? tree.categories.get(node) : undefined;
      const held = leaves === 'places' ? at : tree.value[node]!;
      values[3 * at] = leaf ? held : categories ? set : tree.threshold[node]!;
      words[6 * at + 2] = tree.feature[node]!;
      words[6 * at + 3] = tree.left[node]!;
      words[6 * at + 4] = tree.right[node]!;
      words[6 * at + 5] = tree.missingLeft[node]! | (categories ? 2 : 0);
      if (!categories) continue;
      for (const code of categories) masks[8 * set + (code >> 5)]! |= 1 << (code & 31);
      set++;
    }
    first += tree.feature.length;
  });
  return {
    trees: heads.address,
    nodes: nodes.address,
    sets: sets.address,
    count: trees.length,
    blocks: [heads, nodes, sets],
  };
}

/** Throws `column-mismatch`, and `not-finite` for infinite values; NaN is a missing value. */
export function checkTreeRows(X: NumericRows, columns: number): void {
  checkColumnCount(X, columns);
  const values = X.kind === 'dense' ? X.data : X.values;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]!) === Number.POSITIVE_INFINITY) throwNotFinite(X);
  }
}

/**
 * Scores of all rows, a slab at a time: `finish` turns a slab's scores (`rows × outputs`, in kernel memory) into the result.
 * A row's bytes do not depend on the batch it comes in, nor on whether it is dense or sparse.
 */
export function scoreRows(
  model: TreeSum,
  X: NumericRows,
  options: RunOptions | undefined,
  prepare: (work: Work, slabRows: number) => (scores: number, first: number, count: number) => void,
): Promise<void> {
  checkTreeRows(X, model.columns);
  return withKernels(options, async (work) => {
    const { memory } = work;
    const outputs = model.initial.length;
    const slab = slabRows(X, Math.max(model.columns, outputs));
    const staged = memory.float64(slab * model.columns);
    const scores = memory.float64(slab * outputs);
    const kernel = X.rows >= BATCH_ROWS && fitBatches(model.trees) ? batchKernel(work, model) : treeKernel(work, model);
    const finish = prepare(work, slab);
    for (let first = 0; first < X.rows; first += slab) {
      const count = Math.min(slab, X.rows - first);
      stageRows(staged.view(), X, first, count);
      fillScores(scores.view(), model.initial, count);
      const tasks = Math.ceil(count / TASK_ROWS);
      const rows = [staged.address, count, model.columns, TASK_ROWS];
      memory.run(kernel.name, 0, tasks, [...rows, ...kernel.trees, scores.address, outputs, ...kernel.scratch]);
      finish(scores.address, first, count);
      await work.breathe();
    }
  });
}

/** A kernel that adds trees to scores, with its arguments around the scores. All of them give the same bytes. */
interface ScoreKernel {
  readonly name: string;
  readonly trees: readonly number[];
  readonly scratch: readonly number[];
}

function treeKernel(work: Work, { trees }: TreeSum): ScoreKernel {
  const { trees: heads, nodes, sets, count } = loadTrees(work, trees);
  return { name: 'predictTrees', trees: [heads, count, nodes, sets], scratch: [] };
}

function batchKernel(work: Work, { trees }: TreeSum): ScoreKernel {
  const { batches, count } = loadBatches(work, trees);
  const scratch = work.memory.bytes(128 * work.threads);
  return { name: 'predictBatches', trees: [batches, count], scratch: [scratch.address] };
}

export function slabRows(X: NumericRows, width: number): number {
  const fitting = Math.floor(STAGED_VALUES / Math.max(1, width));
  return Math.max(1, Math.min(X.rows, Math.ceil(fitting / TASK_ROWS) * TASK_ROWS));
}

/** Writes rows `first ... first + count - 1` to `target`, dense and row-major. */
export function stageRows(target: Float64Array, X: NumericRows, first: number, count: number): void {
  const { columns } = X;
  if (X.kind === 'dense') {
    target.set(X.data.subarray(first * columns, (first + count) * columns));
    return;
  }
  target.fill(0, 0, count * columns);
  for (let i = 0; i < count; i++) {
    for (let e = X.offsets[first + i]!; e < X.offsets[first + i + 1]!; e++) {
      target[i * columns + X.indices[e]!] = X.values[e]!;
    }
  }
}

export function fillScores(target: Float64Array, initial: Float64Array, rows: number): void {
  if (initial.length === 1) target.fill(initial[0]!, 0, rows);
  else for (let i = 0; i < rows; i++) target.set(initial, i * initial.length);
}
