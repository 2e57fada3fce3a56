import { CounterweightError } from '../../runtime/errors.ts';
import type { ModelJSON } from '../learner.ts';
import type { LearnerFields } from '../learner-fields.ts';
import { learnerFields } from '../learner-fields.ts';
import type { Tree } from '../trees/tree.ts';
import { treeFromJSON } from '../trees/tree-json.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { fromScores } from './onnx-scores.ts';
import { type LeafValues, treeSums } from './onnx-trees.ts';
import { beside, complement, placed } from './onnx-values.ts';

/** Boosted trees: initial scores and leaves added up, then sigmoid or softmax. */
export function boostedProbabilities(graph: OnnxGraph, x: string, model: LearnerFields): string {
  const outputs = model.present.length === 2 ? 1 : model.present.length;
  return fromScores(graph, boostedScores(graph, x, model, outputs), model, outputs);
}

/** Scores of boosted trees, `rows × outputs`. */
export function boostedScores(
  graph: OnnxGraph,
  x: string,
  { fields, columns }: Pick<LearnerFields, 'fields' | 'columns'>,
  outputs: number,
): string {
  const initial = graph.numbers(fields.numbers('initial', outputs), [1, outputs]);
  const trees = fields.list('trees').map((one): LeafValues => {
    const tree = readTree(one, columns, 1);
    const { output = 0 } = one as { readonly output?: number };
    return { tree, values: tree.value, outputs: 1, first: output };
  });
  if (trees.length > 0) return graph.node('Add', [treeSums(graph, x, trees, outputs), initial]);
  // Boosting that found nothing to split gives every row the same; this takes the number of rows from x.
  const none = graph.node('ReduceSum', [graph.node('Mul', [x, graph.numbers([0])]), graph.wholes([1])]);
  return graph.node('Add', [none, initial]);
}

/** Forests: the mean of the leaves' shares. */
export function forestProbabilities(graph: OnnxGraph, x: string, model: LearnerFields): string {
  const { fields, columns, present } = model;
  const trees = fields.list('trees').map((one) => readTree(one, columns, present.length));
  return meanOfTrees(
    graph,
    x,
    trees,
    trees.map((tree) => tree.value),
    model,
  );
}

/** A cost-sensitive tree: the shares of its leaves. */
export function costTreeProbabilities(graph: OnnxGraph, x: string, model: LearnerFields): string {
  const tree = readTree(model.fields.any('tree'), model.columns, model.present.length);
  return meanOfTrees(graph, x, [tree], [tree.value], model);
}

/** The mean of what trees of shares say, where leaves are worth `values`; in the mean, the shares of all classes sum to 1. */
export function meanOfTrees(
  graph: OnnxGraph,
  x: string,
  trees: readonly Tree[],
  values: readonly Float64Array[],
  { present, classes }: Pick<LearnerFields, 'present' | 'classes'>,
): string {
  const means = (outputs: number, of: (values: Float64Array) => Float64Array) => {
    const leaves = trees.map((tree, t) => ({ tree, values: of(values[t]!), outputs, first: 0 }));
    return treeSums(graph, x, leaves, outputs, 1 / trees.length);
  };
  if (present.length > 2)
    return placed(
      graph,
      means(present.length, (own) => own),
      present,
      classes.length,
    );
  // Of two classes the second tells the first, for half the leaves.
  const second = means(1, (own) => own.filter((_, at) => at % 2 === 1));
  return placed(graph, beside(graph, [complement(graph, second), second]), present, classes.length);
}

/** Throws `bad-model`. */
export function readTree(json: unknown, columns: number, outputs: number): Tree {
  const tree = treeFromJSON(json, columns, outputs);
  if (tree) return tree;
  throw new CounterweightError('bad-model', 'the model has a tree that is wrong', { field: 'trees' });
}

/** The only tree of a decision tree's JSON and the classes that it knows. Throws `bad-model`. */
export function singleTree(json: ModelJSON): LearnerFields & { readonly tree: Tree } {
  const model = learnerFields(json, json.kind);
  return { ...model, tree: readTree(model.fields.list('trees')[0], model.columns, model.present.length) };
}
