import { modelFields } from '../../data/model-fields.ts';
import type { ModelJSON } from '../learner.ts';
import { calibrated, recalibrated } from './onnx-calibration.ts';
import type { MemberWriter } from './onnx-combined.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { scaled } from './onnx-values.ts';

/** Models that are calibrated one by one: the mean of what they then say. */
export function calibratedProbabilities(graph: OnnxGraph, x: string, json: ModelJSON, write: MemberWriter): string {
  const parts = modelFields(json, 'calibrated model').list('parts');
  const said = parts.map((part) => {
    const fields = modelFields(part, 'part of a calibrated model');
    const model = fields.any('model') as ModelJSON;
    const classes = modelFields(model, 'model').classes('classes').length;
    const own = calibrated(graph, write(graph, x, model), fields.any('calibration'));
    return parts.length === 1 ? own : scaled(graph, own, 1 / parts.length, classes);
  });
  return said.length === 1 ? said[0]! : graph.node('Sum', said);
}

/** A model with the recalibration that was chosen for it. */
export function autoCalibratedProbabilities(graph: OnnxGraph, x: string, json: ModelJSON, write: MemberWriter): string {
  const fields = modelFields(json, 'auto-calibrated model');
  return recalibrated(graph, write(graph, x, fields.any('model') as ModelJSON), fields.any('recalibration'));
}
