import { checkOptionNames } from '../../data/check-option-names.ts';
import { modelFields } from '../../data/model-fields.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { ModelJSON } from '../learner.ts';
import { type OnnxGraph, onnxGraph } from './onnx-graph.ts';
import { onnxProbabilities } from './onnx-probabilities.ts';
import { boostedScores } from './onnx-tree-models.ts';
import { asNumbers, labelsOf, likeliest } from './onnx-values.ts';
import { exportedJSON } from './require-model.ts';

/** Anything that writes itself as a model's JSON. */
export interface ExportableModel {
  toJSON(): ModelJSON;
}

export interface OnnxExportOptions {
  /** Type of the input's cells; default `float64`. Float32 cells are widened, so nothing else differs. */
  readonly input?: 'float64' | 'float32' | undefined;
  /** Written to the file's metadata as a JSON list, `featureNames`. */
  readonly featureNames?: readonly string[] | undefined;
}

/**
 * A fitted model as the bytes of an ONNX file (operators 15, `ai.onnx.ml` 3: ONNX Runtime from 1.14 on).
 *
 * Input `X`, `rows × columns`, is what `predictProba` takes; NaN is a missing value where the model is made of trees.
 * Outputs: `label` (the likeliest class, the first of equals; strings, int64 or float64) and `probabilities` (`rows ×
 * classes` in float64, in the order of the model's `classes`); of a regression `prediction`, `rows × 1`. Thresholds,
 * coefficients and arithmetic are float64: every row goes the same way in every tree, and probabilities are those of
 * `predictProba` but for 1e-12 or so (1e-9 where boosted scores run into the ten thousands).
 *
 * Throws `not-exportable` for k-nearest neighbours, support vector machines of several classes, output codes and
 * calibrations by Venn-Abers or splines; `bad-option`.
 *
 * @example
 * const bytes = modelToOnnx(await gradientBoosting().fit(data));
 */
export function modelToOnnx(model: ExportableModel, options: OnnxExportOptions = {}): Uint8Array {
  checkOptionNames('modelToOnnx', options, ['input', 'featureNames']);
  const { input = 'float64', featureNames } = options;
  if (input !== 'float64' && input !== 'float32') {
    throw new CounterweightError('bad-option', `input must be float64 or float32, got ${String(input)}`);
  }
  const json = exportedJSON(model);
  const fields = modelFields(innermost(json), `${json.kind} model`);
  const columns = fields.count('columns');
  if (featureNames && featureNames.length !== columns) {
    throw new CounterweightError(
      'bad-option',
      `the model has ${columns} columns, featureNames names ${featureNames.length}`,
    );
  }
  const graph = onnxGraph();
  const given = graph.input('X', input, ['rows', columns]);
  const x = input === 'float64' ? given : asNumbers(graph, given);
  const metadata = featureNames ? { featureNames: JSON.stringify(featureNames) } : {};
  if (json.kind === 'gradient-boosting-regression') {
    graph.output('prediction', boostedScores(graph, x, { fields, columns }, 1), 'float64', ['rows', 1]);
  } else writeClasses(graph, onnxProbabilities(graph, x, json), fields.classes('classes'));
  return graph.bytes({
    graphName: json.kind,
    description: `A ${json.kind} model. Input: the matrix that the model was fitted on, row by row.`,
    metadata,
  });
}

function writeClasses(graph: OnnxGraph, probabilities: string, classes: readonly (string | number)[]): void {
  const { value, type } = labelsOf(graph, likeliest(graph, probabilities), classes);
  graph.output('label', value, type, ['rows']);
  graph.output('probabilities', probabilities, 'float64', ['rows', classes.length]);
}

/** The model inside calibrations, which says how many columns there are and which classes. */
function innermost(json: ModelJSON): ModelJSON {
  const fields = modelFields(json, `${json.kind} model`);
  if (json.kind === 'auto-calibrated') return innermost(fields.any('model') as ModelJSON);
  if (json.kind !== 'calibrated') return json;
  return innermost((fields.list('parts')[0] as { readonly model: ModelJSON }).model);
}
