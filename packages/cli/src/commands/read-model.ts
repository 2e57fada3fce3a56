import { readFile } from 'node:fs/promises';
import { CounterweightError, type Pipeline, pipelineFromJSON } from '@counterweight/core';

/** The pipeline of a `model.json`. Throws `no-such-file`, `bad-model`. */
export async function readModel(path: string): Promise<Pipeline> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `${code}`;
    throw new CounterweightError('no-such-file', `the model ${path} cannot be read: ${why}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CounterweightError('bad-model', `${path} is no usable model: it is not JSON`);
  }
  return pipelineFromJSON(json);
}
