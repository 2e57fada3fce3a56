export * from './audit/index.ts';
export * from './batches/index.ts';
export type { ClassTarget, ClassTargets } from './class-targets.ts';
export * from './combine/index.ts';
export * from './multi-class/index.ts';
export * from './over/index.ts';
export * from './plain/index.ts';
export { createResampler, resamplers } from './registry.ts';
export type { ResamplerEntry, ResamplerOptions } from './registry-entry.ts';
export { type ReplayOptions, replayProvenance, replayRows } from './replay.ts';
export type { Provenance, Resampled, Resampler } from './resampler.ts';
export type { RowSelection, RowSelector } from './row-selector.ts';
export {
  type Compat,
  type NamedStrategy,
  namedStrategies,
  type PlanOptions,
  planSampling,
  type SamplingPlan,
  type SamplingStrategy,
  type SamplingTarget,
  type SamplingType,
} from './sampling-strategy.ts';
export * from './tables/index.ts';
export * from './under/index.ts';
