export {
  type CrossVennAbers,
  type CrossVennAbersJSON,
  crossVennAbers,
  crossVennAbersFromJSON,
} from './cross-venn-abers.ts';
export {
  type InductiveVennAbers,
  type InductiveVennAbersJSON,
  inductiveVennAbers,
  inductiveVennAbersFromJSON,
  type VennAbersPairs,
  type VennAbersRows,
} from './inductive-venn-abers.ts';
export type { VennAbersMerge } from './merge-venn-abers.ts';
export {
  type OnlineVennAbers,
  type OnlineVennAbersJSON,
  onlineVennAbers,
  onlineVennAbersFromJSON,
} from './online-venn-abers.ts';
export {
  type PriorCorrection,
  type PriorCorrectionJSON,
  type PriorCorrectionOptions,
  priorCorrection,
  priorCorrectionFromJSON,
} from './prior-correction.ts';
