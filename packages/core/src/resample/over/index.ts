export { type RandomOverOptions, randomOver } from './random-over.ts';
export { type SmoteOptions, smote } from './smote.ts';
export type { OnTooFewRows } from './too-few-rows.ts';
