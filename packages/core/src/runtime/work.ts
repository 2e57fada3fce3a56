import { defaultRuntime } from './default-runtime.ts';
import type { KernelScope } from './kernel-runtime.ts';
import { type RunOptions, throwIfAborted } from './run-options.ts';

/** How long a thread may keep the event loop waiting, so that signals and progress get through. */
const BREATH_MILLISECONDS = 40;

/**
 * When the event loop last turned, as far as is known. All works share it: thousands of short ones in a row must let events
 * through as one long one does.
 */
let lastTurn = 0;
let watching = false;

function watchTurns(): void {
  if (watching) return;
  watching = true;
  lastTurn = performance.now();
  setTimeout(() => {
    watching = false;
    lastTurn = performance.now();
  }, 0);
}

/** One piece of long work: its memory, and the pauses in which it can be stopped. */
export interface Work {
  readonly memory: KernelScope;
  readonly threads: number;
  /** Call between units of work: lets events through now and then. Throws `aborted`. */
  breathe(): Promise<void>;
  /** All tasks of a kernel, in slices with breaths between. */
  run(kernel: string, tasks: number, args: readonly number[], onSlice?: (done: number) => void): Promise<void>;
}

/** Opens memory on the runtime of `options` (or the default one), does the work and frees the memory whatever happens. */
export async function withKernels<T>(options: RunOptions | undefined, work: (work: Work) => Promise<T>): Promise<T> {
  throwIfAborted(options?.signal);
  const runtime = options?.runtime ?? (await defaultRuntime());
  const memory = await runtime.open();
  const breathe = async () => {
    if (performance.now() - lastTurn > BREATH_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastTurn = performance.now();
    }
    throwIfAborted(options?.signal);
  };

  // The size of a slice follows the clock; results do not depend on it, since a task's result depends on the task alone.
  const slices = new Map<string, number>();

  const run = async (kernel: string, tasks: number, args: readonly number[], onSlice?: (done: number) => void) => {
    let slice = slices.get(kernel) ?? 4 * runtime.threads;
    for (let done = 0; done < tasks; ) {
      const begin = performance.now();
      const end = Math.min(tasks, done + slice);
      memory.run(kernel, done, end, args);
      const took = performance.now() - begin;
      if (took < BREATH_MILLISECONDS / 4) slice *= 4;
      else if (took > BREATH_MILLISECONDS && slice > runtime.threads) slice = Math.max(runtime.threads, slice >> 1);
      done = end;
      onSlice?.(done);
      await breathe();
    }
    slices.set(kernel, slice);
  };

  try {
    watchTurns();
    await breathe();
    return await work({ memory, threads: runtime.threads, breathe, run });
  } finally {
    memory.close();
  }
}
