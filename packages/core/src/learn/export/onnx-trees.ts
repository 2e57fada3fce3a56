import type { Tree } from '../trees/tree.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { ensembleNodes } from './onnx-tree-nodes.ts';
import { asNumbers } from './onnx-values.ts';

/** A tree and what its leaves are worth, `nodes × outputs`; they add to the outputs from `first` on. */
export interface LeafValues {
  readonly tree: Tree;
  readonly values: Float64Array;
  readonly outputs: number;
  readonly first: number;
}

/**
 * Sums of leaves times `factor`, `rows × outputs` in float64, of `rows × columns` in float64.
 *
 * The operator compares in float64 as we do, but gives out float32. So it adds two numbers a leaf: its value cut to a grid
 * so coarse that float32 holds every sum of such values exactly, and the rest, which is small. Together they are the sum to
 * some 12 digits.
 */
export function treeSums(
  graph: OnnxGraph,
  x: string,
  trees: readonly LeafValues[],
  outputs: number,
  factor = 1,
): string {
  const steps = gridSteps(trees, outputs);
  const parts = trees.map(({ tree, values, outputs: own, first }) => {
    const coarse = values.map((value, at) => {
      const step = steps[first + (at % own)]!;
      return Math.round(value / step) * step;
    });
    const rest = values.map((value, at) => value - coarse[at]!);
    return { tree, own, first, coarse, rest };
  });
  const attributes = ensembleNodes(
    parts.map(({ tree, own, first, coarse, rest }) => ({
      tree,
      targets: Array.from({ length: 2 * own }, (_, k) => (k < own ? first + k : outputs + first + k - own)),
      weight: (node, k) => (k < own ? coarse[node * own + k]! : rest[node * own + k - own]!),
    })),
    2 * outputs,
  );
  const sums = asNumbers(graph, graph.node('TreeEnsembleRegressor', [x], attributes));
  // Adds the two halves: [coarse, rest] times the identity above the identity. The factor stands inside, since ONNX Runtime
  // would fuse a product with a scalar that follows into this one and round the scalar to float32.
  const halves = new Float64Array(2 * outputs * outputs);
  for (let k = 0; k < outputs; k++) halves[k * outputs + k] = halves[(outputs + k) * outputs + k] = factor;
  return graph.node('MatMul', [sums, graph.numbers(halves, [2 * outputs, outputs])]);
}

/** Of each output a power of two of which every sum of leaves, one a tree, is a multiple that 24 bits hold. */
function gridSteps(trees: readonly LeafValues[], outputs: number): Float64Array {
  const largest = new Float64Array(outputs);
  for (const { tree, values, outputs: own, first } of trees) {
    const most = new Float64Array(own);
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.feature[node]! >= 0) continue;
      for (let k = 0; k < own; k++) most[k] = Math.max(most[k]!, Math.abs(values[node * own + k]!));
    }
    for (let k = 0; k < own; k++) largest[first + k]! += most[k]!;
  }
  // Float32 holds multiples up to 2^24 steps: half of them for the leaves, half for their rounding to the grid.
  return largest.map((sum) => 2 ** (Math.ceil(Math.log2(Math.max(1e-30, sum))) - 23));
}
