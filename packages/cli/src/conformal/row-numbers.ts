import { randomStream } from '@counterweight/core';

/** Rows that share one random stream; a power of two keeps blocks of all batch sizes apart from each other. */
const BLOCK = 1024;

/**
 * One number in 0 .. 1 for each of `rows` rows from row `first` on. A row's number follows from the seed, the name and the
 * row's place in the file alone, so that it is the same whatever the batches.
 */
export function rowNumbers(seed: number, name: string, first: number, rows: number): Float64Array {
  const out = new Float64Array(rows);
  for (let done = 0; done < rows; ) {
    const row = first + done;
    const stream = randomStream(seed, 'conformal', name, Math.floor(row / BLOCK));
    for (let passed = row % BLOCK; passed > 0; passed--) stream.uniform();
    for (let at = row % BLOCK; at < BLOCK && done < rows; at++) out[done++] = stream.uniform();
  }
  return out;
}
