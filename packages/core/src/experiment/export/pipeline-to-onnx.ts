import type { ColumnPlan } from '../../data/index.ts';
import { recalibrated } from '../../learn/export/onnx-calibration.ts';
import { onnxGraph } from '../../learn/export/onnx-graph.ts';
import { onnxProbabilities } from '../../learn/export/onnx-probabilities.ts';
import { labelsOf } from '../../learn/export/onnx-values.ts';
import type { Pipeline } from '../pipeline.ts';
import { decidedCodes } from './onnx-decision.ts';
import { type ExportedInput, encodedColumns, exportedInputs } from './onnx-encoder.ts';

export interface PipelineExportOptions {
  /**
   * `raw` (default): one input a column of the table, which the file encodes. `encoded`: one input `X`, `rows × features`,
   * as `pipeline.encoder.transform` gives it.
   */
  readonly rows?: 'raw' | 'encoded' | undefined;
  /** Texts that mean a missing category; default the empty one. */
  readonly missingTexts?: readonly string[] | undefined;
}

export interface ExportedPipeline {
  readonly bytes: Uint8Array;
  /** Inputs of the file, in order; of encoded rows the one `X`. */
  readonly inputs: readonly { readonly name: string; readonly type: string; readonly kind: string }[];
  /** Names of the outputs: the decided class, and the probabilities of all classes. */
  readonly outputs: { readonly label: string; readonly probabilities: string };
}

/**
 * A fitted pipeline as the bytes of an ONNX file: encoding, model, correction or calibration and decision. Raw rows go in,
 * one input a column, `rows × 1`; out come the decided class (`label`, `rows`) and calibrated probabilities
 * (`probabilities`, `rows × classes` in float64, in the order of the classes), the same as `pipeline.score` gives, but for
 * 1e-9. An output takes a `_` behind its name where a column has that name. Brackets and label sets are not written.
 *
 * Throws `not-exportable`, saying what stands in the way: free text, a model that ONNX cannot hold (see `modelToOnnx`), a
 * calibration that is no formula.
 */
export function pipelineToOnnx(pipeline: Pipeline, options: PipelineExportOptions = {}): ExportedPipeline {
  const { rows = 'raw', missingTexts = [''] } = options;
  const { encoder, model, recalibration, decision, positive, classes, strategy, target } = pipeline;
  const width = encoder.features.length;
  const { columns } = encoder.toJSON();
  const inputs: readonly (ExportedInput | EncodedInput)[] =
    rows === 'raw' ? exportedInputs(encoder, columns) : [{ name: 'X', type: 'float64', kind: 'encoded' }];
  const names = inputs.map(({ name }) => name);
  const outputs = { label: freeName('label', names), probabilities: freeName('probabilities', names) };
  const graph = onnxGraph([...names, ...Object.values(outputs)]);
  for (const { name, type, kind } of inputs) graph.input(name, type, ['rows', kind === 'encoded' ? width : 1]);
  const x = rows === 'raw' ? encodedColumns(graph, columns as readonly ColumnPlan[], width, missingTexts) : 'X';
  const raw = onnxProbabilities(graph, x, model.toJSON());
  const probabilities = recalibrated(graph, raw, recalibration.toJSON());
  const codes = decidedCodes(graph, probabilities, raw, decision, positive, classes.length);
  const label = labelsOf(graph, codes, classes);
  graph.output(outputs.label, label.value, label.type, ['rows']);
  graph.output(outputs.probabilities, probabilities, 'float64', ['rows', classes.length]);
  const bytes = graph.bytes({
    graphName: strategy,
    description: `A model of the column ${target}: ${strategy}, encoding and calibration included.`,
    metadata: {
      target,
      strategy,
      classes: JSON.stringify(classes),
      inputs: JSON.stringify(inputs),
      ...(positive === null ? {} : { positive: JSON.stringify(classes[positive]) }),
      ...(rows === 'raw' ? {} : { featureNames: JSON.stringify(encoder.featureNames) }),
    },
  });
  return Object.freeze({ bytes, inputs: Object.freeze(inputs), outputs: Object.freeze(outputs) });
}

interface EncodedInput {
  readonly name: 'X';
  readonly type: 'float64';
  readonly kind: 'encoded';
}

function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`${name}_`, taken) : name;
}
