export { defaultRuntime } from './default-runtime.ts';
export { CounterweightError, type ErrorDetails } from './errors.ts';
export { createKernelRuntime, type KernelRuntime, type KernelRuntimeOptions } from './kernel-runtime.ts';
export type { Notice } from './notices.ts';
export { type RandomStream, randomStream } from './random.ts';
export { type ProgressEvent, type RunOptions, throwIfAborted } from './run-options.ts';
