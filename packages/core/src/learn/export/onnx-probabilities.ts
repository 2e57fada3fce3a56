import { CounterweightError } from '../../runtime/errors.ts';
import type { ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { autoCalibratedProbabilities, calibratedProbabilities } from './onnx-calibrated.ts';
import { combinedProbabilities, isCombined } from './onnx-combined.ts';
import { decomposedProbabilities, isDecomposed } from './onnx-decomposed.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import {
  gaussianProbabilities,
  linearProbabilities,
  logisticProbabilities,
  quadraticProbabilities,
} from './onnx-scores.ts';
import { supportVectorProbabilities } from './onnx-support-vectors.ts';
import { boostedProbabilities, costTreeProbabilities, forestProbabilities } from './onnx-tree-models.ts';

/**
 * Appends a fitted model to a graph: `rows × classes` probabilities in float64, in the order of the model's classes, from
 * `rows × columns` in float64. `json` is what the model's `toJSON` wrote.
 *
 * Throws `not-exportable` where ONNX cannot hold the model, `bad-model` where the JSON is wrong.
 */
export function onnxProbabilities(graph: OnnxGraph, x: string, json: ModelJSON): string {
  if (isCombined(json)) return combinedProbabilities(graph, x, json, onnxProbabilities);
  if (isDecomposed(json)) return decomposedProbabilities(graph, x, json, onnxProbabilities);
  if (json.kind === 'calibrated') return calibratedProbabilities(graph, x, json, onnxProbabilities);
  if (json.kind === 'auto-calibrated') return autoCalibratedProbabilities(graph, x, json, onnxProbabilities);
  if (json.kind === 'k-nearest-neighbours') {
    const why = 'it looks its neighbours up among all training rows';
    throw new CounterweightError('not-exportable', `ONNX cannot hold this model (${json.kind}): ${why}`);
  }
  const write = writers.get(json.kind);
  if (write) return write(graph, x, learnerFields(json, json.kind), json);
  throw new CounterweightError('not-exportable', `there is no way yet to write a model of kind ${json.kind} as ONNX`);
}

type Writer = (graph: OnnxGraph, x: string, model: ReturnType<typeof learnerFields>, json: ModelJSON) => string;

const writers: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['logistic-regression', logisticProbabilities],
  ['gradient-boosting', boostedProbabilities],
  ['decision-tree', forestProbabilities],
  ['cost-sensitive-tree', costTreeProbabilities],
  ['random-forest', forestProbabilities],
  ['extra-trees', forestProbabilities],
  ['gaussian-naive-bayes', gaussianProbabilities],
  ['multinomial-naive-bayes', (graph, x, model) => linearProbabilities(graph, x, model, model.present.length)],
  ['complement-naive-bayes', (graph, x, model) => linearProbabilities(graph, x, model, model.present.length)],
  [
    'linear-discriminant',
    (graph, x, model) => linearProbabilities(graph, x, model, model.present.length === 2 ? 1 : model.present.length),
  ],
  ['quadratic-discriminant', quadraticProbabilities],
  ['linear-svm', supportVectorProbabilities],
  ['rbf-svm', supportVectorProbabilities],
]);
