import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CounterweightError } from '@counterweight/core';
import { findFiles } from '../input/file-source.ts';

/** A file as the command line names it: `--out`, `DATA`; one that was not asked for is undefined. */
export type NamedFile = readonly [option: string, path: string | undefined];

/**
 * That no output would overwrite an input or another output: asked before any work. Files are the same by what they are,
 * not by what they are called, so links are seen through; inputs may be patterns. An input that is not there is left to
 * whoever reads it.
 *
 * @throws CounterweightError `output-is-input`, `same-output`, naming both options.
 */
export function requireDistinctFiles(inputs: readonly NamedFile[], outputs: readonly NamedFile[]): void {
  const read = new Map<string, string>();
  for (const [option, path] of given(inputs)) {
    for (const file of filesOf(path)) for (const key of keysOf(file)) if (!read.has(key)) read.set(key, option);
  }
  const written = new Map<string, string>();
  for (const [option, path] of given(outputs)) {
    for (const key of keysOf(path)) {
      const input = read.get(key);
      if (input !== undefined) {
        throw new CounterweightError(
          'output-is-input',
          `${option} ${path} is the input file itself (${input}) and would overwrite it; name another output file`,
          { path },
        );
      }
      const other = written.get(key);
      if (other !== undefined) {
        const message = `${option} and ${other} name the same file, ${path}: one would overwrite the other; name another`;
        throw new CounterweightError('same-output', message, { path });
      }
    }
    for (const key of keysOf(path)) written.set(key, option);
  }
}

/** Whether any file of the input, which may be a pattern, lies in this folder or below it. */
export function liesIn(folder: string, input: string): boolean {
  const above = `${realPath(folder)}${sep}`;
  return filesOf(input).some((file) => realPath(file).startsWith(above));
}

function* given(files: readonly NamedFile[]): Generator<[string, string]> {
  for (const [option, path] of files) if (path !== undefined) yield [option, path];
}

function filesOf(path: string): string[] {
  try {
    return findFiles(path).files.map((file) => file.path);
  } catch {
    return existsSync(path) ? [path] : [];
  }
}

/** What tells a file: its path without links, and where it exists the place of its bytes, which hard links share. */
function keysOf(path: string): string[] {
  const place = [realPath(path)];
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return ino === 0n ? place : [...place, `${dev}:${ino}`];
  } catch {
    return place;
  }
}

/** Of a file that is still to come: the real path of the nearest folder above it that exists. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const folder = dirname(whole);
    return folder === whole ? whole : join(realPath(folder), basename(whole));
  }
}
