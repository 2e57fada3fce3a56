import type { Tree } from '../trees/tree.ts';

/**
 * How a node asks in XGBoost: a row goes left where its value is below `condition`, or where its category is none of
 * `right`; a missing value where `missingLeft`.
 */
export interface XgboostSplit {
  readonly column: number;
  readonly question: { readonly condition: number } | { readonly right: readonly number[] };
  /** Nodes of the tree to go on with. */
  readonly left: number;
  readonly goOnRight: number;
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
 * float32, which has no digits left near 1. Of a regression it is the base score.
 */
export function xgboostText(parts: XgboostParts): string {
  const { objective, outputs, initial, columns, factor } = parts;
  const regression = objective === 'reg:squarederror';
  const constants = regression ? [] : Array.from({ length: outputs }, (_, k) => constantTree(initial[k]!, k, columns));
  const trees = parts.trees.map(({ tree }, t) =>
    treeJSON(tree, constants.length + t, columns, factor, (node) => parts.split(tree, node)),
  );
  const all = [...constants, ...trees];
  const groups = [...constants.keys(), ...parts.trees.map(({ output }) => output)];
  const rounds = Array.from({ length: all.length / outputs + 1 }, (_, round) => round * outputs);
  return JSON.stringify({
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
        base_score: regression ? String(float32(initial[0]!)) : '5E-1',
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

/** Nine digits tell every float32. */
function float32(value: number): number {
  return Number(Math.fround(value).toPrecision(9));
}

const NO_PARENT = 2147483647;

function constantTree(value: number, id: number, columns: number) {
  const leaf = {
    feature: Int32Array.of(-1),
    threshold: new Float64Array(1),
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    missingLeft: new Uint8Array(1),
    value: Float64Array.of(value),
    outputs: 1,
    gain: new Float64Array(1),
    cover: new Float64Array(1),
    categories: new Map(),
  };
  return treeJSON(leaf, id, columns, 1, () => {
    throw new RangeError('a tree without splits has none to ask for');
  });
}

function treeJSON(tree: Tree, id: number, columns: number, factor: number, split: (node: number) => XgboostSplit) {
  const nodes = tree.feature.length;
  const filled = (value: number) => new Array<number>(nodes).fill(value);
  const [left, right, parents] = [filled(-1), filled(-1), filled(NO_PARENT)];
  const [asked, conditions, types, defaultLeft] = [filled(0), filled(0), filled(0), filled(0)];
  const categories = {
    categories: [] as number[],
    nodes: [] as number[],
    segments: [] as number[],
    sizes: [] as number[],
  };
  for (let node = 0; node < nodes; node++) {
    if (tree.feature[node]! < 0) {
      conditions[node] = float32(tree.value[node]! * factor);
      continue;
    }
    const { column, question, left: yes, goOnRight: no, missingLeft } = split(node);
    asked[node] = column;
    left[node] = yes;
    right[node] = no;
    parents[yes] = parents[no] = node;
    defaultLeft[node] = missingLeft ? 1 : 0;
    if ('condition' in question) conditions[node] = float32(question.condition);
    else {
      types[node] = 1;
      categories.nodes.push(node);
      categories.segments.push(categories.categories.length);
      categories.sizes.push(question.right.length);
      categories.categories.push(...question.right);
    }
  }
  return {
    base_weights: Array.from(tree.value, (value) => float32(value * factor)),
    categories: categories.categories,
    categories_nodes: categories.nodes,
    categories_segments: categories.segments,
    categories_sizes: categories.sizes,
    default_left: defaultLeft,
    id,
    left_children: left,
    loss_changes: Array.from(tree.gain, float32),
    parents,
    right_children: right,
    split_conditions: conditions,
    split_indices: asked,
    split_type: types,
    sum_hessian: Array.from(tree.cover, float32),
    tree_param: { num_deleted: '0', num_feature: String(columns), num_nodes: String(nodes), size_leaf_vector: '1' },
  };
}
