import { modelFields } from '../../data/model-fields.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { ModelJSON } from '../learner.ts';
import { LEAST_CHANCE } from '../votes.ts';
import { calibrated } from './onnx-calibration.ts';
import type { MemberWriter } from './onnx-combined.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { affine, beside, columnsOf, complement, placed, rowSums } from './onnx-values.ts';

/** Whether a model's JSON is that of tasks of two sides. */
export function isDecomposed(json: ModelJSON): boolean {
  return Array.isArray(json['tasks']) && Array.isArray(json['codes']);
}

/**
 * Tasks of two sides put together again: one against the rest by their sums, pairs by Price's coupling. Throws
 * `not-exportable` for output codes, which are put together by iteration.
 */
export function decomposedProbabilities(graph: OnnxGraph, x: string, json: ModelJSON, write: MemberWriter): string {
  const fields = modelFields(json, `${json.kind} model`);
  const classes = fields.classes('classes').length;
  const present = [...fields.numbers('present')];
  const codes = fields.list('codes') as readonly (readonly number[])[];
  if (codes.length > 1 && json.kind === 'output-codes') {
    throw new CounterweightError(
      'not-exportable',
      'ONNX cannot hold this model (output-codes): its tasks are put together by an iteration, which has no plain operators',
    );
  }
  const chances = fields.list('tasks').map((task) => {
    const own = modelFields(task, 'task');
    const said = write(graph, x, own.any('model') as ModelJSON);
    return columnsOf(
      graph,
      own.any('calibration') === null ? said : calibrated(graph, said, own.any('calibration')),
      [1],
    );
  });
  if (codes.length === 1) {
    return placed(graph, beside(graph, [complement(graph, chances[0]!), chances[0]!]), present, classes);
  }
  const bounded = graph.node('Clip', [
    beside(graph, chances),
    graph.number(LEAST_CHANCE),
    graph.number(1 - LEAST_CHANCE),
  ]);
  const shares = json.kind === 'one-vs-rest' ? bounded : coupled(graph, bounded, codes, present.length);
  return placed(graph, graph.node('Div', [shares, rowSums(graph, shares)]), present, classes);
}

/** 1 / (the sum of 1 / r over a class's pairs, less the number of classes but two). */
function coupled(graph: OnnxGraph, chances: string, codes: readonly (readonly number[])[], classes: number): string {
  const inverse = graph.node('Reciprocal', [beside(graph, [chances, complement(graph, chances)])]);
  const pairs = codes.length;
  const weights = new Float64Array(classes * 2 * pairs);
  for (const [t, code] of codes.entries()) {
    weights[code.indexOf(1) * 2 * pairs + t] = 1;
    weights[code.indexOf(-1) * 2 * pairs + pairs + t] = 1;
  }
  const less = new Float64Array(classes).fill(2 - classes);
  return graph.node('Reciprocal', [affine(graph, inverse, weights, less, 2 * pairs)]);
}
