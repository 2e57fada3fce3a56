import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { isClasses, isCount, isNotices, isPresent } from './model-fields.ts';
import { packTree } from './packed-tree.ts';
import { checkTreeRows, loadTrees, slabRows, stageRows } from './predict-trees.ts';
import type { Tree } from './tree.ts';
import { holdsShares, treeFromJSON } from './tree-json.ts';

export type ForestKind = 'decision-tree' | 'random-forest' | 'extra-trees';

/** Classification trees whose leaves hold shares of classes; the model gives their mean. */
export interface ForestModel extends Model {
  readonly name: ForestKind;
  readonly columns: number;
  /** Class codes that occurred in the training rows; a tree has an output for each. */
  readonly present: readonly number[];
  readonly trees: readonly Tree[];
  /**
   * Mean shares of the trees that did not see the row, `rows × classes` of the training data; rows that all trees saw are
   * NaN. Present where it was asked for, on the model that was fitted, not on one read back.
   */
  readonly outOfBag?: Matrix | undefined;
}

export interface ForestParts {
  readonly name: ForestKind;
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly columns: number;
  readonly trees: readonly Tree[];
  readonly notices: readonly Notice[];
  readonly outOfBag?: Matrix | undefined;
}

/** Rows of a task at least; more where there are many, since each task goes through all trees. */
const TASK_ROWS = 64;

export function forestModel(parts: ForestParts): ForestModel {
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const trees = Object.freeze([...parts.trees]);
  const { name, columns, outOfBag } = parts;
  return Object.freeze({
    name,
    classes,
    notices,
    columns,
    present,
    trees,
    ...(outOfBag ? { outOfBag } : {}),
    predictProba: (X: NumericRows, options?: RunOptions) =>
      leafMeans({ columns, trees, present, classes: classes.length }, X, options),
    toJSON: () => ({
      kind: name,
      version: 1,
      classes,
      present,
      columns,
      trees: trees.map(packTree),
      notices,
    }),
  });
}

/** Trees with an output a class of `present`, of so many classes in all. */
export interface Forest {
  readonly columns: number;
  readonly trees: readonly Tree[];
  readonly present: readonly number[];
  readonly classes: number;
}

/** Means over the trees of what a row's leaves hold, `rows × classes`. A row's bytes do not depend on its batch. */
export async function leafMeans(forest: Forest, X: NumericRows, options?: RunOptions): Promise<Matrix> {
  const { columns, trees, present, classes } = forest;
  checkTreeRows(X, columns);
  const outputs = present.length;
  const result = new Float64Array(X.rows * classes);
  await withKernels(options, async (work) => {
    const { memory } = work;
    const slab = slabRows(X, Math.max(columns, outputs));
    const staged = memory.float64(slab * columns);
    const sums = memory.float64(slab * outputs);
    let nodes = 0;
    for (const tree of trees) nodes += tree.feature.length;
    const values = memory.float64(nodes * outputs);
    let first = 0;
    for (const tree of trees) {
      values.view().set(tree.value, first * outputs);
      first += tree.feature.length;
    }
    const loaded = loadTrees(
      work,
      trees.map((tree) => ({ tree, output: 0 })),
      'places',
    );
    const sets = trees.some((tree) => tree.categories.size > 0) ? loaded.sets : 0;
    for (let row = 0; row < X.rows; row += slab) {
      const count = Math.min(slab, X.rows - row);
      stageRows(staged.view(), X, row, count);
      sums.view().fill(0);
      const taskRows = Math.max(TASK_ROWS, Math.ceil(count / (4 * work.threads)));
      const shape = [staged.address, count, columns, taskRows, loaded.trees, loaded.count, loaded.nodes];
      memory.run('predictForest', 0, Math.ceil(count / taskRows), [
        ...shape,
        values.address,
        outputs,
        sums.address,
        sets,
      ]);
      const found = sums.view();
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < outputs; k++) {
          result[(row + i) * classes + present[k]!] = found[i * outputs + k]! / trees.length;
        }
      }
      await work.breathe();
    }
  });
  return matrix(result, X.rows, classes);
}

/** Reads what `toJSON` of a model of that kind wrote. Throws `bad-model` with the field that is wrong. */
export function forestModelFromJSON(name: ForestKind, json: ModelJSON): ForestModel {
  const field = <T>(key: string, valid: (value: unknown) => value is T): T => {
    const value = (json as Record<string, unknown> | null)?.[key];
    if (!valid(value)) {
      throw new CounterweightError('bad-model', `${name} model: field "${key}" is missing or wrong`, { field: key });
    }
    return value;
  };
  field('kind', (value): value is string => value === name);
  field('version', (value): value is number => value === 1);
  const classes = field('classes', isClasses);
  const present = field('present', (value): value is number[] => isPresent(value, classes.length));
  const columns = field('columns', isCount);
  const written = field('trees', (value): value is unknown[] => Array.isArray(value) && value.length > 0);
  const trees = written.map((one, t) => {
    const tree = treeFromJSON(one, columns, present.length);
    if (tree && holdsShares(tree)) return tree;
    throw new CounterweightError('bad-model', `${name} model: tree ${t} is wrong`, { field: 'trees', tree: t });
  });
  return forestModel({ name, classes, present, columns, trees, notices: field('notices', isNotices) });
}
