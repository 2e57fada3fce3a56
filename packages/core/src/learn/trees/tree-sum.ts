import type { Tree } from './tree.ts';

/** Trees of one output each: the score of output k is `initial[k]` plus the leaves of its trees, in their order. */
export interface TreeSum {
  readonly columns: number;
  readonly initial: Float64Array;
  readonly trees: readonly { readonly output: number; readonly tree: Tree }[];
}
