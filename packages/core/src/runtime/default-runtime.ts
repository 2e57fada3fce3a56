import { createKernelRuntime, type KernelRuntime } from './kernel-runtime.ts';

let shared: Promise<KernelRuntime> | undefined;

/** The single-threaded runtime of callers that name none; made at first use, then kept. */
export function defaultRuntime(): Promise<KernelRuntime> {
  shared ??= createKernelRuntime({ threads: 1 });
  return shared;
}
