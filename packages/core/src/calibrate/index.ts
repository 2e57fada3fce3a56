export {
  type PriorCorrection,
  type PriorCorrectionJSON,
  type PriorCorrectionOptions,
  priorCorrection,
  priorCorrectionFromJSON,
} from './prior-correction.ts';
