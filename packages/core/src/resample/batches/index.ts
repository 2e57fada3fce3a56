export type { BatchOptions, BatchStream } from './batch-stream.ts';
export {
  classBalancedBatches,
  type ExactQuotaOptions,
  exactQuotaBatches,
  type ProgressivelyBalancedOptions,
  progressivelyBalancedBatches,
  squareRootBatches,
} from './share-rules.ts';
