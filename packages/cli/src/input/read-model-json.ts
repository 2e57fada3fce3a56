import { readFile } from 'node:fs/promises';
import { CounterweightError } from '@counterweight/core';

/**
 * What a file of a fitted `thing` ("model", "calibrator") holds, still to be checked: models are data, never trusted. Throws
 * `no-such-file`, and what `damaged` makes of a text that is not JSON.
 */
export async function readModelJson(
  path: string,
  thing: string,
  damaged: (path: string, why: string) => CounterweightError,
): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `${code}`;
    throw new CounterweightError('no-such-file', `the ${thing} ${path} cannot be read: ${why}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, 'it is not JSON');
  }
}
