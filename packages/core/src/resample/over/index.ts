export { type AdasynOptions, adasyn } from './adasyn.ts';
export { type BorderlineSmoteOptions, borderlineSmote } from './borderline-smote.ts';
export { type RandomOverOptions, randomOver } from './random-over.ts';
export { type RoseOptions, rose } from './rose.ts';
export type { Shrinkage } from './smoothed-bootstrap.ts';
export { type SmoteOptions, smote } from './smote.ts';
export type { OnTooFewRows } from './too-few-rows.ts';
