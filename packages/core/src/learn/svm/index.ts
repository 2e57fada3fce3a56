export {
  type LinearSvmOptions,
  linearSvm,
  linearSvmFromJSON,
  type RbfSvmOptions,
  rbfSvm,
  rbfSvmFromJSON,
  type SupportVectorLearner,
} from './support-vector-classifier.ts';
export type { SupportVectorKind, SupportVectorModel, SupportVectorPair } from './support-vector-model.ts';
