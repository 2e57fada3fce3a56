export { type DecomposeOptions, type Decomposition, decompose } from './decompose.ts';
