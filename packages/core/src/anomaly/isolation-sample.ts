import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** Rows a tree has where nothing is told: enough to tell strange rows, few enough to keep them apart (Liu, Ting and Zhou 2012). */
const USUAL_SAMPLE = 256;

/** How many rows each tree is grown on, and a notice where that is fewer than asked. Throws `bad-option`. */
export function sampleSize(asked: number | 'all' | undefined, rows: number): { size: number; notices: Notice[] } {
  if (asked === 'all') return { size: rows, notices: [] };
  if (asked === undefined) return { size: Math.min(USUAL_SAMPLE, rows), notices: [] };
  if (!Number.isSafeInteger(asked) || asked < 2) {
    throw new CounterweightError('bad-option', `maxSamples must be all or a whole number of at least 2, got ${asked}`);
  }
  if (asked <= rows) return { size: asked, notices: [] };
  const message = `trees have ${rows} rows, not ${asked}: there are no more`;
  const numbers = Object.freeze({ asked, rows });
  return {
    size: rows,
    notices: [Object.freeze({ code: 'sample-clamped', severity: 'info', message, numbers })],
  };
}

/** Tells progress after each tree. */
export function treeProgress(name: string, total: number, options: RunOptions | undefined): (done: number) => void {
  return (done) => options?.onProgress?.({ task: name, done, total });
}
