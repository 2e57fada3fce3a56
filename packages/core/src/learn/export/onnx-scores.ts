import type { LearnerFields } from '../learner-fields.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { affine, placed, rowSums, sigmoidPair, softmax } from './onnx-values.ts';

/** Probabilities of a linear model: the sigmoid of one score, or the softmax of one a class that it has seen. */
export function linearProbabilities(graph: OnnxGraph, x: string, model: LearnerFields, rows: number): string {
  const { columns, fields } = model;
  const coefficients = fields.numbers('coefficients', rows * columns);
  const scores = affine(graph, x, coefficients, fields.numbers('intercepts', rows), columns);
  return fromScores(graph, scores, model, rows);
}

/** Logistic regression keeps a row for every class; of a class that it has not seen the row says nothing. */
export function logisticProbabilities(graph: OnnxGraph, x: string, model: LearnerFields): string {
  const { classes, present, columns, fields } = model;
  if (classes.length === 2) return linearProbabilities(graph, x, model, 1);
  const coefficients = fields.numbers('coefficients', classes.length * columns);
  const intercepts = fields.numbers('intercepts', classes.length);
  const own = present.flatMap((code) => [...coefficients.subarray(code * columns, (code + 1) * columns)]);
  const seen = present.map((code) => intercepts[code]!);
  return fromScores(graph, affine(graph, x, own, seen, columns), model, present.length);
}

/** Gaussian naive Bayes: of each class its constant less half the weighted squares of the distances from its means. */
export function gaussianProbabilities(graph: OnnxGraph, x: string, model: LearnerFields): string {
  const { present, columns, fields } = model;
  const means = fields.numbers('means', present.length * columns);
  const halves = fields.numbers('variances', present.length * columns).map((variance) => 0.5 / variance);
  const scores = present.map((_, k) => {
    const of = (all: Float64Array) => graph.numbers(all.subarray(k * columns, (k + 1) * columns), [1, columns]);
    const gaps = graph.node('Sub', [x, of(means)]);
    return rowSums(graph, graph.node('Mul', [graph.node('Mul', [gaps, gaps]), of(halves)]));
  });
  return fromDistances(graph, scores, model);
}

/** Quadratic discriminants: of each class its constant less half the squared length of the whitened row. */
export function quadraticProbabilities(graph: OnnxGraph, x: string, model: LearnerFields): string {
  const { present, columns, fields } = model;
  const deviations = fields.numbers('deviations', columns);
  const means = fields.numbers('means', present.length * columns);
  const used = [...deviations.keys()].filter((j) => deviations[j]! > 0);
  const size = used.length;
  const factors = fields.numbers('factors', present.length * size * size);
  if (size === 0)
    return fromDistances(
      graph,
      present.map(() => noDistance(graph, x, columns)),
      model,
    );
  const cells = graph.node('Gather', [x, graph.wholes(used)], { axis: { int: 1 } });
  const scores = present.map((_, k) => {
    const own = used.map((j) => means[k * columns + j]!);
    const gaps = graph.node('Sub', [cells, graph.numbers(own, [1, size])]);
    const scaled = graph.node('Div', [
      gaps,
      graph.numbers(
        used.map((j) => deviations[j]!),
        [1, size],
      ),
    ]);
    const inverse = lowerInverse(factors.subarray(k * size * size, (k + 1) * size * size), size);
    const white = affine(graph, scaled, inverse, new Float64Array(size), size);
    const halves = graph.node('Mul', [graph.node('Mul', [white, white]), graph.numbers([0.5])]);
    return rowSums(graph, halves);
  });
  return fromDistances(graph, scores, model);
}

function noDistance(graph: OnnxGraph, x: string, columns: number): string {
  return affine(graph, x, new Float64Array(columns), [0], columns);
}

/** Softmax of the classes' constants less their distances, each `rows × 1`. */
function fromDistances(graph: OnnxGraph, distances: readonly string[], model: LearnerFields): string {
  const all = graph.node('Concat', distances, { axis: { int: 1 } });
  const constants = graph.numbers(model.fields.numbers('constants', distances.length), [1, distances.length]);
  return fromScores(graph, graph.node('Sub', [constants, all]), model, distances.length);
}

/** Of one score the sigmoid, else the softmax, in the places of the classes that were seen. */
export function fromScores(
  graph: OnnxGraph,
  scores: string,
  { present, classes }: Pick<LearnerFields, 'present' | 'classes'>,
  count: number,
): string {
  const probabilities = count === 1 ? sigmoidPair(graph, scores) : softmax(graph, scores);
  // A binary logistic model has both classes, also where one had no rows.
  return placed(graph, probabilities, count === 1 && classes.length === 2 ? [0, 1] : present, classes.length);
}

/** The inverse of a lower triangular matrix, row-major. */
function lowerInverse(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0;
      for (let j = column; j < row; j++) sum -= factor[row * size + j]! * inverse[j * size + column]!;
      inverse[row * size + column] = sum / factor[row * (size + 1)]!;
    }
  }
  return inverse;
}
