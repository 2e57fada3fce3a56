import { type ModelFields, modelFields } from '../../data/model-fields.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { interpolatedValues, steppedValues } from './onnx-curves.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { affine, beside, columnsOf, complement, rowSums, scaled, softmax } from './onnx-values.ts';

/**
 * Appends what puts a model's probabilities right, from the JSON of a recalibration: the prior correction, then the
 * calibration. `rows × classes` in and out. Throws `not-exportable` for calibrations that plain operators cannot say.
 */
export function recalibrated(graph: OnnxGraph, raw: string, json: unknown): string {
  const fields = modelFields(json, 'recalibration');
  const [correction, calibration] = [fields.any('correction'), fields.any('calibration')];
  const corrected = correction === null ? raw : reweighted(graph, raw, correction);
  return calibration === null ? corrected : calibrated(graph, corrected, calibration);
}

/** Each probability times its class's change of share, divided by the row's sum; rows whose sum is 0 stay. */
function reweighted(graph: OnnxGraph, raw: string, json: unknown): string {
  const fields = modelFields(json, 'prior correction');
  const trueShares = fields.numbers('trueShares');
  const seenShares = fields.numbers('seenShares', trueShares.length);
  const factors = trueShares.map((share, k) => (seenShares[k] === 0 ? 1 : share / seenShares[k]!));
  if (factors.every((factor) => factor === 1)) return raw;
  return overSums(graph, graph.node('Mul', [raw, graph.numbers(factors, [1, factors.length])]), raw);
}

/** Rows divided by their sums; where a sum is 0, `otherwise`. */
function overSums(graph: OnnxGraph, values: string, otherwise: string): string {
  const sums = rowSums(graph, values);
  const some = graph.node('Greater', [sums, graph.numbers([0], [1, 1])]);
  return graph.node('Where', [some, graph.node('Div', [values, sums]), otherwise]);
}

/** The same of a calibration's JSON alone. Throws `not-exportable` for one that plain operators cannot say. */
export function calibrated(graph: OnnxGraph, p: string, json: unknown): string {
  const fields = modelFields(json, 'calibration');
  const kind = String(fields.any('kind'));
  if (kind === 'shifted') return reweighted(graph, calibrated(graph, p, fields.any('base')), fields.any('shift'));
  const classes = fields.classes('classes').length;
  if (kind === 'prior') return reweighted(graph, p, fields.any('correction'));
  const curve = curves.get(kind);
  if (curve) return oneVersusRest(graph, p, fields, classes, curve);
  if (kind === 'temperature') {
    return softmax(graph, scaled(graph, logarithms(graph, p), fields.number('inverseTemperature'), classes));
  }
  const linear = ['vector-scaling', 'matrix-scaling', 'dirichlet'].includes(kind);
  if (!linear || fields.numbers('present').length < classes) {
    throw new CounterweightError(
      'not-exportable',
      `the model's probabilities are put right by ${kind}${linear ? ' of some classes only' : ''}, which ONNX's plain operators cannot say`,
    );
  }
  const logits = logarithms(graph, p);
  const biases = fields.numbers('biases', classes);
  if (kind !== 'vector-scaling') {
    return softmax(graph, affine(graph, logits, fields.numbers('weights', classes * classes), biases, classes));
  }
  const weighted = graph.node('Mul', [logits, graph.numbers(fields.numbers('weights', classes), [1, classes])]);
  return softmax(graph, graph.node('Add', [weighted, graph.numbers(biases, [1, classes])]));
}

/** Natural logarithms, of probabilities not below 2^-52. */
function logarithms(graph: OnnxGraph, p: string): string {
  return graph.node('Log', [graph.node('Clip', [p, graph.number(Number.EPSILON), graph.number(1)])]);
}

/** What a curve makes of scores, `rows × 1`. */
type Curve = (graph: OnnxGraph, scores: string, map: ModelFields) => string;

const curves: ReadonlyMap<string, Curve> = new Map([
  ['beta', betaValues],
  ['platt', plattValues],
  ['isotonic', interpolatedValues],
  ['histogram-binning', steppedValues],
  ['bayesian-binning', steppedValues],
]);

/** A curve for the second of two classes, or one a class whose values are divided by their sum. */
function oneVersusRest(graph: OnnxGraph, p: string, fields: ModelFields, classes: number, curve: Curve): string {
  const codes = classes === 2 ? [1] : Array.from({ length: classes }, (_, code) => code);
  const maps = fields.list('maps');
  const values = codes.map((code, i) => {
    const own = columnsOf(graph, p, [code]);
    return maps[i] === null ? own : curve(graph, own, modelFields(maps[i], 'calibration'));
  });
  if (classes === 2) {
    return beside(graph, [complement(graph, values[0]!), values[0]!]);
  }
  return overSums(
    graph,
    beside(graph, values),
    graph.numbers(new Float64Array(classes).fill(1 / classes), [1, classes]),
  );
}

/** logit = a ln s - b ln(1 - s) + c. */
function betaValues(graph: OnnxGraph, s: string, map: ModelFields): string {
  const inside = graph.node('Clip', [s, graph.number(Number.EPSILON), graph.number(1 - Number.EPSILON)]);
  const logs = graph.node('Log', [beside(graph, [inside, complement(graph, inside)])]);
  return graph.node('Sigmoid', [affine(graph, logs, [map.number('a'), -map.number('b')], [map.number('c')], 2)]);
}

function plattValues(graph: OnnxGraph, s: string, map: ModelFields): string {
  return graph.node('Sigmoid', [affine(graph, s, [-map.number('a')], [-map.number('b')], 1)]);
}
