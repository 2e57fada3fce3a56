import { CounterweightError, type Pipeline, pipelineFromJSON } from '@counterweight/core';
import { readModelJson } from '../input/read-model-json.ts';

/** The pipeline of a `model.json`. Throws `no-such-file`, `bad-model`. */
export async function readModel(path: string): Promise<Pipeline> {
  const damaged = (_path: string, why: string) =>
    new CounterweightError('bad-model', `${path} is no usable model: ${why}`);
  return pipelineFromJSON(await readModelJson(path, 'model', damaged));
}
