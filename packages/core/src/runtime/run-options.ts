import { CounterweightError } from './errors.ts';
import type { KernelRuntime } from './kernel-runtime.ts';

/** What long work reports while it runs. `done` and `total` are in units of the task (fits, rows, replicates). */
export interface ProgressEvent {
  readonly task: string;
  readonly done: number;
  readonly total: number;
}

/** Accepted by everything that can be long. */
export interface RunOptions {
  /** Stops the work: the promise rejects with the code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Kernels and threads to run on; without it a shared single-threaded runtime is used. */
  readonly runtime?: KernelRuntime | undefined;
}

/** Throws `aborted` if the signal has fired. Call between units of work. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CounterweightError('aborted', 'stopped on request');
}
