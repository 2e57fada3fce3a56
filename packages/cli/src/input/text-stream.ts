import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CounterweightError } from '@counterweight/core';
import type { InputFile } from './file-source.ts';

const readSize = 1 << 20;

/**
 * The bytes of a file, decompressed where it is gzip.
 *
 * @throws CounterweightError `broken-gzip` where the compressed data is cut off or damaged, `cannot-read`.
 */
export async function* readBytes(file: InputFile): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(file.path, { highWaterMark: readSize });
  const stream: Readable = file.gzip ? raw.pipe(createGunzip({ chunkSize: readSize })) : raw;
  raw.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw readFailure(file, error);
  } finally {
    stream.destroy();
    raw.destroy();
  }
}

function readFailure(file: InputFile, error: unknown): CounterweightError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('Z_')) {
    return new CounterweightError(
      'broken-gzip',
      `${file.name} is damaged or cut off: its gzip data does not decompress`,
    );
  }
  return new CounterweightError('cannot-read', `${file.name} cannot be read: ${code || String(error)}`);
}

/** The first bytes of a file: at least `wanted`, fewer only where the file ends. */
export async function readHead(file: InputFile, wanted: number): Promise<{ bytes: Buffer; atEnd: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of readBytes(file)) {
    parts.push(part);
    size += part.length;
    if (size >= wanted) return { bytes: Buffer.concat(parts), atEnd: false };
  }
  return { bytes: Buffer.concat(parts), atEnd: true };
}

/** Decompresses the whole file and drops the result: DuckDB does not notice a cut-off gzip file, and would read a part of it. */
export async function verifyGzip(file: InputFile): Promise<void> {
  for await (const _ of readBytes(file));
}

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** By byte-order mark; without one UTF-8 where the bytes are that, else Windows-1252 (of which Latin-1 is a part). */
export function encodingOf(head: Uint8Array, atEnd: boolean): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !atEnd });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
