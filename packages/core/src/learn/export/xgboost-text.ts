import { CounterweightError } from '../../runtime/errors.ts';
import { blankTree, type Tree } from '../trees/tree.ts';
import { LARGEST_FLOAT32 } from './float32-threshold.ts';

/**
 * How a node asks in XGBoost: a row goes left where its value is below `condition`, or where its category is none of
 * `categories`; a missing value where `missingLeft`.
 */
export interface XgboostSplit {
  readonly column: number;
  readonly question: { readonly condition: number } | { readonly categories: readonly number[] };
  /** Nodes of the tree to go on with. */
  readonly left: number;
  readonly right: number;
  readonly missingLeft: boolean;
}

export interface XgboostParts {
  readonly objective: 'binary:logistic' | 'multi:softprob' | 'reg:squarederror';
  /** Number of scores: 1 unless there are several classes. */
  readonly outputs: number;
  /** Score before the first tree, one an output. */
  readonly initial: ArrayLike<number>;
  readonly trees: readonly { readonly output: number; readonly tree: Tree }[];
  /** Every leaf is multiplied by it. */
  readonly factor: number;
  readonly split: (tree: Tree, node: number) => XgboostSplit;
  /** Names and types of the columns: `q` numbers, `c` category codes. Empty for no names. */
  readonly columns: number;
  readonly names: readonly string[];
  readonly types: readonly ('q' | 'c')[];
  /** Kept in the file beside the model. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * XGBoost's JSON model format (2.0 and later).
 *
 * The initial scores of classes are a first round of trees without a split: XGBoost would keep them as a probability in
 * float32, which has no digits left near 1. Of a regression it is the base score. Throws `not-exportable` for scores that
 * float32 cannot hold.
 */
export function xgboostText(parts: XgboostParts): string {
  const { objective, outputs, initial, columns, factor } = parts;
  const regression = objective === 'reg:squarederror';
  requireFloat32(Array.from(initial));
  const constants = regression ? [] : Array.from({ length: outputs }, (_, k) => constantTree(initial[k]!, k, columns));
  const trees = parts.trees.map(({ tree }, t) =>
    treeJSON(tree, constants.length + t, columns, factor, (node) => parts.split(tree, node)),
  );
  const all = [...constants, ...trees];
  const groups = [...constants.keys(), ...parts.trees.map(({ output }) => output)];
  const rounds = Array.from({ length: all.length / outputs + 1 }, (_, round) => round * outputs);
  return jsonText({
    learner: {
      attributes: parts.attributes,
      feature_names: parts.names,
      feature_types: parts.types,
      gradient_booster: {
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: String(all.length) },
          iteration_indptr: rounds,
          tree_info: groups,
          trees: all,
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: regression ? realText(initial[0]!) : '5E-1',
        boost_from_average: '0',
        num_class: objective === 'multi:softprob' ? String(outputs) : '0',
        num_feature: String(columns),
        num_target: '1',
      },
      objective: objectiveJSON(objective, outputs),
    },
    version: [2, 0, 0],
  });
}

function objectiveJSON(name: XgboostParts['objective'], classes: number) {
  if (name === 'multi:softprob') return { name, softmax_multiclass_param: { num_class: String(classes) } };
  return { name, reg_loss_param: { scale_pos_weight: '1' } };
}

/** JSON in which the cells of a Float32Array are real numbers even where they are whole: XGBoost tells `1` from `1.0`. */
function jsonText(value: unknown): string {
  if (value instanceof Float32Array) return `[${Array.from(value, realText).join(',')}]`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, held]) => `${JSON.stringify(key)}:${jsonText(held)}`)
    .join(',')}}`;
}

/** Nine digits tell every float32. */
function realText(value: number): string {
  const text = String(Number(Math.fround(value).toPrecision(9)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** What XGBoost writes for the parent of a root: the largest int32. */
const NO_PARENT = 2147483647;

function constantTree(value: number, id: number, columns: number) {
  const leaf = { ...blankTree(1, 1), value: Float64Array.of(value) };
  return treeJSON(leaf, id, columns, 1, () => {
    throw new RangeError('a tree without splits has none to ask for');
  });
}

function treeJSON(tree: Tree, id: number, columns: number, factor: number, split: (node: number) => XgboostSplit) {
  const { order, splits } = pairedNodes(tree, split);
  const nodes = order.length;
  const filled = (value: number) => new Array<number>(nodes).fill(value);
  const [left, right, parents] = [filled(-1), filled(-1), filled(NO_PARENT)];
  const [asked, types, defaultLeft] = [filled(0), filled(0), filled(0)];
  const values = order.map((node) => tree.value[node]! * factor);
  const conditions = Float32Array.from(values);
  const sets = { categories: [] as number[], nodes: [] as number[], segments: [] as number[], sizes: [] as number[] };
  requireFloat32(values.filter((_, place) => tree.feature[order[place]!]! < 0));
  for (const { place, pair, column, question, missingLeft } of splits) {
    asked[place] = column;
    left[place] = pair;
    right[place] = pair + 1;
    parents[pair] = parents[pair + 1] = place;
    defaultLeft[place] = missingLeft ? 1 : 0;
    if ('condition' in question) conditions[place] = question.condition;
    else {
      conditions[place] = 0;
      types[place] = 1;
      sets.nodes.push(place);
      sets.segments.push(sets.categories.length);
      sets.sizes.push(question.categories.length);
      sets.categories.push(...question.categories);
    }
  }
  return {
    base_weights: facts(values),
    categories: sets.categories,
    categories_nodes: sets.nodes,
    categories_segments: sets.segments,
    categories_sizes: sets.sizes,
    default_left: defaultLeft,
    id,
    left_children: left,
    loss_changes: facts(order.map((node) => tree.gain[node]!)),
    parents,
    right_children: right,
    split_conditions: conditions,
    split_indices: asked,
    split_type: types,
    sum_hessian: facts(order.map((node) => tree.cover[node]!)),
    tree_param: { num_deleted: '0', num_feature: String(columns), num_nodes: String(nodes), size_leaf_vector: '1' },
  };
}

/** Numbers that no prediction hangs on, at most the largest float32. */
function facts(values: readonly number[]): Float32Array {
  return Float32Array.from(values, (value) => Math.max(-LARGEST_FLOAT32, Math.min(LARGEST_FLOAT32, value)));
}

/** Throws `not-exportable` for a number that is none in float32. */
function requireFloat32(values: Iterable<number>): void {
  for (const value of values) {
    if (Number.isFinite(Math.fround(value))) continue;
    throw new CounterweightError(
      'not-exportable',
      `XGBoost computes in float32, which cannot hold ${value}, a score of this model; ONNX holds it`,
    );
  }
}

/** A split at its place, with the place of its left child. */
type PlacedSplit = XgboostSplit & { readonly place: number; readonly pair: number };

/** Nodes in an order in which right children come at once after left ones: XGBoost looks for them there. */
function pairedNodes(tree: Tree, split: (node: number) => XgboostSplit) {
  const order = [0];
  const splits: PlacedSplit[] = [];
  for (let place = 0; place < order.length; place++) {
    const node = order[place]!;
    if (tree.feature[node]! < 0) continue;
    const asked = split(node);
    splits.push({ ...asked, place, pair: order.length });
    order.push(asked.left, asked.right);
  }
  return { order, splits };
}
