import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CounterweightError } from '@counterweight/core';
import { findFiles } from './file-source.ts';

/**
 * SHA-256 of the content of a file, or of all files of a pattern one after another with their names and sizes, in hexadecimal.
 * Throws what `findFiles` throws.
 */
export async function fingerprint(path: string): Promise<string> {
  const { files } = findFiles(path);
  const hash = createHash('sha256');
  for (const file of files) {
    if (files.length > 1) hash.update(`${file.name}\0${file.bytes}\0`);
    try {
      for await (const bytes of createReadStream(file.path, { highWaterMark: 1 << 20 }))
        hash.update(bytes as Uint8Array);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new CounterweightError('cannot-read', `${file.name} cannot be read: ${reason}`);
    }
  }
  return hash.digest('hex');
}
