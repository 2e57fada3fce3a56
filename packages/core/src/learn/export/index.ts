export { type ExportableModel, modelToOnnx, type OnnxExportOptions } from './model-to-onnx.ts';
export { modelToXgboost, type XgboostExportOptions } from './model-to-xgboost.ts';
