import { costThreshold } from '../../decide/index.ts';
import type { OnnxGraph } from '../../learn/export/onnx-graph.ts';
import { affine, columnsOf, likeliest } from '../../learn/export/onnx-values.ts';
import type { Decision } from '../decision.ts';

/** Of a threshold that probabilities reach but for rounding. */
const TOLERANCE = 1e-9;

/** Appends the decided class of each row, a code. `raw` are the model's own probabilities. */
export function decidedCodes(
  graph: OnnxGraph,
  probabilities: string,
  raw: string,
  decision: Decision,
  positive: number | null,
  classes: number,
): string {
  if (decision.kind === 'own') return likeliest(graph, raw);
  if (decision.kind === 'threshold') return atThreshold(graph, probabilities, decision.threshold, positive ?? 1);
  if (decision.kind === 'weights') {
    const weights = graph.numbers(decision.weights, [1, classes]);
    return likeliest(graph, graph.node('Mul', [probabilities, weights]));
  }
  if (classes === 2) return atThreshold(graph, probabilities, costThreshold(decision.matrix), 1);
  const gains = decision.matrix.flatMap((row) => row.map((cost) => -cost));
  return likeliest(graph, affine(graph, probabilities, gains, new Float64Array(classes), classes));
}

/** The class where its probability reaches the threshold, else the other one. */
function atThreshold(graph: OnnxGraph, probabilities: string, threshold: number, code: number): string {
  // Above 1 a threshold means never, however near.
  const least = threshold > 1 ? threshold : threshold * (1 - TOLERANCE);
  const own = graph.node('Squeeze', [columnsOf(graph, probabilities, [code]), graph.wholes([1])]);
  const reached = graph.node('Not', [graph.node('Less', [own, graph.numbers([least])])]);
  return graph.node('Where', [reached, graph.wholes([code]), graph.wholes([1 - code])]);
}
