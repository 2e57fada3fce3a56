export { defaultRuntime } from './default-runtime.ts';
export { CounterweightError, type ErrorDetails } from './errors.ts';
export {
  createKernelRuntime,
  type KernelArray,
  type KernelRuntime,
  type KernelRuntimeOptions,
  type KernelScope,
} from './kernel-runtime.ts';
export type { Notice } from './notices.ts';
export { type RandomStream, randomStream } from './random.ts';
export { type ProgressEvent, type RunOptions, throwIfAborted } from './run-options.ts';
export { type Work, withKernels } from './work.ts';
