import { afterAll, beforeAll } from 'vitest';
import { createKernelRuntime, type KernelRuntime } from '../../src/runtime/kernel-runtime.ts';

/** Runtimes of so many threads each, there while the tests of the file run: results may not hang on threads. */
export function runtimesFor(...threads: readonly number[]): readonly KernelRuntime[] {
  const runtimes: KernelRuntime[] = [];
  beforeAll(async () => {
    for (const count of threads) runtimes.push(await createKernelRuntime({ threads: count }));
  });
  afterAll(async () => {
    for (const runtime of runtimes) await runtime.dispose();
  });
  return runtimes;
}
