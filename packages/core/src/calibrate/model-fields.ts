export { type ModelFields, modelFields } from '../data/model-fields.ts';
