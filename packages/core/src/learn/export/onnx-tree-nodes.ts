import type { Tree } from '../trees/tree.ts';
import type { Attribute } from './onnx-file.ts';

/** A tree with the targets that its leaves add to, and how much. */
export interface TargetTree {
  readonly tree: Tree;
  readonly targets: readonly number[];
  /** What a leaf adds to `targets[k]`. */
  weight(node: number, k: number): number;
}

/**
 * The attributes of a `TreeEnsembleRegressor` with these trees. A node goes to its true branch where the value is at most
 * the threshold; a set of categories is a chain of nodes that ask for one category each and share their true branch.
 */
export function ensembleNodes(trees: readonly TargetTree[], targets: number): Readonly<Record<string, Attribute>> {
  const columns = new NodeColumns();
  const leaves = { trees: [] as number[], nodes: [] as number[], targets: [] as number[], weights: [] as number[] };
  for (const [t, { tree, targets: own, weight }] of trees.entries()) {
    columns.addTree(tree, t);
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.feature[node]! >= 0) continue;
      for (let k = 0; k < own.length; k++) {
        leaves.trees.push(t);
        leaves.nodes.push(node);
        leaves.targets.push(own[k]!);
        leaves.weights.push(weight(node, k));
      }
    }
  }
  return {
    aggregate_function: { text: 'SUM' },
    post_transform: { text: 'NONE' },
    n_targets: { int: targets },
    ...columns.attributes(),
    target_treeids: { ints: leaves.trees },
    target_nodeids: { ints: leaves.nodes },
    target_ids: { ints: leaves.targets },
    target_weights_as_tensor: { tensor: { type: 'float64', dims: [leaves.weights.length], values: leaves.weights } },
  };
}

/** The columns in which ONNX writes the nodes of all trees, one after the other. */
class NodeColumns {
  readonly #trees: number[] = [];
  readonly #ids: number[] = [];
  readonly #features: number[] = [];
  readonly #modes: string[] = [];
  readonly #values: number[] = [];
  readonly #whenTrue: number[] = [];
  readonly #whenFalse: number[] = [];
  readonly #missingTrue: number[] = [];

  addTree(tree: Tree, place: number): void {
    const extra: [id: number, node: number, category: number, whenFalse: number][] = [];
    let next = tree.feature.length;
    for (let node = 0; node < tree.feature.length; node++) {
      const feature = tree.feature[node]!;
      const categories = tree.categories.get(node);
      if (feature < 0) this.#add(place, node, 0, 'LEAF', 0, 0, 0, 0);
      else if (categories === undefined) {
        const [yes, no] = [tree.left[node]!, tree.right[node]!];
        this.#add(place, node, feature, 'BRANCH_LEQ', tree.threshold[node]!, yes, no, tree.missingLeft[node]!);
      } else {
        // A missing value equals no category, so the first link alone may send it left.
        const [first, ...others] = categories;
        const no = others.length > 0 ? next : tree.right[node]!;
        const [yes, missing] = [tree.left[node]!, tree.missingLeft[node]!];
        this.#add(place, node, feature, 'BRANCH_EQ', first ?? -Number.MAX_VALUE, yes, no, missing);
        for (const [i, category] of others.entries()) {
          const id = next++;
          extra.push([id, node, category, i + 1 < others.length ? next : tree.right[node]!]);
        }
      }
    }
    for (const [id, node, category, no] of extra) {
      this.#add(place, id, tree.feature[node]!, 'BRANCH_EQ', category, tree.left[node]!, no, 0);
    }
  }

  #add(
    tree: number,
    id: number,
    feature: number,
    mode: string,
    value: number,
    yes: number,
    no: number,
    missing: number,
  ): void {
    this.#trees.push(tree);
    this.#ids.push(id);
    this.#features.push(feature);
    this.#modes.push(mode);
    this.#values.push(value);
    this.#whenTrue.push(yes);
    this.#whenFalse.push(no);
    this.#missingTrue.push(missing);
  }

  attributes(): Readonly<Record<string, Attribute>> {
    return {
      nodes_treeids: { ints: this.#trees },
      nodes_nodeids: { ints: this.#ids },
      nodes_featureids: { ints: this.#features },
      nodes_modes: { texts: this.#modes },
      nodes_values_as_tensor: { tensor: { type: 'float64', dims: [this.#values.length], values: this.#values } },
      nodes_truenodeids: { ints: this.#whenTrue },
      nodes_falsenodeids: { ints: this.#whenFalse },
      nodes_missing_value_tracks_true: { ints: this.#missingTrue },
    };
  }
}
