import { nearestName } from '../data/nearest-name.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { combinedSamplers } from './combine/entries.ts';
import { overSamplers } from './over/entries.ts';
import type { ResamplerEntry, ResamplerOptions } from './registry-entry.ts';
import type { Resampler } from './resampler.ts';
import { underSamplers } from './under/entries.ts';

/** Every resampling method by name. */
export const resamplers: ReadonlyMap<string, ResamplerEntry> = new Map(
  [...overSamplers, ...underSamplers, ...combinedSamplers].map((entry) => [entry.name, Object.freeze(entry)]),
);

/** Makes the resampler called `name`. Throws `unknown-resampler`, naming what there is, and what its factory throws. */
export function createResampler(name: string, options?: ResamplerOptions): Resampler {
  const entry = resamplers.get(name);
  if (entry) return entry.create(options);
  throw unknownResampler(name, [...resamplers.keys()]);
}

/** The error of a name that no method has: it tells the nearest that there is, or all of them. */
export function unknownResampler(name: string, names: readonly string[]): CounterweightError {
  const near = nearestName(String(name).replaceAll('_', '-'), names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  return new CounterweightError('unknown-resampler', `no resampling method is called "${name}"; ${hint}`);
}
