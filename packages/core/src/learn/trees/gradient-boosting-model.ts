import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { isClasses, isCount, isNotices, isNumbers, isPresent } from './model-fields.ts';
import type { Tree } from './tree.ts';
import { treeFromJSON, treeToJSON } from './tree-json.ts';
import { treeProbabilities } from './tree-probabilities.ts';
import type { TreeSum } from './tree-sum.ts';

/** Name of the learner and `kind` of its model's JSON. */
export const BOOSTING_KIND = 'gradient-boosting';

/** Fitted gradient boosting. */
export interface GradientBoostingModel extends Model {
  readonly name: 'gradient-boosting';
  readonly columns: number;
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  /**
   * Score before the first tree: of two classes the one log-odds of the second, else one a class of `present`.
   */
  readonly initial: Float64Array;
  /** Trees in the order of their making; `output` is the place of the score they add to. */
  readonly trees: readonly { readonly output: number; readonly tree: Tree }[];
  /** Rounds that the model keeps. */
  readonly iterations: number;
}

export interface BoostingParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly columns: number;
  readonly initial: Float64Array;
  readonly trees: TreeSum['trees'];
  readonly iterations: number;
  readonly notices: readonly Notice[];
}

export function gradientBoostingModel(parts: BoostingParts): GradientBoostingModel {
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const { columns, initial, iterations } = parts;
  const trees = Object.freeze([...parts.trees]);
  const sum = Object.freeze({ columns, initial, trees });
  return Object.freeze({
    name: BOOSTING_KIND,
    classes,
    notices,
    columns,
    present,
    initial,
    trees,
    iterations,
    predictProba: async (X: NumericRows, options?: RunOptions) =>
      treeProbabilities(sum, present, classes.length, X, options),
    toJSON: () => ({
      kind: BOOSTING_KIND,
      version: 1,
      classes,
      present,
      columns,
      initial: [...initial],
      iterations,
      trees: trees.map(({ output, tree }) => ({ output, ...treeToJSON(tree) })),
      notices,
    }),
  });
}

/**
 * What log-odds that boosting starts from stay below: those of weights within their bounds by thousands, adjusted by any tau
 * still by ten.
 */
const MOST_INITIAL = 1e6;
/** Sums of leaves stay numbers below this. */
const MOST_SCORE = 1e300;

function wrong(field: string, why = 'is missing or wrong'): CounterweightError {
  return new CounterweightError('bad-model', `boosted model: field "${field}" ${why}`, { field });
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function gradientBoostingModelFromJSON(json: ModelJSON): GradientBoostingModel {
  const field = <T>(name: string, valid: (value: unknown) => value is T): T => {
    const value = (json as Record<string, unknown> | null)?.[name];
    if (!valid(value)) throw wrong(name);
    return value;
  };
  field('kind', (value): value is string => value === BOOSTING_KIND);
  field('version', (value): value is number => value === 1);
  const classes = field('classes', isClasses);
  const present = field('present', (value): value is number[] => isPresent(value, classes.length));
  const columns = field('columns', isCount);
  const outputs = present.length === 2 ? 1 : present.length;
  const initial = field('initial', (value): value is number[] => isNumbers(value, outputs));
  const far = initial.find((start) => Math.abs(start) > MOST_INITIAL);
  if (far !== undefined) throw wrong('initial', `holds ${far}, which is no log-odds of any data`);
  const written = field('trees', (value): value is { output: number }[] => Array.isArray(value));
  const trees = written.map((one, t) => {
    const tree = treeFromJSON(one, columns);
    if (!tree || !isCount(one.output) || one.output >= outputs) {
      throw new CounterweightError('bad-model', `boosted model: tree ${t} is wrong`, { field: 'trees', tree: t });
    }
    return Object.freeze({ output: one.output, tree });
  });
  const iterations = field('iterations', isCount);
  if (trees.length !== iterations * outputs)
    throw wrong('iterations', `is ${iterations}, but there are ${trees.length} trees, ${outputs} a round`);
  if (!(mostScore(initial, trees) < MOST_SCORE)) throw wrong('trees', 'has leaves whose sum is no number');
  return gradientBoostingModel({
    classes,
    present,
    columns,
    initial: Float64Array.from(initial),
    trees,
    iterations,
    notices: field('notices', isNotices),
  });
}

/** The largest size that a score or a part of its sum can have. */
function mostScore(initial: readonly number[], trees: TreeSum['trees']): number {
  const most = initial.map(Math.abs);
  for (const { output, tree } of trees) {
    let largest = 0;
    for (const value of tree.value) largest = Math.max(largest, Math.abs(value));
    most[output]! += largest;
  }
  return Math.max(...most);
}
