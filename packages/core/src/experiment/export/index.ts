export { type ExportedPipeline, type PipelineExportOptions, pipelineToOnnx } from './pipeline-to-onnx.ts';
export { pipelineToXgboost, type XgboostPipeline } from './pipeline-to-xgboost.ts';
export type { XgboostColumn } from './xgboost-columns.ts';
