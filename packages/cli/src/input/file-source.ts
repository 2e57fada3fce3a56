import { accessSync, closeSync, constants, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CounterweightError } from '@counterweight/core';
import { nearestName } from './nearest-name.ts';

export type FileFormat = 'csv' | 'jsonl' | 'parquet';

export interface InputFile {
  /** Absolute. */
  readonly path: string;
  /** Without its folders: what messages name. */
  readonly name: string;
  readonly bytes: number;
  readonly gzip: boolean;
}

/** What a path or a pattern stands for. All files have the same format. */
export interface FileSource {
  /** File name, or the last part of the pattern. */
  readonly name: string;
  readonly format: FileFormat;
  readonly files: readonly InputFile[];
  /** Set by the extension (`.tsv`, `.tab`); otherwise the separator is found in the file. */
  readonly delimiter: string | undefined;
}

const patternCharacters = /[*?[]/;

/**
 * Finds the files behind a path or a pattern (`part-*.csv`; a star stays within its folder).
 * A file whose very name contains `*`, `?` or `[` is taken as itself.
 *
 * @throws CounterweightError `no-such-file`, `is-a-folder`, `cannot-read`, `empty-file`, `not-gzip`, `not-parquet`,
 *   `binary-file`, `mixed-formats`.
 */
export function findFiles(path: string): FileSource {
  const literal = resolve(path);
  const paths = isThere(literal) || !patternCharacters.test(path) ? [literal] : expandPattern(literal, path);
  const files = paths.map(inspectFile);
  const formats = new Set(files.map(formatOf));
  if (formats.size > 1) {
    throw new CounterweightError(
      'mixed-formats',
      `${path} matches files of different formats: ${[...formats].join(', ')}`,
    );
  }
  const bare = files[0]!.name.toLowerCase().replace(/\.gz$/, '');
  return Object.freeze({
    name: basename(path),
    format: [...formats][0]!,
    files,
    delimiter: /\.(?:tsv|tab)$/.test(bare) ? '\t' : undefined,
  });
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function expandPattern(absolute: string, asGiven: string): string[] {
  const parts = absolute.split(sep);
  let found = [parts[0] === '' ? sep : parts[0]!];
  for (const part of parts.slice(1)) {
    if (!patternCharacters.test(part)) {
      found = found.map((folder) => join(folder, part)).filter(isThere);
      continue;
    }
    const pattern = toRegExp(part);
    found = found.flatMap((folder) =>
      namesIn(folder)
        .filter((name) => pattern.test(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => join(folder, name)),
    );
  }
  const files = found.filter((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (files.length === 0) throw new CounterweightError('no-such-file', `no file matches ${asGiven}`);
  // Code-unit order, so that the row order does not hang on the file system.
  return files.sort();
}

function toRegExp(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    throw new CounterweightError('no-such-file', `${pattern} is neither a file nor a pattern that can be read`);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function inspectFile(path: string): InputFile {
  const name = basename(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw noSuchFile(path);
  if (stats.isDirectory()) {
    throw new CounterweightError(
      'is-a-folder',
      `${name} is a folder: name a file in it, or a pattern such as ${name}/*.csv`,
    );
  }
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new CounterweightError('cannot-read', `${name} cannot be read: permission denied`);
  }
  if (!stats.isFile()) throw new CounterweightError('cannot-read', `${name} is not a regular file`);
  if (stats.size === 0) throw new CounterweightError('empty-file', `${name} is empty`);
  const magic = firstBytes(path);
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  if (name.toLowerCase().endsWith('.gz') && !gzip) {
    throw new CounterweightError('not-gzip', `${name} ends in .gz but is not gzip-compressed`);
  }
  return Object.freeze({ path, name, bytes: stats.size, gzip });
}

function noSuchFile(path: string): CounterweightError {
  const folder = dirname(path);
  const name = basename(path);
  if (!isThere(folder)) {
    return new CounterweightError('no-such-file', `${name} does not exist, nor does its folder ${basename(folder)}`);
  }
  const near = nearestName(name, namesIn(folder));
  const advice = near === undefined ? '' : `; did you mean ${near}?`;
  return new CounterweightError('no-such-file', `${name} does not exist${advice}`);
}

function firstBytes(path: string): Buffer {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch {
    throw new CounterweightError('cannot-read', `${basename(path)} cannot be read: permission denied`);
  }
  try {
    const bytes = Buffer.alloc(8);
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(handle);
  }
}

function formatOf(file: InputFile): FileFormat {
  const bare = file.name.toLowerCase().replace(/\.gz$/, '');
  const magic = firstBytes(file.path);
  const isParquet = magic.toString('latin1', 0, 4) === 'PAR1';
  if (/\.(?:parquet|pq|parq)$/.test(bare)) {
    if (!isParquet)
      throw new CounterweightError('not-parquet', `${file.name} is not a Parquet file, whatever its name says`);
    return 'parquet';
  }
  if (/\.(?:jsonl|ndjson|json)$/.test(bare)) return 'jsonl';
  const delimited = /\.(?:csv|tsv|tab|txt|dat|data)$/.test(bare);
  if (isParquet) {
    if (!delimited) return 'parquet';
    throw new CounterweightError('binary-file', `${file.name} is a Parquet file: name it .parquet`);
  }
  return !delimited && !file.gzip && magic[0] === 0x7b ? 'jsonl' : 'csv';
}
