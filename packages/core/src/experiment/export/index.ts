export { type ExportedPipeline, type PipelineExportOptions, pipelineToOnnx } from './pipeline-to-onnx.ts';
