export { type CombineOptions, combine } from './combine.ts';
export { type SmoteEnnOptions, smoteEnn } from './smote-enn.ts';
export { type SmoteTomekOptions, smoteTomek } from './smote-tomek.ts';
