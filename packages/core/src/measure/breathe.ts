import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';

/** How long the event loop may wait, so that signals and progress get through. */
const BREATH_MILLISECONDS = 40;

/** A function to call between units of work: reports progress, lets events through now and then, throws `aborted`. */
export function breather(
  options: RunOptions | undefined,
  task: string,
): (done: number, total: number) => Promise<void> {
  let last = performance.now();
  return async (done, total) => {
    const now = performance.now();
    if (now - last < BREATH_MILLISECONDS) return;
    options?.onProgress?.({ task, done, total });
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(options?.signal);
    last = performance.now();
  };
}
