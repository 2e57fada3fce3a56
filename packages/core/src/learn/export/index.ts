export { type ExportableModel, modelToOnnx, type OnnxExportOptions } from './model-to-onnx.ts';
