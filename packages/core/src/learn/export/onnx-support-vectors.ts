import { CounterweightError } from '../../runtime/errors.ts';
import { slopeOf } from '../../svm/decision-function.ts';
import type { ModelJSON } from '../learner.ts';
import type { LearnerFields } from '../learner-fields.ts';
import { type SupportVectorKind, supportVectorModelFromJSON } from '../svm/support-vector-model.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { fromScores } from './onnx-scores.ts';
import { affine } from './onnx-values.ts';

/**
 * Support vector machines of two classes: the decision value by slopes, or by kernels with the support vectors, and its
 * sigmoid. Throws `not-exportable` for more classes, whose coupling solves equations row by row.
 */
export function supportVectorProbabilities(graph: OnnxGraph, x: string, model: LearnerFields, json: ModelJSON): string {
  const { kernel, pairs, vectors } = supportVectorModelFromJSON(json.kind as SupportVectorKind, json);
  if (pairs.length > 1) {
    throw new CounterweightError(
      'not-exportable',
      `ONNX cannot hold this ${json.kind} of ${model.present.length} classes: coupling its pairs of classes solves equations for each row; of two classes it can`,
    );
  }
  const [pair] = pairs;
  const { slope, intercept } = pair!.sigmoid;
  const { columns } = vectors;
  if (kernel.name === 'linear') {
    const slopes = slopeOf(vectors, pair!).map((value) => slope * value);
    return fromScores(graph, affine(graph, x, slopes, [slope * pair!.intercept + intercept], columns), model, 1);
  }
  const means = model.fields.numbers('means', columns);
  const rows = pair!.places.length;
  const centred = new Float64Array(rows * columns);
  const squares = new Float64Array(rows);
  pair!.places.forEach((place, i) => {
    for (let j = 0; j < columns; j++) {
      const cell = vectors.data[place * columns + j]! - means[j]!;
      centred[i * columns + j] = cell;
      squares[i]! += cell * cell;
    }
  });
  // -gamma |x - v|² = 2 gamma x.v - gamma |v|² - gamma |x|², counted from the means so that little cancels.
  const { gamma } = kernel;
  const cells = graph.node('Sub', [x, graph.numbers(means, [1, columns])]);
  const cross = affine(
    graph,
    cells,
    centred.map((cell) => 2 * gamma * cell),
    squares.map((square) => -gamma * square),
    columns,
  );
  const own = affine(graph, graph.node('Mul', [cells, cells]), new Float64Array(columns).fill(gamma), [0], columns);
  const kernels = graph.node('Exp', [graph.node('Sub', [cross, own])]);
  const weights = pair!.coefficients.map((coefficient) => slope * coefficient);
  return fromScores(graph, affine(graph, kernels, weights, [slope * pair!.intercept + intercept], rows), model, 1);
}
