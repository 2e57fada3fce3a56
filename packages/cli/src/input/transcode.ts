import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CounterweightError } from '@counterweight/core';
import type { InputFile } from './file-source.ts';
import { readBytes, type TextEncoding } from './text-stream.ts';

/** A copy of a text file that DuckDB can read; `remove` deletes it. */
export interface PlainCopy {
  readonly file: InputFile;
  remove(): Promise<void>;
}

/**
 * Writes a UTF-8 copy into the temporary folder of the system, decompressed.
 * With `evenLineEnds`, line ends outside quotes all become a line feed: DuckDB refuses a file that mixes them.
 */
export async function copyAsUtf8(file: InputFile, encoding: TextEncoding, evenLineEnds = false): Promise<PlainCopy> {
  const path = join(tmpdir(), `counterweight-text-${process.pid}-${randomBytes(6).toString('hex')}.csv`);
  const remove = (): Promise<void> => rm(path, { force: true });
  let bytes = 0;
  try {
    await pipeline(
      async function* () {
        const decoder = new TextDecoder(encoding);
        const even = createLineEndFilter();
        for await (const part of readBytes(file)) {
          const text = decoder.decode(part, { stream: true });
          const copy = Buffer.from(evenLineEnds ? even(text) : text);
          bytes += copy.length;
          yield copy;
        }
        yield Buffer.from(decoder.decode());
      },
      createWriteStream(path, { mode: 0o600 }),
    );
  } catch (error) {
    await remove();
    if (error instanceof CounterweightError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CounterweightError(
      'cannot-write',
      `no room for a readable copy of ${file.name} in the temporary folder: ${reason}`,
    );
  }
  return Object.freeze({ file: Object.freeze({ path, name: file.name, bytes, gzip: false }), remove });
}

function createLineEndFilter(): (text: string) => string {
  let quoted = false;
  let afterReturn = false;
  return (text) => {
    let made = '';
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x22) quoted = !quoted;
      const dropped = code === 0x0a && afterReturn && !quoted;
      if (dropped || (code === 0x0d && !quoted)) {
        made += text.slice(start, i) + (dropped ? '' : '\n');
        start = i + 1;
      }
      afterReturn = code === 0x0d;
    }
    return made + text.slice(start);
  };
}
