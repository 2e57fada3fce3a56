export type { EncodedLayout, Encoder, EncoderJSON } from './encoder.ts';
export { encoderFromJSON } from './encoder-json.ts';
export { type EncoderOptions, fitEncoder } from './fit-encoder.ts';
export type { ColumnPlan, DatePart, Feature, Standardisation } from './plan.ts';
