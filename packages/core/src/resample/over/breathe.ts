import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';

/** Lets other work have its turn in a long calculation, so that a signal can arrive. Throws `aborted`. */
export async function breathe({ signal }: RunOptions): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  throwIfAborted(signal);
}
