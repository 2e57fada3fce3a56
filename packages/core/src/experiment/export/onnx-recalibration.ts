import type { Calibration, Recalibration } from '../../calibrate/index.ts';
import { type ModelFields, modelFields } from '../../data/model-fields.ts';
import type { OnnxGraph } from '../../learn/export/onnx-graph.ts';
import { affine, beside, columnsOf, rowSums, scaled, softmax } from '../../learn/export/onnx-values.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/**
 * Appends what puts a model's probabilities right: the prior correction and the calibration. `rows × classes` in and out.
 * Throws `not-exportable` for calibrations that are no formula.
 */
export function recalibrated(graph: OnnxGraph, raw: string, { correction, calibration }: Recalibration): string {
  const corrected =
    correction && !correction.isIdentity ? reweighted(graph, raw, correction.trueShares, correction.seenShares) : raw;
  return calibration ? calibrated(graph, corrected, calibration) : corrected;
}

/** Each probability times its class's change of share, divided by the row's sum; rows whose sum is 0 stay. */
function reweighted(graph: OnnxGraph, raw: string, trueShares: Float64Array, seenShares: Float64Array): string {
  const factors = trueShares.map((share, k) => (seenShares[k] === 0 ? 1 : share / seenShares[k]!));
  const moved = graph.node('Mul', [raw, graph.numbers(factors, [1, factors.length])]);
  const sums = rowSums(graph, moved);
  const some = graph.node('Greater', [sums, graph.numbers([0], [1, 1])]);
  return graph.node('Where', [some, graph.node('Div', [moved, sums]), raw]);
}

function calibrated(graph: OnnxGraph, p: string, calibration: Calibration): string {
  const json = calibration.toJSON();
  const fields = modelFields(json, 'calibration');
  const classes = calibration.classes.length;
  if (json.kind === 'beta' || json.kind === 'platt') return oneVersusRest(graph, p, fields, classes, json.kind);
  if (json.kind === 'temperature') {
    const logits = scaled(graph, logarithms(graph, p), fields.number('inverseTemperature'), classes);
    return softmax(graph, logits);
  }
  const linear = ['vector-scaling', 'matrix-scaling', 'dirichlet'].includes(json.kind);
  if (!linear || fields.numbers('present').length < classes) {
    throw new CounterweightError(
      'not-exportable',
      `the model's probabilities are put right by ${json.kind}${linear ? ' of some classes only' : ''}, which ONNX's plain operators cannot say`,
    );
  }
  const logits = logarithms(graph, p);
  const biases = fields.numbers('biases', classes);
  if (json.kind !== 'vector-scaling') {
    return softmax(graph, affine(graph, logits, fields.numbers('weights', classes * classes), biases, classes));
  }
  const weighted = graph.node('Mul', [logits, graph.numbers(fields.numbers('weights', classes), [1, classes])]);
  return softmax(graph, graph.node('Add', [weighted, graph.numbers(biases, [1, classes])]));
}

/** Natural logarithms, of probabilities not below 2^-52. */
function logarithms(graph: OnnxGraph, p: string): string {
  return graph.node('Log', [graph.node('Clip', [p, graph.number(Number.EPSILON), graph.number(1)])]);
}

/** A map for the second of two classes, or one a class whose values are divided by their sum. */
function oneVersusRest(
  graph: OnnxGraph,
  p: string,
  fields: ModelFields,
  classes: number,
  kind: 'beta' | 'platt',
): string {
  const codes = classes === 2 ? [1] : Array.from({ length: classes }, (_, code) => code);
  const maps = fields.list('maps');
  const values = codes.map((code, i) => {
    const own = columnsOf(graph, p, [code]);
    if (maps[i] === null) return own;
    const map = modelFields(maps[i], 'calibration');
    return kind === 'beta' ? betaValues(graph, own, map) : plattValues(graph, own, map);
  });
  if (classes === 2) {
    const rest = graph.node('Sub', [graph.numbers([1], [1, 1]), values[0]!]);
    return beside(graph, [rest, values[0]!]);
  }
  const all = beside(graph, values);
  const sums = rowSums(graph, all);
  const some = graph.node('Greater', [sums, graph.numbers([0], [1, 1])]);
  const even = graph.numbers(new Float64Array(classes).fill(1 / classes), [1, classes]);
  return graph.node('Where', [some, graph.node('Div', [all, sums]), even]);
}

/** logit = a ln s - b ln(1 - s) + c. */
function betaValues(graph: OnnxGraph, s: string, map: ModelFields): string {
  const inside = graph.node('Clip', [s, graph.number(Number.EPSILON), graph.number(1 - Number.EPSILON)]);
  const rest = graph.node('Sub', [graph.numbers([1], [1, 1]), inside]);
  const logs = graph.node('Log', [beside(graph, [inside, rest])]);
  return graph.node('Sigmoid', [affine(graph, logs, [map.number('a'), -map.number('b')], [map.number('c')], 2)]);
}

function plattValues(graph: OnnxGraph, s: string, map: ModelFields): string {
  return graph.node('Sigmoid', [affine(graph, s, [-map.number('a')], [-map.number('b')], 1)]);
}
