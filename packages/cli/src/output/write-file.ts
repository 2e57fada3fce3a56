import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CounterweightError } from '@counterweight/core';

/** Writes a whole file or none: into a temporary file of the same folder, to disk, then renamed. Throws `cannot-write`. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  await replaceAtomically(path, async (temporary) => {
    const handle = openSync(temporary, 'wx');
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/**
 * Has `write` fill a temporary file beside `path` and puts it in its place; whatever fails, neither a half file nor the
 * temporary one stays behind. The temporary name ends as the final one does, since formats follow the extension.
 *
 * @throws CounterweightError `cannot-write`, naming the path and the reason; other CounterweightErrors of `write` as they are.
 */
export async function replaceAtomically<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const target = resolve(path);
  const mark = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const temporary = join(dirname(target), `.${mark}.partial.${basename(target)}`.slice(-200));
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
    requireWritableFolder(dirname(target));
    const result = await write(temporary);
    sync(temporary);
    renameSync(temporary, target);
    return result;
  } catch (error) {
    removeQuietly(temporary);
    if (error instanceof CounterweightError) throw error;
    throw cannotWrite(path, error);
  }
}

/** What went wrong before is what the caller must hear of, not that there is nothing to remove. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

/**
 * Makes a folder and those above it; an existing one is fine. Gives the folders that it made, outermost first.
 * Throws `cannot-write`.
 *
 * Step by step rather than by `recursive: true`, which never returns where the system denies that a parent exists (/proc).
 */
export function ensureOutputFolder(path: string): string[] {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  const made: string[] = [];
  try {
    if (missing.length === 0 && !statSync(path).isDirectory()) throw new Error('a file of that name is in the way');
    for (const folder of missing) {
      mkdirSync(folder);
      made.push(folder);
    }
  } catch (error) {
    for (const folder of made.reverse()) rmdirSync(folder);
    throw cannotWrite(path, error);
  }
  return made;
}

/** Throws `cannot-write` where writing to the path must fail: asked before work of which it would be the end. */
export function requireWritablePath(path: string): void {
  try {
    const target = resolve(path);
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
    requireWritableFolder(dirname(target));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function requireWritableFolder(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error('its folder does not exist');
  if (!stats.isDirectory()) throw new Error('its folder is a file');
}

function sync(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
};

function cannotWrite(path: string, error: unknown): CounterweightError {
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const byText = /no space left/i.test(text)
    ? 'the disk is full'
    : /permission denied/i.test(text)
      ? 'permission denied'
      : undefined;
  const reason = reasons[code] ?? byText ?? text.split('\n')[0]!;
  return new CounterweightError('cannot-write', `${path} cannot be written: ${reason}`, { path, reason });
}
